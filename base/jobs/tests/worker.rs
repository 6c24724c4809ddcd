//! Jobs run after the commit of their act, are retried after a failure, and run again if the process died.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use db::testing::{Fixture, on_both};
use db::{Database, Error, Migrations};
use jobs::{Job, JobError, Options, Running, Worker};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// A worker whose handler of "greet" reports each attempt and returns the result of `act`.
fn greeter(
    t: &Fixture,
    options: Options,
    act: impl Fn(&Job) -> Result<(), JobError> + Send + Sync + 'static,
) -> (Running, UnboundedReceiver<Job>) {
    let (report, reports) = unbounded_channel();
    let act = Arc::new(act);
    let worker = Worker::new(t.engine.clone(), options).handle("greet", move |job| {
        let (report, act) = (report.clone(), act.clone());
        async move {
            let result = act(&job);
            report.send(job).unwrap();
            result
        }
    });
    (worker.start(), reports)
}

async fn ask(db: &Database, who: &'static str) {
    db.write(move |tx| tx.enqueue("greet", &serde_json::json!({ "who": who }), None))
        .await
        .unwrap();
}

async fn next(reports: &mut UnboundedReceiver<Job>) -> Job {
    timeout(Duration::from_secs(20), reports.recv())
        .await
        .expect("a job runs")
        .unwrap()
}

async fn pending(db: &Database) -> i64 {
    db.read(jobs::pending).await.unwrap()
}

#[tokio::test]
async fn a_job_runs_only_after_its_act_is_committed() {
    on_both(Migrations::new(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (running, mut reports) = greeter(t, Options::default(), |_| Ok(()));
        let undone = db
            .write(|tx| {
                tx.enqueue("greet", &serde_json::json!({ "who": "nobody" }), None)?;
                Err::<(), _>(Error::NoRow)
            })
            .await;
        undone.unwrap_err();
        ask(&db, "ada").await;
        let job = next(&mut reports).await;
        assert_eq!(
            (job.kind.as_str(), job.attempt, &job.payload["who"]),
            ("greet", 1, &"ada".into())
        );
        assert_eq!(job.database.name(), "p");
        running.stop().await;
        assert_eq!(pending(&db).await, 0);
        assert!(reports.try_recv().is_err());
    })
    .await;
}

#[tokio::test]
async fn waiting_jobs_are_found_at_the_start() {
    on_both(Migrations::new(), async |t| {
        for name in ["a", "b"] {
            ask(&t.engine.create(name).await.unwrap(), "ada").await;
        }
        let (running, mut reports) = greeter(t, Options::default(), |_| Ok(()));
        let mut found = [next(&mut reports).await, next(&mut reports).await].map(|job| job.database.name().to_owned());
        found.sort();
        assert_eq!(found, ["a", "b"]);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_failed_job_is_retried_and_finally_dead() {
    on_both(Migrations::new(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let options = || Options {
            tries: 2,
            ..Options::default()
        };
        let (running, mut reports) = greeter(t, options(), |job| Err(JobError::retry(format!("no. {}", job.attempt))));
        ask(&db, "ada").await;
        assert_eq!(next(&mut reports).await.attempt, 1);
        running.stop().await;

        // Not before its time.
        let (running, mut reports) = greeter(t, options(), |_| panic!("sulking"));
        running.wake("p");
        t.clock.advance(Duration::from_secs(3));
        running.wake("p");
        let died = async {
            while pending(&db).await > 0 {
                running.wake("p");
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), died).await.unwrap();
        running.stop().await;
        assert!(reports.try_recv().is_err());
        let dead = db.read(|tx| jobs::dead(tx, 10)).await.unwrap();
        assert_eq!(
            (dead.len(), dead[0].attempts, dead[0].payload["who"].as_str()),
            (1, 2, Some("ada"))
        );
        assert!(dead[0].error.contains("panicked"), "{}", dead[0].error);

        let seq = dead[0].seq;
        assert!(db.write(move |tx| jobs::revive(tx, seq)).await.unwrap());
        let (running, mut reports) = greeter(t, options(), |_| Ok(()));
        assert_eq!(next(&mut reports).await.attempt, 1);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_permanent_error_makes_a_job_dead_at_once() {
    on_both(Migrations::new(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (running, mut reports) = greeter(t, Options::default(), |_| Err(JobError::permanent("no such address")));
        ask(&db, "nobody").await;
        next(&mut reports).await;
        running.stop().await;
        let dead = db.read(|tx| jobs::dead(tx, 10)).await.unwrap();
        assert_eq!((dead.len(), dead[0].error.as_str()), (1, "no such address"));
    })
    .await;
}

#[tokio::test]
async fn a_job_waits_for_its_time() {
    on_both(Migrations::new(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (running, mut reports) = greeter(t, Options::default(), |_| Ok(()));
        let later = t.clock.now().plus(Duration::from_secs(3600));
        db.write(move |tx| tx.enqueue("greet", &serde_json::json!({ "who": "later" }), Some(later)))
            .await
            .unwrap();
        ask(&db, "now").await;
        assert_eq!(next(&mut reports).await.payload["who"], "now");
        t.clock.advance(Duration::from_secs(3600));
        running.wake("p");
        assert_eq!(next(&mut reports).await.payload["who"], "later");
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_job_of_a_program_that_died_runs_again_when_its_lease_ends() {
    on_both(Migrations::new(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (begun, mut has_begun) = unbounded_channel();
        let worker = Worker::new(t.engine.clone(), Options::default()).handle("greet", move |_| {
            begun.send(()).unwrap();
            std::future::pending()
        });
        // A separate runtime, which is dropped with all its tasks.
        let program = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        program.spawn(async move {
            let running = worker.start();
            std::future::pending::<()>().await;
            drop(running);
        });
        ask(&db, "ada").await;
        timeout(Duration::from_secs(20), has_begun.recv()).await.unwrap();
        program.shutdown_background();

        let (running, mut reports) = greeter(t, Options::default(), |_| Ok(()));
        running.wake("p");
        ask(&db, "grace").await;
        assert_eq!(
            next(&mut reports).await.payload["who"],
            "grace",
            "the lease still holds the first"
        );
        t.clock.advance(Duration::from_secs(61));
        running.wake("p");
        let again = next(&mut reports).await;
        assert_eq!((again.payload["who"].as_str(), again.attempt), (Some("ada"), 2));
        running.stop().await;
        assert_eq!(pending(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn as_many_run_at_once_as_there_are_slots_and_all_run_once() {
    on_both(Migrations::new(), async |t| {
        let (now, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let seen = Arc::<Mutex<Vec<i64>>>::default();
        let (done, mut all_done) = unbounded_channel();
        let worker = |engine| {
            let (now, peak, seen, done) = (now.clone(), peak.clone(), seen.clone(), done.clone());
            Worker::new(
                engine,
                Options {
                    concurrency: 3,
                    ..Options::default()
                },
            )
            .handle("greet", move |job: Job| {
                let (now, peak, seen, done) = (now.clone(), peak.clone(), seen.clone(), done.clone());
                async move {
                    peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    now.fetch_sub(1, Ordering::SeqCst);
                    seen.lock().unwrap().push(job.seq);
                    done.send(()).unwrap();
                    Ok(())
                }
            })
        };
        let db = t.engine.create("p").await.unwrap();
        let running = [worker(t.engine.clone()).start(), worker(t.engine.clone()).start()];
        for _ in 0..20 {
            ask(&db, "ada").await;
        }
        for _ in 0..20 {
            timeout(Duration::from_secs(20), all_done.recv()).await.unwrap();
        }
        for running in running {
            running.stop().await;
        }
        let mut seen = seen.lock().unwrap().clone();
        seen.sort_unstable();
        assert_eq!(seen, (1..=20).collect::<Vec<_>>());
        assert!(peak.load(Ordering::SeqCst) <= 6);
        assert_eq!(pending(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_full_worker_does_not_block_others() {
    on_both(Migrations::new(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (begun, mut all_begun) = unbounded_channel();
        let gate = Arc::new(tokio::sync::Semaphore::new(0));
        let one = Options {
            concurrency: 1,
            ..Options::default()
        };
        let (opened, open) = (gate.clone(), gate);
        let slow = Worker::new(t.engine.clone(), one.clone()).handle("index", move |_| {
            let (begun, open) = (begun.clone(), open.clone());
            async move {
                begun.send(()).unwrap();
                open.acquire().await.unwrap().forget();
                Ok(())
            }
        });
        let slow = slow.start();
        let (quick, mut greeted) = greeter(t, one, |_| Ok(()));
        for _ in 0..2 {
            let nothing = serde_json::Value::Null;
            db.write(move |tx| tx.enqueue("index", &nothing, None)).await.unwrap();
        }
        timeout(Duration::from_secs(20), all_begun.recv()).await.unwrap();
        ask(&db, "ada").await;
        assert_eq!(next(&mut greeted).await.payload["who"], "ada");
        opened.add_permits(2);
        slow.stop().await;
        quick.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_with_many_slow_jobs_leaves_slots_to_others() {
    on_both(Migrations::new(), async |t| {
        let (greedy, modest) = (t.engine.create("a").await.unwrap(), t.engine.create("b").await.unwrap());
        let options = Options {
            concurrency: 3,
            per_database: 2,
            ..Options::default()
        };
        let gate = Arc::new(tokio::sync::Semaphore::new(0));
        let (report, mut reports) = unbounded_channel();
        let open = gate.clone();
        let worker = Worker::new(t.engine.clone(), options).handle("greet", move |job| {
            let (report, open) = (report.clone(), open.clone());
            async move {
                let slow = job.database.name() == "a";
                report.send(job).unwrap();
                if slow {
                    open.acquire().await.unwrap().forget();
                }
                Ok(())
            }
        });
        let running = worker.start();
        for _ in 0..6 {
            ask(&greedy, "ada").await;
        }
        for _ in 0..2 {
            assert_eq!(next(&mut reports).await.database.name(), "a");
        }
        for _ in 0..5 {
            ask(&modest, "grace").await;
            assert_eq!(next(&mut reports).await.database.name(), "b");
        }
        gate.add_permits(6);
        for _ in 0..4 {
            assert_eq!(next(&mut reports).await.database.name(), "a");
        }
        running.stop().await;
        assert_eq!((pending(&greedy).await, pending(&modest).await), (0, 0));
    })
    .await;
}

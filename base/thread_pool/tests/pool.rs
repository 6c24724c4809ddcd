//! Pools with real threads.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use thread_pool::{Options, Refusal, ThreadPool, Worker};

const FOREVER: Duration = Duration::from_secs(600);

fn options() -> Options {
    Options {
        name: "test",
        threads: 4,
        per_key: 2,
        queue: 100,
        queue_per_key: 50,
        idle: FOREVER,
        stack: 1 << 18,
    }
}

struct Runs;

impl Worker for Runs {
    type Job = Box<dyn FnOnce() + Send>;

    fn run(&mut self, job: Self::Job) {
        job();
    }
}

fn pool(options: Options) -> ThreadPool<Runs> {
    ThreadPool::new(options, || Runs)
}

fn key(text: &str) -> Arc<str> {
    Arc::from(text)
}

/// A job that says when it began and ends when it is told to.
fn held(began: &Sender<()>, release: &Arc<Mutex<Receiver<()>>>) -> Box<dyn FnOnce() + Send> {
    let (began, release) = (began.clone(), Arc::clone(release));
    Box::new(move || {
        let _ = began.send(());
        let _ = release.lock().expect("no panic").recv();
    })
}

#[test]
fn a_key_with_its_share_of_the_threads_does_not_hold_up_another() {
    let pool = pool(options());
    let ((begin, began), (release, held_back)) = (channel(), channel::<()>());
    let held_back = Arc::new(Mutex::new(held_back));
    for _ in 0..10 {
        pool.push(&key("busy"), held(&begin, &held_back)).expect("queued");
    }
    began.recv_timeout(FOREVER).expect("the first runs");
    let (done, is_done) = channel();
    pool.push(&key("other"), Box::new(move || done.send(()).unwrap_or_default()))
        .expect("queued");
    is_done
        .recv_timeout(FOREVER)
        .expect("the other's job runs beside the busy one's");
    drop(release);
}

#[test]
fn a_full_queue_share_refuses_only_its_key() {
    let pool = pool(Options {
        threads: 1,
        queue_per_key: 1,
        ..options()
    });
    let ((begin, began), (release, held_back)) = (channel(), channel::<()>());
    let held_back = Arc::new(Mutex::new(held_back));
    pool.push(&key("busy"), held(&begin, &held_back)).expect("queued");
    began.recv_timeout(FOREVER).expect("runs");
    pool.push(&key("busy"), Box::new(|| {})).expect("queued");
    let refused = pool.push(&key("busy"), Box::new(|| {}));
    assert!(matches!(refused, Err(Refusal::Full)));
    pool.push(&key("other"), Box::new(|| {})).expect("queued");
    drop(release);
}

#[tokio::test]
async fn queued_jobs_finish_before_shutdown_and_later_ones_are_refused() {
    let pool = pool(options());
    let (done, is_done) = channel();
    for job in 0..50 {
        let done = done.clone();
        pool.push(&key("k"), Box::new(move || done.send(job).unwrap_or_default()))
            .expect("queued");
    }
    pool.join().await;
    let mut jobs: Vec<i32> = is_done.try_iter().collect();
    jobs.sort_unstable();
    assert_eq!(jobs, (0..50).collect::<Vec<_>>());
    let refused = pool.push(&key("k"), Box::new(|| {}));
    assert!(matches!(refused, Err(Refusal::Closed)));
}

#[test]
fn a_panicking_job_does_not_end_its_thread() {
    let pool = pool(Options {
        threads: 1,
        ..options()
    });
    let (done, is_done) = channel();
    let panics = Box::new(|| std::panic::resume_unwind(Box::new("without a message")));
    pool.push(&key("k"), panics).expect("queued");
    pool.push(&key("k"), Box::new(move || done.send(()).unwrap_or_default()))
        .expect("queued");
    is_done.recv_timeout(FOREVER).expect("the second job runs");
}

//! Databases: create, open, close, migrate, remove.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use common::{Person, ada, count, migrations};
use db::testing::{on_both, on_both_with};
use db::{Dialect, Engine, Error, Options, Settings};
use kernel::Clock;

#[tokio::test]
async fn unknown_and_invalid_database_names_are_refused() {
    on_both(migrations(), async |t| {
        for name in ["nobody", "../up", ""] {
            let db = t.engine.database(name);
            let read = db.read(|tx| tx.sql_one::<i64>("SELECT 1", &[])).await;
            assert!(matches!(read, Err(Error::NoSuchDatabase(_))), "{read:?}");
            let write = db.write(|tx| tx.execute(&ada().insert())).await;
            assert!(matches!(write, Err(Error::NoSuchDatabase(_))), "{write:?}");
        }
        assert!(matches!(t.engine.create("../up").await, Err(Error::BadName(_))));
        t.engine.remove("nobody").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn names_are_case_sensitive_and_creation_is_idempotent() {
    on_both(migrations(), async |t| {
        for name in ["App", "app", "a.b-c_d"] {
            t.engine.create(name).await.unwrap();
        }
        t.engine
            .database("App")
            .write(|tx| tx.execute(&ada().insert()))
            .await
            .unwrap();
        let again = t.engine.create("App").await.unwrap();
        assert_eq!((count(&again).await, count(&t.engine.database("app")).await), (1, 0));
        assert_eq!(t.engine.names().await.unwrap(), ["App", "a.b-c_d", "app"]);
    })
    .await;
}

#[tokio::test]
async fn more_databases_than_may_be_open_are_closed_and_opened_again() {
    let options = Options {
        open: 2,
        ..Options::default()
    };
    on_both_with(options, migrations(), async |t| {
        let names: Vec<String> = (0..6).map(|number| format!("p{number}")).collect();
        for name in &names {
            t.engine.create(name).await.unwrap();
        }
        for round in 0..3_i64 {
            for name in &names {
                let db = t.engine.database(name);
                let person = Person {
                    id: format!("r{round}"),
                    email: None,
                    ..ada()
                };
                db.write(move |tx| tx.execute(&person.insert())).await.unwrap();
                assert_eq!(count(&db).await, round + 1);
            }
        }
        if t.engine.dialect() == Dialect::Sqlite {
            // The last connection of a closed file removes its write-ahead log.
            wait_until(|| logs(t.folder()) <= 2).await;
        }
    })
    .await;
}

fn logs(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().ends_with("-wal"))
        .count()
}

async fn wait_until(condition: impl Fn() -> bool) {
    let reached = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reached)
        .await
        .expect("the condition comes true");
}

#[tokio::test]
async fn idle_databases_are_closed() {
    let options = Options {
        idle: Duration::from_millis(50),
        ..Options::default()
    };
    on_both_with(options, migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        assert_eq!(count(&db).await, 1);
        if t.engine.dialect() == Dialect::Sqlite {
            wait_until(|| logs(t.folder()) == 0).await;
        }
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_database_is_removed_after_the_acts_that_are_in_it() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (go, gate) = mpsc::channel::<()>();
        let busy = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(move |tx| {
                    let _ = started.send(());
                    let _ = gate.recv();
                    tx.execute(&ada().insert())
                })
                .await
            }
        });
        has_started.await.unwrap();
        let removing = tokio::spawn({
            let engine = t.engine.clone();
            async move { engine.remove("p").await }
        });
        // New acts are refused as soon as the removal begins, while the old act still runs.
        let refused = async {
            while db.read(|tx| tx.sql_one::<i64>("SELECT 1", &[])).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), refused).await.unwrap();
        assert!(!busy.is_finished() && !removing.is_finished());
        go.send(()).unwrap();
        assert_eq!(busy.await.unwrap().unwrap(), 1);
        removing.await.unwrap().unwrap();
        assert!(matches!(
            db.write(|tx| tx.execute(&ada().insert())).await,
            Err(Error::NoSuchDatabase(name)) if name == "p"
        ));
        assert_eq!(
            std::fs::read_dir(t.folder())
                .unwrap()
                .filter(|f| { f.as_ref().unwrap().file_name().to_string_lossy().starts_with('p') })
                .count(),
            0
        );
        // A new database of the same name is empty, also for statements that were prepared before.
        assert_eq!(count(&t.engine.create("p").await.unwrap()).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_act_that_waits_too_long_or_behind_too_many_is_refused_and_not_done() {
    let options = Options {
        wait: Duration::from_secs(1),
        queue: 2,
        ..Options::default()
    };
    on_both_with(options, migrations(), async |t| {
        if t.engine.dialect() == Dialect::Postgres {
            return; // With eight connections no act has to wait here.
        }
        let db = t.engine.create("p").await.unwrap();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (go, gate) = mpsc::channel::<()>();
        let act = |db: db::Database, number: i64| async move {
            let person = Person {
                id: format!("p{number}"),
                email: None,
                ..ada()
            };
            db.write(move |tx| tx.execute(&person.insert())).await
        };
        let slow = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(move |_| {
                    let _ = started.send(());
                    gate.recv().map_err(|_| Error::NoRow)
                })
                .await
            }
        });
        has_started.await.unwrap();
        // The queue takes two acts; the third is refused at once.
        let mut queued: tokio::task::JoinSet<_> = (1..=3).map(|number| act(db.clone(), number)).collect();
        assert!(matches!(queued.join_next().await.unwrap().unwrap(), Err(Error::Busy)));
        assert_eq!(queued.len(), 2);
        let since = std::time::Instant::now();
        wait_until(|| since.elapsed() > Duration::from_millis(1200)).await;
        go.send(()).unwrap();
        slow.await.unwrap().unwrap();
        while let Some(refused) = queued.join_next().await {
            assert!(matches!(refused.unwrap(), Err(Error::Busy)));
        }
        assert_eq!(count(&db).await, 0);
        act(db.clone(), 4).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_log_of_a_file_stays_small_under_steady_writing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::Sqlite {
        folder: folder.path().to_owned(),
    };
    let engine = Engine::open(settings, Clock::system(), migrations()).unwrap();
    let db = engine.create("p").await.unwrap();
    // More than 40 MiB of pages, in acts of 1 MiB.
    for round in 0..40_i64 {
        db.write(move |tx| {
            (0..16).try_for_each(|number| {
                let photo = vec![7; 65_536];
                let person = Person {
                    id: format!("p{round}-{number}"),
                    email: None,
                    photo,
                    ..ada()
                };
                tx.execute(&person.insert()).map(drop)
            })
        })
        .await
        .unwrap();
    }
    let log = std::fs::metadata(folder.path().join("p.db-wal")).unwrap().len();
    assert!(log < 28 << 20, "{log} bytes");
    engine.close().await;
    assert!(!folder.path().join("p.db-wal").exists());
}

#[tokio::test]
async fn sqlite_is_compiled_without_what_slows_it() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::Sqlite {
        folder: folder.path().to_owned(),
    };
    let engine = Engine::open(settings, Clock::system(), migrations()).unwrap();
    let db = engine.create("p").await.unwrap();
    let options: Vec<String> = db.read(|tx| tx.sql_all("PRAGMA compile_options", &[])).await.unwrap();
    for slow in ["ENABLE_MEMORY_MANAGEMENT", "ENABLE_API_ARMOR"] {
        assert!(
            !options.iter().any(|option| option == slow),
            "{slow}: see .cargo/config.toml"
        );
    }
    assert!(options.iter().any(|option| option == "ENABLE_FTS5"));
    engine.close().await;
}

//! Acts are atomic and behave the same on both engines.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use common::{Person, ada, count, migrations};
use db::testing::on_both;
use db::{Dialect, Error, ToValue, Tx, Value};

#[tokio::test]
async fn a_row_comes_back_as_it_was_written() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("P1").await.unwrap();
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        let back: Person = db.read(|tx| tx.one(&Person::select())).await.unwrap();
        assert_eq!(
            (back.id.as_str(), back.r#type, back.since, back.active),
            ("ada", 1, ada().since, true)
        );
        assert_eq!(
            (back.score, back.photo, back.email),
            (Some(0.5), ada().photo, ada().email)
        );
        assert_eq!(
            back.prefs.to_string(),
            r#"{"z":1,"a":[null,"x"]}"#,
            "the order of keys is kept"
        );
        let nothing: Option<Person> = db
            .read(|tx| tx.optional(Person::select().and_where(none())))
            .await
            .unwrap();
        assert!(nothing.is_none());
        let missing = db.read(|tx| tx.one::<Person>(Person::select().and_where(none()))).await;
        assert!(matches!(missing, Err(Error::NoRow)));
    })
    .await;
}

fn none() -> db::sea_query::Expr {
    use db::sea_query::ExprTrait;
    db::sea_query::Expr::col(common::People::Id).eq("nobody")
}

#[tokio::test]
async fn a_unique_index_is_known_by_its_name() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        let twin = Person {
            id: "twin".into(),
            ..ada()
        };
        let error = db.write(move |tx| tx.execute(&twin.insert())).await.unwrap_err();
        assert!(error.is_unique("people_email"), "{error:?}");
        let error = db
            .write(|tx| tx.execute(&Person { email: None, ..ada() }.insert()))
            .await
            .unwrap_err();
        assert!(error.is_unique("people_pkey"), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_failed_act_rolls_back_alone() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        // While the first act blocks, the others queue up and share a commit on SQLite.
        let (go, gate) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let db = db.clone();
            async move { db.write(move |_| gate.recv().map_err(|_| Error::NoRow)).await }
        });
        let acts: Vec<_> = (0..9_i64)
            .map(|number| {
                let db = db.clone();
                tokio::spawn(async move {
                    db.write(move |tx| {
                        tx.execute(
                            &Person {
                                id: format!("p{number}"),
                                email: None,
                                ..ada()
                            }
                            .insert(),
                        )?;
                        match number {
                            3 => Err(Error::Settings("no".into())),
                            5 => panic!("boom"),
                            7 => tx.sql_execute("INSERT INTO", &[]).map(drop),
                            _ => Ok(()),
                        }
                    })
                    .await
                })
            })
            .collect();
        tokio::task::yield_now().await;
        go.send(()).unwrap();
        first.await.unwrap().unwrap();
        let mut failed = Vec::new();
        for (number, act) in acts.into_iter().enumerate() {
            match act.await.unwrap() {
                Ok(()) => {}
                Err(Error::Settings(_)) => failed.push((number, "own")),
                Err(Error::Panicked(_)) => failed.push((number, "panic")),
                Err(Error::Engine { .. }) => failed.push((number, "engine")),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(failed, [(3, "own"), (5, "panic"), (7, "engine")]);
        assert_eq!(count(&db).await, 6);
    })
    .await;
}

#[tokio::test]
async fn concurrent_increments_are_all_kept() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    for _ in 0..25 {
                        db.write(|tx| {
                            tx.lock("ada")?;
                            let old: i64 = tx.sql_one("SELECT type FROM people WHERE id = ?", &["ada".into()])?;
                            tx.sql_execute("UPDATE people SET type = ?", &[(old + 1).to_value()])
                        })
                        .await
                        .unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let total: i64 = db.read(|tx| tx.sql_one("SELECT type FROM people", &[])).await.unwrap();
        assert_eq!(total, 201);
    })
    .await;
}

#[tokio::test]
async fn an_act_that_hides_a_failed_statement_is_not_kept_but_an_attempt_may_fail() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let hidden = db
            .write(|tx| {
                tx.execute(&ada().insert())?;
                let _ = tx.execute(&ada().insert());
                Ok::<_, Error>(())
            })
            .await;
        assert!(matches!(hidden, Err(Error::Aborted(_))), "{hidden:?}");
        assert_eq!(count(&db).await, 0);

        db.write(|tx| {
            tx.execute(&ada().insert())?;
            let twice = tx.attempt(|tx| {
                tx.execute(
                    &Person {
                        id: "other".into(),
                        email: None,
                        ..ada()
                    }
                    .insert(),
                )?;
                tx.execute(&Person { email: None, ..ada() }.insert())
            });
            assert!(twice.unwrap_err().is_unique("people_pkey"));
            tx.attempt(|tx| {
                tx.execute(
                    &Person {
                        id: "kept".into(),
                        email: None,
                        ..ada()
                    }
                    .insert(),
                )
            })
        })
        .await
        .unwrap();
        assert_eq!(count(&db).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_read_sees_one_state_and_changes_nothing() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (go, gate) = mpsc::channel::<()>();
        let reading = tokio::spawn({
            let db = db.clone();
            async move {
                db.read(move |tx| {
                    let before: i64 = tx.sql_one("SELECT count(*) FROM people", &[])?;
                    let _ = started.send(());
                    let _ = gate.recv();
                    let after: i64 = tx.sql_one("SELECT count(*) FROM people", &[])?;
                    Ok::<_, Error>((before, after))
                })
                .await
            }
        });
        has_started.await.unwrap();
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        go.send(()).unwrap();
        assert_eq!(reading.await.unwrap().unwrap(), (0, 0));
        assert!(db.read(|tx| tx.sql_execute("DELETE FROM people", &[])).await.is_err());
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn hooks_and_listeners_run_after_commit_and_before_the_reply() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        t.engine.on_commit({
            let heard = heard.clone();
            move |commit| {
                for recorded in commit.events {
                    heard
                        .lock()
                        .unwrap()
                        .push(format!("{} {}", commit.database, recorded.event.name()));
                }
                if commit.jobs {
                    heard.lock().unwrap().push("jobs".to_owned());
                }
            }
        });
        let hooks = Arc::new(AtomicUsize::new(0));
        let act = |fail: bool, hooks: Arc<AtomicUsize>| {
            move |tx: &mut Tx<'_>| {
                tx.emit(common::event("ada", "create"))?;
                tx.enqueue("mail", &serde_json::json!({ "to": "ada" }), None)?;
                tx.after_commit(move || {
                    hooks.fetch_add(1, Ordering::SeqCst);
                });
                if fail { Err(Error::NoRow) } else { Ok(()) }
            }
        };
        db.write(act(false, hooks.clone())).await.unwrap();
        assert_eq!(hooks.load(Ordering::SeqCst), 1);
        assert_eq!(*heard.lock().unwrap(), ["p people.ada.create", "jobs"]);
        db.write(act(true, hooks.clone())).await.unwrap_err();
        assert_eq!((hooks.load(Ordering::SeqCst), heard.lock().unwrap().len()), (1, 2));
        let log = db::testing::change_log(&db).await;
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].event, common::event("ada", "create"));
    })
    .await;
}

#[tokio::test]
async fn fixed_sql_has_the_same_placeholders_on_both_engines() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        let query = "SELECT id, '?' FROM people WHERE id = ? AND active = ? AND since = ? LIMIT ?";
        let params = || {
            vec![
                "ada".into(),
                Value::from(true),
                ada().since.to_value(),
                Value::from(1_i64),
            ]
        };
        for _ in 0..2 {
            let found: (String, String) = db.read(move |tx| tx.sql_one(query, &params())).await.unwrap();
            assert_eq!(found, ("ada".to_owned(), "?".to_owned()));
        }
        let wrong = db.read(move |tx| tx.sql_optional::<String>(query, &[])).await;
        assert!(matches!(wrong, Err(Error::Engine { .. })));
        let on_sqlite = t.engine.dialect() == Dialect::Sqlite;
        assert_eq!(on_sqlite, t.folder().join("p.db").exists());
    })
    .await;
}

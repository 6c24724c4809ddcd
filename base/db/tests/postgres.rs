//! Failures of acts that occur on PostgreSQL only. Skipped if `FERRITE_TEST_POSTGRES` is not set.
#![allow(clippy::unwrap_used)]

mod common;

use common::{ada, count, migrations};
use db::testing::on_both;
use db::{Dialect, Error, Tx};

#[tokio::test]
async fn a_lost_connection_fails_its_act_and_is_replaced() {
    on_both(migrations(), async |t| {
        if t.engine.dialect() == Dialect::Sqlite {
            return;
        }
        let db = t.engine.create("p").await.unwrap();
        let cut = "SELECT pg_terminate_backend(pg_backend_pid())";
        let lost = db
            .write(move |tx: &mut Tx<'_>| {
                tx.execute(&ada().insert())?;
                tx.sql_optional::<bool>(cut, &[])
            })
            .await;
        assert!(matches!(lost, Err(Error::Unreachable(_))), "{lost:?}");
        assert_eq!(count(&db).await, 0);
        db.write(|tx| tx.execute(&ada().insert())).await.unwrap();
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_connection_lost_while_idle_is_replaced_without_an_error() {
    on_both(migrations(), async |t| {
        if t.engine.dialect() == Dialect::Sqlite {
            return;
        }
        let db = t.engine.create("p").await.unwrap();
        let pid = |db: db::Database| async move {
            db.read(|tx| tx.sql_one::<i64>("SELECT pg_backend_pid()::bigint", &[]))
                .await
        };
        let first = pid(db.clone()).await.unwrap();
        let other = t.reopen(migrations()).unwrap();
        // The second argument is the time to wait for the termination, in ms.
        let cut = "SELECT pg_terminate_backend(?, 10000)";
        let (killed,) = other
            .database("p")
            .write(move |tx| tx.sql_one::<(bool,)>(cut, &[i32::try_from(first).unwrap().into()]))
            .await
            .unwrap();
        assert!(killed);
        other.close().await;
        assert_ne!(pid(db.clone()).await.unwrap(), first);
    })
    .await;
}

#[tokio::test]
async fn a_missing_server_is_reported_as_unreachable() {
    let settings = db::Settings::Postgres {
        url: "postgres://nobody@127.0.0.1:1/none".into(),
        connections: 2,
    };
    let engine = db::Engine::open(settings, kernel::Clock::system(), migrations()).unwrap();
    let refused = engine
        .database("p")
        .read(|tx: &mut Tx<'_>| tx.sql_one::<i64>("SELECT 1", &[]))
        .await;
    assert!(matches!(refused, Err(Error::Unreachable(_))), "{refused:?}");
    assert!(matches!(engine.create("p").await, Err(Error::Unreachable(_))));
    engine.close().await;
}

#[tokio::test]
async fn every_column_of_text_is_compared_by_code_point() {
    on_both(migrations(), async |t| {
        if t.engine.dialect() == Dialect::Sqlite {
            return;
        }
        let db = t.engine.create("p").await.unwrap();
        // The table of migrations is created before any schema is rendered, and is never sorted.
        let others = "SELECT table_name || '.' || column_name FROM information_schema.columns \
                      WHERE table_schema = current_schema() AND table_name <> '_migrations' \
                      AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'";
        let others: Vec<String> = db.read(|tx| tx.sql_all(others, &[])).await.unwrap();
        assert_eq!(others, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn every_connection_notices_a_changed_column_type() {
    on_both(migrations(), async |t| {
        if t.engine.dialect() == Dialect::Sqlite {
            return;
        }
        let db = t.engine.create("p").await.unwrap();
        db.write(|tx| tx.batch("CREATE TABLE things (thing text)"))
            .await
            .unwrap();
        // As many concurrent acts as one database has connections (half of eight), so that each of them has prepared the
        // statement.
        let on_each = async |value: db::Value| {
            let together = std::sync::Arc::new(std::sync::Barrier::new(4));
            let acts = (0..4).map(|_| {
                let (together, value) = (together.clone(), value.clone());
                let db = db.clone();
                tokio::spawn(async move {
                    db.write(move |tx| {
                        together.wait();
                        tx.sql_execute("INSERT INTO things (thing) VALUES (?)", &[value])
                    })
                    .await
                })
            });
            for act in acts.collect::<Vec<_>>() {
                act.await.unwrap().unwrap();
            }
        };
        on_each("text".into()).await;
        db.write(|tx| tx.batch("ALTER TABLE things DROP COLUMN thing; ALTER TABLE things ADD COLUMN thing bigint"))
            .await
            .unwrap();
        on_each(7_i64.into()).await;
    })
    .await;
}

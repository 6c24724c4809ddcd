//! Jobs of large tables: indexes, columns and the deletion of tables, resumed after interruption.

mod common;

use std::time::Duration;

use common::{Shop, spec, text};
use db::testing::{Fixture, on_both};
use db::{Database, Dialect, Engine, Tx};
use jobs::{Options, Running, Worker};
use records::columns::{self, OnDelete, RelationKind, Status};
use records::indexes::{self, Index, IndexKind, IndexSpec};
use records::relations::{self, NewRelationship};
use records::{Key, Kind, Records, Result, Table, tables, work};

/// Number of rows of a large table.
const MANY: u32 = 21_000;

fn key(text: &str) -> Key {
    Key::parse(text).expect("a key")
}

fn worker(engine: &Engine) -> Running {
    let vault = std::sync::Arc::new(secrets::Vault::new("secret", &[]));
    work::register(Worker::new(engine.clone(), Options::default()), &Records::new(vault)).start()
}

/// Fills the table with numbered rows, with different names and two tags.
fn fill(tx: &mut Tx<'_>, table: &Table) -> Result<()> {
    let into = &table.names.table;
    let numbers = match tx.dialect() {
        Dialect::Sqlite => {
            format!("WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {MANY}) SELECT i FROM s")
        }
        Dialect::Postgres => format!("SELECT i FROM generate_series(1, {MANY}) AS s(i)"),
    };
    let list = match tx.dialect() {
        Dialect::Sqlite => "'[\"a\",\"b' || i || '\"]'",
        Dialect::Postgres => "CAST('[\"a\",\"b' || i || '\"]' AS jsonb)",
    };
    Ok(tx.batch(&format!(
        "INSERT INTO \"{into}\" (_id, _created_at, _updated_at, _permissions, name, tags) \
         SELECT 'r' || i, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', '[]', 'n' || i, {list} FROM ({numbers}) AS n"
    ))?)
}

async fn many(fixture: &Fixture) -> Shop {
    let (tags, list) = spec("tags", Kind::String { size: 20 });
    let shop = Shop::open(
        fixture,
        vec![text("name", 64), (tags, columns::Spec { array: true, ..list })],
    )
    .await;
    shop.act(fill).await.expect("rows");
    shop
}

fn over(column: &str, kind: IndexKind) -> IndexSpec {
    IndexSpec {
        kind,
        columns: vec![column.to_owned()],
        lengths: Vec::new(),
        orders: Vec::new(),
        folded: false,
    }
}

async fn add(shop: &Shop, name: &'static str, spec: IndexSpec) -> Index {
    let made = shop
        .act(move |tx, table| indexes::create(tx, table, &key(name), spec))
        .await;
    made.expect("an index")
}

/// Waits until the table satisfies a condition.
async fn until(shop: &Shop, what: &str, is: impl Fn(&Table) -> bool + Send + Copy + 'static) {
    let waited = tokio::time::timeout(Duration::from_secs(60), async {
        while !shop.act(move |_, table| Ok(is(table))).await.expect("a table") {
            tokio::task::yield_now().await;
        }
    });
    assert!(waited.await.is_ok(), "{what}");
}

async fn count(db: &Database, sql: &'static str) -> i64 {
    db.read(move |tx| tx.sql_one::<i64>(sql, &[])).await.expect("a count")
}

#[tokio::test]
async fn an_index_of_a_large_table_is_built_by_a_job() {
    on_both(common::migrations(), async |fixture| {
        let shop = many(fixture).await;
        for (name, spec) in [
            ("names", over("name", IndexKind::Unique)),
            ("tags", over("tags", IndexKind::Key)),
        ] {
            assert_eq!(add(&shop, name, spec).await.status, Status::Processing);
        }
        let running = worker(&fixture.engine);
        until(&shop, "both are built", |table| {
            table.indexes.iter().all(|index| index.status == Status::Available)
        })
        .await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_index_build_resumes() {
    on_both(common::migrations(), async |fixture| {
        let shop = many(fixture).await;
        add(&shop, "tags", over("tags", IndexKind::Key)).await;
        let running = worker(&fixture.engine);
        let seen = tokio::time::timeout(Duration::from_secs(60), async {
            while count(&shop.db, "SELECT max(progress) FROM indexes").await == 0 {
                tokio::task::yield_now().await;
            }
        });
        seen.await.expect("a step is done");
        // Simulates a crash: nothing more is written, and the job stays claimed.
        fixture.engine.close().await;
        running.stop().await;

        let engine = fixture.reopen(common::migrations()).expect("the next program");
        let again = Shop {
            db: engine.database("shop"),
            ..shop
        };
        let reached = count(&again.db, "SELECT max(progress) FROM indexes").await;
        assert!((1..i64::from(MANY)).contains(&reached), "cut off at {reached}");
        fixture.clock.advance(Duration::from_secs(61));
        let running = worker(&engine);
        until(&again, "it is built", |table| {
            table.indexes[0].status == Status::Available
        })
        .await;
        running.stop().await;
        if engine.dialect() == Dialect::Sqlite {
            let elements = "SELECT count(*) FROM t1_elements1_";
            assert_eq!(
                count(&again.db, elements).await,
                i64::from(2 * MANY),
                "no element twice, and none missing"
            );
        }
        engine.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_unique_index_over_duplicates_of_a_large_table_fails() {
    on_both(common::migrations(), async |fixture| {
        let shop = many(fixture).await;
        shop.act(|tx, table| {
            Ok(tx.batch(&format!(
                "UPDATE \"{}\" SET name = 'same' WHERE _seq < 3",
                table.names.table
            ))?)
        })
        .await
        .expect("two rows alike");
        add(&shop, "names", over("name", IndexKind::Unique)).await;
        let running = worker(&fixture.engine);
        until(&shop, "it has failed", |table| {
            table.indexes[0].status == Status::Failed && table.indexes[0].error.contains("same value of name")
        })
        .await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn deletion_of_a_column_of_a_large_table_is_finished_by_a_job() {
    on_both(common::migrations(), async |fixture| {
        let shop = many(fixture).await;
        shop.act(|tx, table| columns::delete(tx, table, &key("name")))
            .await
            .expect("deleted");
        let stored = shop.act(|_, table| Ok(table.stored().any(|column| column.key.as_str() == "name")));
        assert!(!stored.await.expect("a table"));
        let running = worker(&fixture.engine);
        until(&shop, "nothing is left", |table| table.column("name").is_none()).await;
        running.stop().await;
        shop.act(|tx, table| columns::create(tx, table, &key("name"), text("name", 9).1))
            .await
            .expect("its key is free");
    })
    .await;
}

#[tokio::test]
async fn deletion_of_a_relationship_of_a_large_table_is_finished_by_a_job() {
    on_both(common::migrations(), async |fixture| {
        let shop = many(fixture).await;
        let (database, posts) = (shop.database.clone(), shop.table.clone());
        let relate = |two_way| {
            let (catalog, database, posts) = (shop.catalog.clone(), database.clone(), posts.clone());
            shop.act(move |tx, _| {
                let new = NewRelationship {
                    related: posts.clone(),
                    relation: RelationKind::OneToMany,
                    two_way,
                    key: Some(key("replies")),
                    two_way_key: Some(key("answers")),
                    on_delete: OnDelete::SetNull,
                };
                relations::create(tx, &catalog, &database, &posts, new)
            })
        };
        let running = worker(&fixture.engine);
        // The stored column of a one-way relationship is hidden, and dropped as well.
        for two_way in [true, false] {
            relate(two_way).await.expect("related");
            shop.act(|tx, table| columns::delete(tx, table, &key("replies")))
                .await
                .expect("deleted");
            let gone = shop.act(|_, table| Ok(!table.has_relationships() && table.column("replies").is_none()));
            assert!(gone.await.expect("a table"));
            until(&shop, "nothing is left", |table| table.column("answers").is_none()).await;
        }
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_table_leaves_nothing() {
    on_both(common::migrations(), async |fixture| {
        let shop = many(fixture).await;
        let running = worker(&fixture.engine);
        for (name, spec) in [
            ("names", over("name", IndexKind::Key)),
            ("tags", over("tags", IndexKind::Key)),
        ] {
            add(&shop, name, spec).await;
        }
        until(&shop, "both are built", |table| {
            table.indexes.iter().all(|index| index.status == Status::Available)
        })
        .await;
        let (catalog, database, table) = (shop.catalog.clone(), shop.database.clone(), shop.table.clone());
        shop.db
            .write(move |tx| {
                let entry = tables::find(tx, &database, &table)?;
                tables::delete(tx, &catalog, &entry)
            })
            .await
            .expect("deleted");
        let left = match fixture.engine.dialect() {
            Dialect::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name GLOB 't1_*'",
            Dialect::Postgres => {
                "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace \
                 WHERE nspname = current_schema() AND relname LIKE 't1!_%' ESCAPE '!'"
            }
        };
        let gone = tokio::time::timeout(Duration::from_secs(60), async {
            while count(&shop.db, left).await > 0 {
                tokio::task::yield_now().await;
            }
        });
        gone.await.expect("nothing is left");
        running.stop().await;
        assert_eq!(
            count(
                &shop.db,
                "SELECT (SELECT count(*) FROM columns) + (SELECT count(*) FROM indexes)"
            )
            .await,
            0
        );
    })
    .await;
}

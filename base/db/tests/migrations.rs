//! Databases are only migrated forward.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::{PEOPLE, Person, ada, migrations};
use db::sea_query::{Alias, ColumnDef, Table};
use db::testing::on_both;
use db::{Dialect, Engine, Error, Migration, Migrations, Schema, Scope, Settings, Tx};
use kernel::Clock;

fn nickname(schema: &mut Schema<'_>) -> Result<(), Error> {
    let column = ColumnDef::new(Alias::new("nickname")).text().take();
    schema.run(&Table::alter().table(common::People::Table).add_column(column).take())?;
    schema
        .tx()
        .sql_execute("UPDATE people SET nickname = ?", &["countess".into()])
        .map(drop)
}

fn broken(schema: &mut Schema<'_>) -> Result<(), Error> {
    schema.batch("CREATE TABLE half (id integer)")?;
    schema.batch("CREATE TABLE half (id integer)")
}

const NICKNAME: &[Migration] = &[Migration {
    name: "2026-02-01-nickname",
    up: nickname,
}];
const BROKEN: &[Migration] = &[Migration {
    name: "2026-03-01-broken",
    up: broken,
}];

#[tokio::test]
async fn migrations_run_forward_after_a_copy() {
    on_both(migrations(), async |t| {
        for name in ["console", "p1", "p2"] {
            t.engine.create(name).await.unwrap();
        }
        t.engine
            .database("p1")
            .write(|tx| tx.execute(&ada().insert()))
            .await
            .unwrap();
        t.engine.close().await;
        let snapshots = || std::fs::read_dir(t.folder().join("snapshots")).map_or(0, |files| files.count());

        let same = t.reopen(migrations()).unwrap();
        same.migrate_all().await.unwrap();
        same.close().await;
        assert_eq!(snapshots(), 0, "nothing was pending");

        let failing = t.reopen(migrations().with(Scope::Except("console"), BROKEN)).unwrap();
        failing.migrate_all().await.unwrap_err();
        let halves = failing
            .database("p1")
            .read(|tx| tx.sql_all::<i64>("SELECT id FROM half", &[]))
            .await;
        assert!(halves.is_err(), "a migration is whole or not at all");
        failing.close().await;

        let newer = || migrations().with(Scope::Except("console"), NICKNAME);
        let engines = [t.reopen(newer()).unwrap(), t.reopen(newer()).unwrap()];
        let (one, two) = tokio::join!(engines[0].migrate_all(), engines[1].migrate_all());
        one.and(two).expect("programs that start together wait for each other");
        let nick: String = engines[1]
            .database("p1")
            .read(|tx| tx.sql_one("SELECT nickname FROM people", &[]))
            .await
            .unwrap();
        assert_eq!(nick, "countess");
        for engine in &engines {
            engine.close().await;
        }
        if t.engine.dialect() == Dialect::Sqlite {
            // One copy of p1 before the failed run, two before the successful one; none of the console.
            assert_eq!(snapshots(), 2);
        }
        let old = t.reopen(migrations()).unwrap();
        assert!(matches!(old.migrate_all().await, Err(Error::Newer { database, .. }) if database == "p1"));
        old.close().await;
        // For the cleanup after the test.
        let last = t.reopen(newer()).unwrap();
        for name in last.names().await.unwrap() {
            last.remove(&name).await.unwrap();
        }
        last.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_copy_made_before_a_migration_is_a_complete_database() {
    let folder = tempfile::tempdir().unwrap();
    let open = |folder: &Path, migrations| {
        Engine::open(
            Settings::Sqlite {
                folder: folder.to_owned(),
            },
            Clock::system(),
            migrations,
        )
        .unwrap()
    };
    let engine = open(folder.path(), migrations());
    engine
        .create("p")
        .await
        .unwrap()
        .write(|tx| tx.execute(&ada().insert()))
        .await
        .unwrap();
    engine.close().await;
    let engine = open(folder.path(), migrations().with(Scope::Except("console"), NICKNAME));
    engine.migrate_all().await.unwrap();
    engine.close().await;

    let copy = std::fs::read_dir(folder.path().join("snapshots"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let restored = tempfile::tempdir().unwrap();
    std::fs::copy(copy.path(), restored.path().join("p.db")).unwrap();
    let engine = open(
        restored.path(),
        Migrations::new().with(Scope::Except("console"), PEOPLE),
    );
    engine.migrate_all().await.unwrap();
    let back: Person = engine
        .database("p")
        .read(|tx: &mut Tx<'_>| tx.one(&Person::select()))
        .await
        .unwrap();
    assert_eq!(back.id, "ada");
    engine.close().await;
}

#[tokio::test]
async fn only_the_latest_copies_are_stored_and_deleted_with_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(kernel::Timestamp::from_millis(1_767_225_600_000));
    let steps = [
        "2026-04-01-a",
        "2026-04-02-b",
        "2026-04-03-c",
        "2026-04-04-d",
        "2026-04-05-e",
    ];
    let none: fn(&mut Schema<'_>) -> Result<(), Error> = |_| Ok(());
    let copies = || {
        let files = std::fs::read_dir(folder.path().join("snapshots")).unwrap();
        let mut names: Vec<_> = files.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let mut known = Migrations::new();
    for (number, name) in steps.into_iter().enumerate() {
        known = known.with(Scope::Every, &[Migration { name, up: none }]);
        let settings = Settings::Sqlite {
            folder: folder.path().to_owned(),
        };
        let engine = Engine::open(settings, clock.clone(), known.clone()).unwrap();
        if number == 0 {
            engine.create("p").await.unwrap();
            engine.create("p.db").await.unwrap();
        }
        clock.advance(std::time::Duration::from_secs(1));
        engine.migrate_all().await.unwrap();
        if number == 4 {
            assert_eq!(copies().len(), 6);
            assert_eq!(copies()[0], "001767225603000.p.db", "the first of p is gone");
            engine.remove("p").await.unwrap();
            assert!(copies().iter().all(|copy| copy.ends_with(".p.db.db")) && copies().len() == 3);
        }
        engine.close().await;
    }
}

//! Acts: whole or not at all.

use db::sea_query::{ColumnDef, Index, Table};
use db::{Engine, Error, Kind, Migration, Migrations, Settings, Tx, Value};
use kernel::{Clock, Timestamp};

db::table! {
    /// A person.
    pub struct Person in people as People {
        /// Id.
        pub id: String => Id,
        /// Mail.
        pub email: Option<String> => Email,
        /// How often.
        pub r#type: i64 => Type,
        /// Since.
        pub since: Timestamp => Since,
        /// Anything.
        pub prefs: serde_json::Value => Prefs,
    }
}

fn people(schema: &mut db::Schema<'_>) -> Result<(), Error> {
    schema.run(
        &Table::create()
            .table(People::Table)
            .col(ColumnDef::new(People::Id).text().not_null().primary_key())
            .col(ColumnDef::new(People::Email).text())
            .col(ColumnDef::new(People::Type).big_integer().not_null())
            .col(ColumnDef::new(People::Since).timestamp_with_time_zone().not_null())
            .col(ColumnDef::new(People::Prefs).json().not_null())
            .take(),
    )?;
    schema.run(
        &Index::create()
            .unique()
            .name("people_email")
            .table(People::Table)
            .col(People::Email)
            .take(),
    )
}

const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026-01-01-people",
    up: people,
}];

fn ada() -> Person {
    Person {
        id: "ada".into(),
        email: Some("ada@example.com".into()),
        r#type: 1,
        since: Timestamp::from_millis(1_700_000_000_123),
        prefs: serde_json::json!({ "z": 1, "a": [null, "x"] }),
    }
}

#[tokio::test]
async fn a_row_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(
        Settings::Sqlite {
            folder: folder.path().to_owned(),
        },
        Clock::system(),
        Migrations::new().with(Kind::Project, MIGRATIONS),
    )
    .unwrap();
    let db = engine.create("p1").await.unwrap();
    db.write(|tx: &mut Tx<'_>| tx.execute(&ada().insert())).await.unwrap();
    let back: Person = db.read(|tx| tx.one(&Person::select())).await.unwrap();
    assert_eq!(
        (back.id.as_str(), back.r#type, back.since, &back.prefs),
        ("ada", 1, ada().since, &ada().prefs)
    );
    assert_eq!(back.prefs.to_string(), r#"{"z":1,"a":[null,"x"]}"#);

    let mut twin = ada();
    twin.id = "twin".into();
    let error = db.write(move |tx| tx.execute(&twin.insert())).await.unwrap_err();
    assert!(error.is_unique("people_email"), "{error:?}");
    let error = db
        .write(|tx| tx.execute(&Person { email: None, ..ada() }.insert()))
        .await
        .unwrap_err();
    assert!(error.is_unique("people_pkey"), "{error:?}");

    let count: i64 = db
        .read(|tx| tx.sql_one("SELECT count(*) FROM people WHERE id = ?", &[Value::from("ada")]))
        .await
        .unwrap();
    assert_eq!(count, 1);
    assert!(matches!(
        engine
            .database("p2")
            .read(|tx: &mut Tx<'_>| tx.sql_one::<i64>("SELECT 1", &[]))
            .await,
        Err(Error::NoSuchDatabase(_))
    ));
    engine.close().await;
    assert!(!folder.path().join("p1.db-wal").exists());
    assert!(matches!(
        db.read(|tx: &mut Tx<'_>| tx.sql_one::<i64>("SELECT 1", &[])).await,
        Err(Error::Closed)
    ));
}

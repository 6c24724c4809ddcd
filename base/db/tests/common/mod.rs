//! A sample table.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use db::sea_query::{ColumnDef, Index, Table};
use db::{Database, Error, Migration, Migrations, Schema, Scope};
use kernel::{Event, Timestamp};

db::table! {
    /// A person.
    pub struct Person in people as People {
        /// Id.
        pub id: String => Id,
        /// Mail address.
        pub email: Option<String> => Email,
        /// A number, in a column with a keyword's name.
        pub r#type: i64 => Type,
        /// Start time.
        pub since: Timestamp => Since,
        /// Boolean column.
        pub active: bool => Active,
        /// Floating-point column.
        pub score: Option<f64> => Score,
        /// Bytes.
        pub photo: Vec<u8> => Photo,
        /// JSON column.
        pub prefs: serde_json::Value => Prefs,
    }
}

pub fn people(schema: &mut Schema<'_>) -> Result<(), Error> {
    schema.run(
        &Table::create()
            .table(People::Table)
            .col(ColumnDef::new(People::Id).text().not_null().primary_key())
            .col(ColumnDef::new(People::Email).text())
            .col(ColumnDef::new(People::Type).big_integer().not_null())
            .col(ColumnDef::new(People::Since).timestamp_with_time_zone().not_null())
            .col(ColumnDef::new(People::Active).boolean().not_null())
            .col(ColumnDef::new(People::Score).double())
            .col(ColumnDef::new(People::Photo).blob().not_null())
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

pub const PEOPLE: &[Migration] = &[Migration {
    name: "2026-01-01-people",
    up: people,
}];

pub fn migrations() -> Migrations {
    Migrations::new().with(Scope::Except("console"), PEOPLE)
}

pub fn ada() -> Person {
    Person {
        id: "ada".into(),
        email: Some("ada@example.com".into()),
        r#type: 1,
        since: Timestamp::from_millis(1_700_000_000_123),
        active: true,
        score: Some(0.5),
        photo: vec![0, 255],
        prefs: serde_json::json!({ "z": 1, "a": [null, "x"] }),
    }
}

pub fn event(id: &str, action: &'static str) -> Event {
    Event {
        actor: Some("grace".into()),
        ..Event::new([("people", id)], action, serde_json::json!({ "$id": id }))
    }
}

pub async fn count(db: &Database) -> i64 {
    db.read(|tx| tx.sql_one("SELECT count(*) FROM people", &[]))
        .await
        .unwrap()
}

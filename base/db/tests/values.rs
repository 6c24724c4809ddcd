//! Values of domain types, and limits of reads, are the same on both engines.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use db::sea_query::{ColumnDef, Expr, ExprTrait, Table};
use db::testing::{on_both, on_both_with};
use db::{Dialect, Error, Json, Migration, Migrations, Options, Schema, Scope};
use kernel::Timestamp;

kernel::ids! {
    /// A ship's id.
    ShipId;
}
db::text_value!(ShipId);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Rig {
    Sloop,
    Brig,
}

impl Rig {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sloop => "sloop",
            Self::Brig => "brig",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Sloop, Self::Brig].into_iter().find(|rig| rig.as_str() == text)
    }
}
db::text_value!(Rig, Rig::parse);

db::table! {
    /// A ship.
    struct Ship in ships as Ships {
        id: ShipId => Id,
        rig: Rig => Rig,
        crew: Json<Vec<String>> => Crew,
        sunk: Option<Timestamp> => Sunk,
        flag: Option<Vec<u8>> => Flag,
        log: Option<Json<serde_json::Value>> => Log,
        tons: i32 => Tons,
    }
}

fn ships(schema: &mut Schema<'_>) -> Result<(), Error> {
    let table = Table::create()
        .table(Ships::Table)
        .col(ColumnDef::new(Ships::Id).text().not_null().primary_key())
        .col(ColumnDef::new(Ships::Rig).text().not_null())
        .col(ColumnDef::new(Ships::Crew).json().not_null())
        .col(ColumnDef::new(Ships::Sunk).timestamp_with_time_zone())
        .col(ColumnDef::new(Ships::Flag).blob())
        .col(ColumnDef::new(Ships::Log).json())
        .col(ColumnDef::new(Ships::Tons).integer().not_null())
        .take();
    schema.run(&table)
}

fn migrations() -> Migrations {
    Migrations::new().with(
        Scope::Every,
        &[Migration {
            name: "2026-01-01-ships",
            up: ships,
        }],
    )
}

#[tokio::test]
async fn domain_types_and_absent_values_come_back_as_they_were_written() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("console").await.unwrap();
        let bare = Ship {
            id: ShipId::parse("hope").unwrap(),
            rig: Rig::Brig,
            crew: Json(vec!["ada".to_owned()]),
            sunk: None,
            flag: None,
            log: None,
            tons: -7,
        };
        let full = Ship {
            id: ShipId::parse("joy").unwrap(),
            rig: Rig::Sloop,
            sunk: Timestamp::parse("1969-12-31T23:59:59.999+00:00"),
            flag: Some(vec![1, 2]),
            log: Some(Json(serde_json::json!({ "b": "\u{e9}\n", "a": 1 }))),
            ..bare.clone()
        };
        for ship in [bare, full] {
            let id = ship.id.clone();
            let written = ship.clone();
            db.write(move |tx| tx.execute(&written.insert())).await.unwrap();
            let query = Ship::select().and_where(Expr::col(Ships::Id).eq(&id)).take();
            let back: Ship = db.read(move |tx| tx.one(&query)).await.unwrap();
            assert_eq!(format!("{back:?}"), format!("{ship:?}"));
        }
        let sunk = Ship::select()
            .and_where(Expr::col(Ships::Sunk).lt(db::value(&t.clock.now())))
            .take();
        assert_eq!(db.read_inline(move |tx| tx.all::<Ship>(&sunk)).await.unwrap().len(), 1);
        db.write(|tx| tx.sql_execute("UPDATE ships SET rig = 'raft'", &[]))
            .await
            .unwrap();
        let strange = db.read(|tx| tx.all::<Ship>(&Ship::select())).await;
        assert!(matches!(strange, Err(Error::Mismatch { column: 1, .. })), "{strange:?}");
    })
    .await;
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_stopped_and_the_next_is_not() {
    let options = Options {
        read: Duration::from_millis(100),
        ..Options::default()
    };
    on_both_with(options, migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        let slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        let stopped = db.read(move |tx| tx.sql_one::<(Option<i64>,)>(slow, &[])).await;
        assert!(matches!(stopped, Err(Error::TooSlow)), "{stopped:?}");
        let one = if t.engine.dialect() == Dialect::Sqlite {
            "SELECT 1"
        } else {
            "SELECT 1::bigint"
        };
        assert_eq!(db.read(move |tx| tx.sql_one::<i64>(one, &[])).await.unwrap(), 1);
    })
    .await;
}

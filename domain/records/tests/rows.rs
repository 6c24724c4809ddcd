//! Rows, on both engines.

mod common;

use std::sync::Arc;

use common::{Shop, text};
use db::Tx;
use records::rows::{self, Change, NewRow, Record};
use records::{Access, AccessError, Error, Principal, Result, RowError, RowId, Table, Vocabulary};
use serde_json::json;

#[tokio::test]
async fn a_row_is_read_as_it_was_created() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, vec![text("name", 64)]).await;
        let row = shop
            .act(|tx, table| {
                let new = NewRow {
                    id: RowId::parse("one").expect("an id"),
                    data: json!({"name": "Ada \"Countess\""})
                        .as_object()
                        .cloned()
                        .expect("an object"),
                    permissions: None,
                };
                let record = rows::create(tx, table, &Access::Server, &new)?;
                let again = tx.attempt(|tx| rows::create(tx, table, &Access::Server, &new));
                assert!(matches!(again, Err(Error::Row(RowError::Exists))));
                assert_eq!(rows::find_for_update(tx, table, &new.id)?, Some(record.clone()));
                let written = table.writer(Vocabulary::Collections).record(&record);
                let read = rows::get(tx, table, &Access::Server, &new.id, Vocabulary::Collections)?;
                assert_eq!(String::from_utf8(written), String::from_utf8(read));
                rows::get(
                    tx,
                    table,
                    &Access::Server,
                    &RowId::parse("one").expect("an id"),
                    Vocabulary::Collections,
                )
            })
            .await
            .expect("made");
        let row: serde_json::Value = serde_json::from_slice(&row).expect("JSON");
        assert_eq!(row["name"], "Ada \"Countess\"");
        assert_eq!(row["$collectionId"], "posts");
        assert_eq!(row["$sequence"], 1);
    })
    .await;
}

#[tokio::test]
async fn a_row_is_changed_and_deleted_by_those_who_may() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, vec![text("name", 64), text("note", 64)]).await;
        let made = shop
            .act(|tx, table| rows::create(tx, table, &Access::Server, &row("one", json!({"name": "Ada"}))))
            .await
            .expect("made");
        fixture.clock.advance(std::time::Duration::from_secs(1));
        let id = made.id.clone();
        let (same, changed) = shop
            .act(move |tx, table| {
                let same = update(tx, table, &Access::Server, &id, json!({"name": "Ada"}))?;
                let changed = update(tx, table, &Access::Server, &id, json!({"note": "x"}))?;
                assert_eq!(rows::find(tx, table, &id)?, Some(changed.clone()));
                let guest = Access::Client(Principal {
                    roles: Arc::default(),
                    user: None,
                });
                let denied = update(tx, table, &guest, &id, json!({"note": "y"}));
                assert!(matches!(denied, Err(Error::Access(AccessError::Unauthorized))));
                let denied = rows::delete(tx, table, &guest, &id, None);
                assert!(matches!(denied, Err(Error::Access(AccessError::Unauthorized))));
                let late = rows::delete(tx, table, &Access::Server, &id, Some(same.updated_at));
                assert!(matches!(late, Err(Error::Row(RowError::UpdateConflict))));
                rows::delete(tx, table, &Access::Server, &id, None)?;
                assert_eq!(rows::find(tx, table, &id)?, None);
                Ok((same, changed))
            })
            .await
            .expect("changed");
        assert_eq!(same, made, "a change that changes nothing leaves no trace");
        assert_eq!(changed.values, [json!("Ada"), json!("x")]);
        assert!(changed.updated_at > made.updated_at);
    })
    .await;
}

fn row(id: &str, data: serde_json::Value) -> NewRow {
    NewRow {
        id: RowId::parse(id).expect("an id"),
        data: data.as_object().cloned().expect("an object"),
        permissions: None,
    }
}

fn update(tx: &mut Tx<'_>, table: &Table, access: &Access, id: &RowId, data: serde_json::Value) -> Result<Record> {
    let change = Change {
        data: data.as_object().expect("an object"),
        permissions: None,
        read_at: None,
    };
    rows::update(tx, table, access, id, &change)
}

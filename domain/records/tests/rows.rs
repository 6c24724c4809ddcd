//! Rows, on both engines.

mod common;

use common::{Shop, text};
use records::rows::{self, NewRow};
use records::{Access, Error, RowId, Vocabulary};
use serde_json::json;

#[tokio::test]
async fn a_row_is_read_as_it_was_made() {
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
                rows::create(tx, table, &Access::Server, new.clone(), Vocabulary::Tables)?;
                let again = rows::create(tx, table, &Access::Server, new, Vocabulary::Tables);
                assert!(matches!(again, Err(Error::RowExists)));
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

//! The columns of both sides.

use db::testing::on_both;
use records::columns::{OnDelete, RelationKind};
use records::relations::{self, Changes};
use records::{ColumnError, Error, RowError};
use serde_json::json;

use crate::common;
use crate::common::world::{Relation, key, table_id};
use crate::{SERVER, ids, is_many, library, sided};

#[tokio::test]
async fn columns_of_both_sides_change_together() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::Restrict).await;
            let again = |key, back, kind| {
                world.relate(Relation {
                    from: "authors",
                    key,
                    to: "books",
                    back,
                    kind,
                    two_way: false,
                    on_delete: OnDelete::Restrict,
                })
            };
            for (key, back) in [
                ("Books", "other"),
                ("other", "AUTHOR"),
                ("NAME", "other"),
                ("other", "name"),
            ] {
                let refused = again(key, back, RelationKind::OneToOne).await;
                assert!(
                    matches!(refused, Err(Error::Column(ColumnError::Exists(_)))),
                    "{key} {back}"
                );
            }
            let second = again("more", "less", RelationKind::ManyToMany).await;
            assert_eq!(second.is_err(), *kind == RelationKind::ManyToMany);
            let data = json!({"books": sided(is_many(*kind), json!({"$id": "emma"}))});
            world.create(&SERVER, "authors", "jane", data).await.expect("made");
            let change = |table: &'static str, from: &'static str, changes: Changes| {
                world.act(move |tx, world| {
                    relations::update(
                        tx,
                        &world.catalog,
                        &world.database,
                        &table_id(table),
                        &key(from),
                        changes,
                    )
                })
            };
            let renamed = Changes {
                on_delete: Some(OnDelete::Cascade),
                new_key: Some(key("works")),
            };
            change("authors", "books", renamed).await.expect("changed");
            let renamed = Changes {
                on_delete: None,
                new_key: Some(key("writer")),
            };
            let column = change("books", "author", renamed).await.expect("changed");
            let relationship = column.spec.kind.relationship().expect("a relationship").clone();
            assert_eq!(
                (relationship.on_delete, relationship.two_way_key.as_str()),
                (OnDelete::Cascade, "works")
            );
            let taken = Changes {
                on_delete: None,
                new_key: Some(key("name")),
            };
            assert!(matches!(
                change("books", "writer", taken).await,
                Err(Error::Column(ColumnError::Exists(_)))
            ));
            assert!(matches!(
                change("books", "name", Changes::default()).await,
                Err(Error::Column(ColumnError::TypeInvalid(_)))
            ));
            assert!(matches!(
                change("books", "author", Changes::default()).await,
                Err(Error::Column(ColumnError::NotFound(_)))
            ));
            let read = world
                .get(&SERVER, "authors", "jane", &["works.writer.*"])
                .await
                .expect("read");
            let work = if is_many(*kind) {
                &read["works"][0]
            } else {
                &read["works"]
            };
            assert_eq!(ids(&work["writer"]), ["jane"], "{kind}");
            world
                .act(|tx, world| {
                    let table = world.catalog.table(tx, &world.database, &table_id("books"))?;
                    relations::remove(tx, &world.catalog, &table, &key("writer"))
                })
                .await
                .expect("removed");
            for (table, id, column) in [("authors", "jane", "works"), ("books", "emma", "writer")] {
                let read = world.get(&SERVER, table, id, &[]).await.expect("read");
                assert!(read.get(column).is_none(), "{kind}");
                let refused = world.update(&SERVER, table, id, json!({(column): null})).await;
                assert!(
                    matches!(refused, Err(Error::Row(RowError::InvalidStructure(_)))),
                    "{kind}"
                );
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

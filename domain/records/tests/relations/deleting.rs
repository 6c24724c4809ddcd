//! Related rows after deletions.

use db::testing::on_both;
use records::columns::{OnDelete, RelationKind};
use records::{ColumnError, Error, RowError};
use serde_json::{Value, json};

use crate::common;
use crate::common::world::{Relation, World};
use crate::{SERVER, ids, is_many, sided};

/// All combinations of kind, direction and rule.
fn every_relationship() -> Vec<(RelationKind, bool, OnDelete)> {
    let kinds = RelationKind::ALL.iter();
    let both_ways = kinds.flat_map(|kind| [true, false].map(|two_way| (*kind, two_way)));
    let rules = |(kind, two_way)| OnDelete::ALL.iter().map(move |rule| (kind, two_way, *rule));
    both_ways.flat_map(rules).collect()
}

#[tokio::test]
async fn deletions_restrict_cascade_or_unlink() {
    on_both(common::migrations(), async |fixture| {
        let all = every_relationship();
        let names: Vec<[String; 2]> = (0..all.len())
            .map(|n| [format!("authors{n}"), format!("books{n}")])
            .collect();
        let tables: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
        let world = World::open(fixture, &tables).await;
        for ((kind, two_way, on_delete), [authors, books]) in all.into_iter().zip(&names) {
            let relation = Relation {
                from: authors,
                key: "books",
                to: books,
                back: "author",
                kind,
                two_way,
                on_delete,
            };
            world.relate(relation).await.expect("related");
            for parent in [true, false] {
                let data = json!({"books": sided(is_many(kind), json!({"$id": "emma"}))});
                world.create(&SERVER, authors, "jane", data).await.expect("made");
                let (table, id, other, other_id) = if parent {
                    (authors, "jane", books, "emma")
                } else {
                    (books, "emma", authors, "jane")
                };
                let deleted = world.delete(&SERVER, table, id).await;
                let left = world.get(&SERVER, other, other_id, &[]).await.is_ok();
                let context = format!("{kind} {two_way} {on_delete} {parent}");
                let owns = parent != (kind == RelationKind::ManyToOne);
                let together = kind == RelationKind::OneToOne && two_way;
                match on_delete {
                    OnDelete::Restrict if owns => {
                        assert!(
                            matches!(deleted, Err(Error::Row(RowError::DeleteRestricted))),
                            "{context}"
                        );
                        let none = json!({"books": sided(is_many(kind), Value::Null)});
                        let none = if is_many(kind) { json!({"books": []}) } else { none };
                        world.update(&SERVER, authors, "jane", none).await.expect("parted");
                        world
                            .delete(&SERVER, table, id)
                            .await
                            .expect("nothing forbids it any more");
                    }
                    OnDelete::Cascade if owns || together => assert!(deleted.is_ok() && !left, "{context}"),
                    _ => assert!(deleted.is_ok() && left, "{context} {deleted:?}"),
                }
                if left && !parent {
                    let read = world.get(&SERVER, authors, "jane", &["books.*"]).await.expect("read");
                    assert!(ids(&read["books"]).is_empty(), "{context}");
                    let read = world.get(&SERVER, authors, "jane", &[]).await.expect("read");
                    assert!(read.get("books").is_none_or(Value::is_null), "{context}");
                }
                if left {
                    world.delete(&SERVER, other, other_id).await.expect("deleted");
                }
            }
        }
        world.drop(fixture).await;
    })
    .await;
}

#[tokio::test]
async fn a_table_is_related_to_itself() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = World::open(fixture, &["people"]).await;
            let relation = |back| Relation {
                from: "people",
                key: "next",
                to: "people",
                back,
                kind: *kind,
                two_way: true,
                on_delete: OnDelete::Cascade,
            };
            assert!(matches!(
                world.relate(relation("next")).await,
                Err(Error::Column(ColumnError::Exists(_)))
            ));
            world.relate(relation("last")).await.expect("related");
            for id in ["a", "b", "c"] {
                world.create(&SERVER, "people", id, json!({})).await.expect("made");
            }
            for (one, other) in [("a", "b"), ("b", "c"), ("c", "a")] {
                let data = json!({"next": sided(is_many(*kind), json!(other))});
                world.update(&SERVER, "people", one, data).await.expect("linked");
            }
            let a = world
                .get(&SERVER, "people", "a", &["next.next.*", "last.*"])
                .await
                .expect("read");
            let next = if is_many(*kind) { &a["next"][0] } else { &a["next"] };
            assert_eq!((ids(&next["next"]), ids(&a["last"])), (vec!["c"], vec!["c"]), "{kind}");
            // A cycle is deleted completely.
            world.delete(&SERVER, "people", "b").await.expect("deleted");
            for id in ["a", "b", "c"] {
                let gone = world.get(&SERVER, "people", id, &[]).await;
                assert!(matches!(gone, Err(Error::Row(RowError::NotFound))), "{kind} {id}");
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

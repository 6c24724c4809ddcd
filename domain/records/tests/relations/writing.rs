//! Writing of related rows.

use db::testing::on_both;
use records::columns::{OnDelete, RelationKind};
use records::{Error, RowError};
use serde_json::{Value, json};

use crate::common;
use crate::common::world::{Relation, World};
use crate::{SERVER, ids, is_many, is_many_back, library, sided};

#[tokio::test]
async fn related_rows_are_created_and_read_from_both_sides() {
    on_both(common::migrations(), async |fixture| {
        for (number, kind) in RelationKind::ALL.iter().enumerate() {
            for two_way in [true, false] {
                let world = library(fixture, *kind, two_way, OnDelete::Restrict).await;
                let book = json!({"$id": "emma", "name": "Emma"});
                let data = json!({"name": "Jane", "books": sided(is_many(*kind), book)});
                let made = world.create(&SERVER, "authors", "jane", data).await.expect("made");
                assert_eq!(ids(&made["books"]), ["emma"], "{kind} {number}");
                let read = world
                    .get(&SERVER, "authors", "jane", &["*", "books.name"])
                    .await
                    .expect("read");
                let row = if is_many(*kind) {
                    &read["books"][0]
                } else {
                    &read["books"]
                };
                assert_eq!(
                    (row["name"].as_str(), read["name"].as_str()),
                    (Some("Emma"), Some("Jane")),
                    "{kind}"
                );
                let bare = world.get(&SERVER, "authors", "jane", &[]).await.expect("read");
                let stored = matches!(kind, RelationKind::OneToOne | RelationKind::ManyToOne);
                let expected = stored.then(|| json!("emma"));
                assert_eq!(bare.get("books"), expected.as_ref(), "{kind}");
                let named = world.get(&SERVER, "authors", "jane", &["books"]).await.expect("read");
                assert_eq!(named["books"], sided(is_many(*kind), json!("emma")), "{kind}");
                let back = world.get(&SERVER, "books", "emma", &["author.*"]).await;
                if two_way {
                    assert_eq!(ids(&back.expect("read")["author"]), ["jane"], "{kind}");
                    let bare = world.get(&SERVER, "books", "emma", &[]).await.expect("read");
                    let expected = (*kind == RelationKind::OneToMany).then(|| json!("jane"));
                    assert_eq!(bare.get("author"), expected.as_ref(), "{kind}");
                    let data =
                        json!({"name": "Persuasion", "author": sided(is_many_back(*kind), json!({"name": "Anne"}))});
                    let made = world.create(&SERVER, "books", "other", data).await.expect("made");
                    let anne = ids(&made["author"])[0].to_owned();
                    let read = world.get(&SERVER, "authors", &anne, &["books.*"]).await.expect("read");
                    assert_eq!(ids(&read["books"]), ["other"], "{kind}");
                } else {
                    assert!(matches!(back, Err(Error::Query(_))), "{kind}");
                    let bare = world.get(&SERVER, "books", "emma", &[]).await.expect("read");
                    assert!(bare.get("author").is_none());
                    let data = json!({"author": "jane"});
                    let refused = world.create(&SERVER, "books", "other", data).await;
                    assert!(
                        matches!(refused, Err(Error::Row(RowError::InvalidStructure(_)))),
                        "{kind}"
                    );
                }
                world.drop(fixture).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn related_sets_and_single_rows_are_replaced() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::Restrict).await;
            for id in ["a", "b", "c"] {
                world.create(&SERVER, "books", id, json!({})).await.expect("made");
            }
            world
                .create(
                    &SERVER,
                    "authors",
                    "jane",
                    json!({"books": sided(is_many(*kind), json!("a"))}),
                )
                .await
                .expect("made");
            let put = async |value: Value| {
                let reply = world
                    .update(&SERVER, "authors", "jane", json!({"books": value}))
                    .await
                    .expect("changed");
                let read = world
                    .get(&SERVER, "authors", "jane", &["*", "books.*"])
                    .await
                    .expect("read");
                assert_eq!(reply, read, "{kind}");
                read["books"].clone()
            };
            if is_many(*kind) {
                assert_eq!(ids(&put(json!(["b", "a", "b"])).await).len(), 2, "{kind}");
                assert_eq!(ids(&put(json!(["c", {"name": "new"}])).await).len(), 2, "{kind}");
                let read = world.get(&SERVER, "books", "a", &["author.*"]).await.expect("read");
                assert!(ids(&read["author"]).is_empty(), "{kind}");
                assert_eq!(put(json!(["c", "nobody"])).await[0]["$id"], "c", "{kind}");
                assert_eq!(put(json!([])).await, json!([]), "{kind}");
            } else {
                assert_eq!(ids(&put(json!("b")).await), ["b"], "{kind}");
                assert_eq!(put(json!({"$id": "b", "name": "Bee"})).await["name"], "Bee", "{kind}");
                assert_eq!(put(json!("nobody")).await, Value::Null, "{kind}");
                assert_eq!(ids(&put(json!("c")).await), ["c"], "{kind}");
                assert_eq!(put(Value::Null).await, Value::Null, "{kind}");
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

#[tokio::test]
async fn linked_rows_cannot_be_taken_by_another_row() {
    on_both(common::migrations(), async |fixture| {
        let world = library(fixture, RelationKind::OneToOne, true, OnDelete::Restrict).await;
        world
            .create(&SERVER, "authors", "jane", json!({"books": {"$id": "emma"}}))
            .await
            .expect("made");
        let taken = world.create(&SERVER, "authors", "anne", json!({"books": "emma"})).await;
        assert!(matches!(taken, Err(Error::Row(RowError::Exists))));
        world.create(&SERVER, "authors", "anne", json!({})).await.expect("made");
        world
            .create(&SERVER, "books", "villette", json!({"author": "anne"}))
            .await
            .expect("made");
        let taken = world.update(&SERVER, "books", "emma", json!({"author": "anne"})).await;
        assert!(matches!(taken, Err(Error::Row(RowError::Exists))));
        world
            .update(&SERVER, "books", "villette", json!({"author": null}))
            .await
            .expect("parted");
        world
            .update(&SERVER, "books", "emma", json!({"author": "anne"}))
            .await
            .expect("moved");
        let jane = world.get(&SERVER, "authors", "jane", &[]).await.expect("read");
        assert_eq!(jane["books"], Value::Null);
        world.drop(fixture).await;
    })
    .await;
}

#[tokio::test]
async fn invalid_related_values_are_refused() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::Restrict).await;
            let mut wrong = vec![
                json!(1),
                json!(true),
                json!([1]),
                json!([[]]),
                json!("no/id"),
                json!([null]),
                json!(["a", 3]),
            ];
            wrong.push(if is_many(*kind) { json!("a") } else { json!(["a"]) });
            wrong.push(if is_many(*kind) {
                json!({"name": "a"})
            } else {
                json!([{"name": "a"}])
            });
            wrong.push(sided(is_many(*kind), json!({"$id": "no/id"})));
            wrong.push(sided(is_many(*kind), json!({"$id": 7})));
            wrong.push(sided(is_many(*kind), json!({"$permissions": "all"})));
            for value in wrong {
                let refused = world.create(&SERVER, "authors", "jane", json!({"books": value})).await;
                assert!(
                    matches!(refused, Err(Error::Row(RowError::RelationshipValue(_)))),
                    "{kind} {value} {refused:?}"
                );
            }
            let unknown = json!({"books": sided(is_many(*kind), json!({"pages": 1}))});
            let refused = world.create(&SERVER, "authors", "jane", unknown).await;
            assert!(
                matches!(refused, Err(Error::Row(RowError::InvalidStructure(_)))),
                "{kind}"
            );
            let made = world.create(&SERVER, "authors", "jane", json!({"books": null})).await;
            assert!(made.is_ok(), "{kind}");
            world.drop(fixture).await;
        }
    })
    .await;
}

#[tokio::test]
async fn rows_are_written_and_read_three_relationships_deep() {
    on_both(common::migrations(), async |fixture| {
        let world = World::open(fixture, &["a", "b", "c", "d", "e"]).await;
        for (from, to, kind) in [
            ("a", "b", RelationKind::OneToMany),
            ("b", "c", RelationKind::ManyToOne),
            ("c", "d", RelationKind::ManyToMany),
            ("d", "e", RelationKind::OneToOne),
        ] {
            let (key, back, two_way, on_delete) = (to, from, true, OnDelete::SetNull);
            world
                .relate(Relation {
                    from,
                    key,
                    to,
                    back,
                    kind,
                    two_way,
                    on_delete,
                })
                .await
                .expect("related");
        }
        let data =
            json!({"b": [{"$id": "b1", "c": {"$id": "c1", "d": [{"$id": "d1", "name": "deep"}, {"$id": "d2"}]}}]});
        let made = world.create(&SERVER, "a", "a1", data).await.expect("made");
        assert_eq!(made["b"][0]["c"]["d"][0]["name"], "deep");
        assert_eq!(ids(&made["b"][0]["c"]["d"]), ["d1", "d2"]);
        let read = world
            .get(&SERVER, "a", "a1", &["b.c.d.name", "b.c.name", "b.$id"])
            .await
            .expect("read");
        assert_eq!(ids(&read["b"][0]["c"]["d"]), ["d1", "d2"]);
        let deeper = json!({"b": [{"c": {"d": [{"e": {"name": "too deep"}}]}}]});
        let refused = world.create(&SERVER, "a", "a2", deeper).await;
        assert!(matches!(refused, Err(Error::Row(RowError::RelationshipValue(_)))));
        for many in [json!(vec![json!({}); 1001]), json!(vec!["x"; 10_001])] {
            let refused = world.create(&SERVER, "a", "a2", json!({"b": many})).await;
            assert!(matches!(refused, Err(Error::Row(RowError::RelationshipValue(_)))));
        }
        let refused = world.get(&SERVER, "a", "a1", &["b.c.d.e.name"]).await;
        assert!(matches!(refused, Err(Error::Query(_))));
        world.create(&SERVER, "e", "e1", json!({})).await.expect("made");
        let by_id = json!({"b": [{"c": {"d": [{"$id": "d1", "e": "e1"}]}}]});
        let made = world.create(&SERVER, "a", "a2", by_id).await.expect("made");
        assert_eq!(made["b"][0]["c"]["d"][0]["e"], "e1");
        // Cycles are followed as far as they are selected.
        let read = world.get(&SERVER, "a", "a1", &["b.a.b.name"]).await.expect("read");
        assert_eq!(ids(&read["b"][0]["a"]["b"]), ["b1"]);
        world.drop(fixture).await;
    })
    .await;
}

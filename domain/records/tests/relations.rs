//! Relationships: made, written, read, parted from.

mod common;

use common::world::{Relation, World, key, row_id, table_id, user};
use db::testing::{Fixture, on_both};
use kernel::permission::{Action, Permissions};
use kernel::query::Queries;
use records::columns::{OnDelete, RelationKind};
use records::relations::{self, Changes};
use records::rows::{self, Change};
use records::{Access, Error, Reading, Vocabulary};
use serde_json::{Value, json};

const SERVER: Access = Access::Server;

/// Authors and books, related by `books` and `author`.
async fn library(fixture: &Fixture, kind: RelationKind, two_way: bool, on_delete: OnDelete) -> World {
    let world = World::open(fixture, &["authors", "books"]).await;
    world
        .relate(Relation {
            from: "authors",
            key: "books",
            to: "books",
            back: "author",
            kind,
            two_way,
            on_delete,
        })
        .await
        .expect("a relationship");
    world
}

fn is_many(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::OneToMany | RelationKind::ManyToMany)
}

fn is_many_back(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::ManyToOne | RelationKind::ManyToMany)
}

/// One, or a list of one.
fn sided(many: bool, value: Value) -> Value {
    if many { json!([value]) } else { value }
}

/// The ids of a populated relationship.
fn ids(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(rows) => rows.iter().filter_map(|row| row["$id"].as_str()).collect(),
        row => row["$id"].as_str().into_iter().collect(),
    }
}

#[tokio::test]
async fn rows_are_made_along_and_read_from_both_sides() {
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
                    assert!(matches!(refused, Err(Error::InvalidStructure(_))), "{kind}");
                }
                world.drop(fixture).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_set_is_replaced_and_one_is_put_in_anothers_place() {
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
async fn what_belongs_to_one_is_not_taken_by_another() {
    on_both(common::migrations(), async |fixture| {
        let world = library(fixture, RelationKind::OneToOne, true, OnDelete::Restrict).await;
        world
            .create(&SERVER, "authors", "jane", json!({"books": {"$id": "emma"}}))
            .await
            .expect("made");
        let taken = world.create(&SERVER, "authors", "anne", json!({"books": "emma"})).await;
        assert!(matches!(taken, Err(Error::RowExists)));
        world.create(&SERVER, "authors", "anne", json!({})).await.expect("made");
        world
            .create(&SERVER, "books", "villette", json!({"author": "anne"}))
            .await
            .expect("made");
        let taken = world.update(&SERVER, "books", "emma", json!({"author": "anne"})).await;
        assert!(matches!(taken, Err(Error::RowExists)));
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
async fn wrong_shapes_are_refused() {
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
                    matches!(refused, Err(Error::RelationshipValue(_))),
                    "{kind} {value} {refused:?}"
                );
            }
            let unknown = json!({"books": sided(is_many(*kind), json!({"pages": 1}))});
            let refused = world.create(&SERVER, "authors", "jane", unknown).await;
            assert!(matches!(refused, Err(Error::InvalidStructure(_))), "{kind}");
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
        assert!(matches!(refused, Err(Error::RelationshipValue(_))));
        let refused = world.get(&SERVER, "a", "a1", &["b.c.d.e.name"]).await;
        assert!(matches!(refused, Err(Error::Query(_))));
        world.create(&SERVER, "e", "e1", json!({})).await.expect("made");
        let by_id = json!({"b": [{"c": {"d": [{"$id": "d1", "e": "e1"}]}}]});
        let made = world.create(&SERVER, "a", "a2", by_id).await.expect("made");
        assert_eq!(made["b"][0]["c"]["d"][0]["e"], "e1");
        // Circles are followed as far as they are selected.
        let read = world.get(&SERVER, "a", "a1", &["b.a.b.name"]).await.expect("read");
        assert_eq!(ids(&read["b"][0]["a"]["b"]), ["b1"]);
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
                Err(Error::ColumnExists(_))
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
            // A circle goes as a whole, and ends.
            world.delete(&SERVER, "people", "b").await.expect("deleted");
            for id in ["a", "b", "c"] {
                let gone = world.get(&SERVER, "people", id, &[]).await;
                assert!(matches!(gone, Err(Error::RowNotFound)), "{kind} {id}");
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

/// Every kind, one-way and two-way, with every rule.
fn every_relationship() -> Vec<(RelationKind, bool, OnDelete)> {
    let kinds = RelationKind::ALL.iter();
    let both_ways = kinds.flat_map(|kind| [true, false].map(|two_way| (*kind, two_way)));
    let rules = |(kind, two_way)| OnDelete::ALL.iter().map(move |rule| (kind, two_way, *rule));
    both_ways.flat_map(rules).collect()
}

#[tokio::test]
async fn deletions_are_restricted_cascade_or_part() {
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
                let (table, id, other, other_id) = match parent {
                    true => (authors, "jane", books, "emma"),
                    false => (books, "emma", authors, "jane"),
                };
                let deleted = world.delete(&SERVER, table, id).await;
                let left = world.get(&SERVER, other, other_id, &[]).await.is_ok();
                let context = format!("{kind} {two_way} {on_delete} {parent}");
                let owns = parent != (kind == RelationKind::ManyToOne);
                let together = kind == RelationKind::OneToOne && two_way;
                match on_delete {
                    OnDelete::Restrict if owns => {
                        assert!(matches!(deleted, Err(Error::DeleteRestricted)), "{context}");
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
async fn the_columns_of_both_sides_come_change_and_go_together() {
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
                assert!(matches!(refused, Err(Error::ColumnExists(_))), "{key} {back}");
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
                Err(Error::ColumnExists(_))
            ));
            assert!(matches!(
                change("books", "name", Changes::default()).await,
                Err(Error::ColumnTypeInvalid(_))
            ));
            assert!(matches!(
                change("books", "author", Changes::default()).await,
                Err(Error::ColumnNotFound(_))
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
                assert!(matches!(refused, Err(Error::InvalidStructure(_))), "{kind}");
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

#[tokio::test]
async fn permissions_of_related_rows_are_kept() {
    on_both(common::migrations(), async |fixture| {
        let world = library(fixture, RelationKind::OneToMany, true, OnDelete::Cascade).await;
        let (ada, eve) = (user("ada"), user("eve"));
        let data =
            json!({"books": [{"$id": "emma", "name": "Emma"}, {"$id": "open", "$permissions": ["read(\"users\")"]}]});
        world.create(&ada, "authors", "jane", data).await.expect("made");
        // Nobody sees, changes or takes what is not theirs.
        let mine = world
            .create(&eve, "authors", "eve", json!({"books": ["emma"]}))
            .await
            .expect("made");
        assert_eq!(mine["books"], json!([]));
        let refused = world.update(&eve, "authors", "eve", json!({"books": ["open"]})).await;
        assert!(matches!(refused, Err(Error::Unauthorized)));
        let refused = world
            .update(
                &eve,
                "authors",
                "eve",
                json!({"books": [{"$id": "emma", "name": "Mine"}]}),
            )
            .await;
        assert!(matches!(refused, Err(Error::Unauthorized)));
        let grant = json!({"books": [{"name": "x", "$permissions": ["read(\"user:ada\")"]}]});
        let refused = world.update(&eve, "authors", "eve", grant).await;
        assert!(matches!(refused, Err(Error::UnauthorizedRoles(_))));
        // What is sent back as it was read changes nothing.
        let read = world
            .get(&ada, "authors", "jane", &["*", "books.*"])
            .await
            .expect("read");
        assert_eq!(ids(&read["books"]), ["emma", "open"]);
        let same = world
            .update(&ada, "authors", "jane", read.clone())
            .await
            .expect("the same");
        assert_eq!(same, read);
        // A row that eve may not read is not among those that she loads, nor may she take it along by a deletion.
        world
            .create(&SERVER, "books", "hidden", json!({"author": "eve"}))
            .await
            .expect("made");
        let read = world.get(&eve, "authors", "eve", &["books.*"]).await.expect("read");
        assert_eq!(read["books"], json!([]));
        let read = world.get(&eve, "authors", "eve", &["books"]).await.expect("read");
        assert_eq!(read["books"], json!([]));
        let refused = world.delete(&eve, "authors", "eve").await;
        assert!(matches!(refused, Err(Error::Unauthorized)));
        let kept = world.get(&SERVER, "authors", "eve", &["books"]).await.expect("read");
        assert_eq!(kept["books"], json!(["hidden"]));
        world.drop(fixture).await;
    })
    .await;
}

#[tokio::test]
async fn related_rows_cost_a_number_of_statements_that_no_row_adds_to() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::Restrict).await;
            let cost = async |id: &'static str, rows: usize| {
                let many = is_many(*kind);
                let book =
                    |number| json!({"$id": format!("{id}{number}"), "author": sided(is_many_back(*kind), json!(id))});
                let books: Vec<Value> = (0..rows).map(book).collect();
                let books = if many { json!(books) } else { books[0].clone() };
                world
                    .create(&SERVER, "authors", id, json!({"books": books}))
                    .await
                    .expect("made");
                world
                    .act(move |tx, world| {
                        let table = world.catalog.table(tx, &world.database, &table_id("authors"))?;
                        let before = tx.statements();
                        let select = ["*", "books.*", "books.author.*"];
                        relations::get(tx, &table, &SERVER, &row_id(id), &select, Vocabulary::Tables)?;
                        Ok(tx.statements() - before)
                    })
                    .await
                    .expect("read")
            };
            let (few, many) = (cost("a", 1).await, cost("b", 40).await);
            assert_eq!(few, many, "{kind}");
            // The row, its books, their authors; pairs twice; and a look at each table's version.
            assert!(few <= 7, "{kind} {few}");
            world.drop(fixture).await;
        }
    })
    .await;
}

#[tokio::test]
async fn two_who_link_the_same_rows_leave_one_truth() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::SetNull).await;
            for id in ["a", "b", "c"] {
                world.create(&SERVER, "authors", id, json!({})).await.expect("made");
                world
                    .create(&SERVER, "books", &format!("{id}1"), json!({}))
                    .await
                    .expect("made");
            }
            let writers = (0..24).map(|number| {
                let world = world.clone();
                let (author, book) = (["a", "b", "c"][number % 3], ["a1", "b1", "c1"][number / 3 % 3]);
                tokio::spawn(async move {
                    let outcome = match number % 4 {
                        0 => world
                            .update(
                                &SERVER,
                                "books",
                                book,
                                json!({"author": sided(is_many_back(*kind), json!(author))}),
                            )
                            .await
                            .map(drop),
                        1 => world.delete(&SERVER, "books", book).await,
                        2 => world
                            .create(
                                &SERVER,
                                "books",
                                book,
                                json!({"author": sided(is_many_back(*kind), json!(author))}),
                            )
                            .await
                            .map(drop),
                        _ => world
                            .update(
                                &SERVER,
                                "authors",
                                author,
                                json!({"books": sided(is_many(*kind), json!(book))}),
                            )
                            .await
                            .map(drop),
                    };
                    match outcome {
                        // Others were first; or each of two waits for the other, and one is told to come again.
                        Ok(()) | Err(Error::RowExists | Error::RowNotFound | Error::Db(db::Error::Busy)) => {}
                        Err(error) => panic!("{kind} {error:?}"),
                    }
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                writer.await.expect("an outcome");
            }
            // Both sides tell the same, and nobody points to what is gone.
            for author in ["a", "b", "c"] {
                let read = world
                    .get(&SERVER, "authors", author, &["*", "books.author.*"])
                    .await
                    .expect("read");
                let books = match &read["books"] {
                    Value::Array(books) => books.clone(),
                    Value::Null => vec![],
                    book => vec![book.clone()],
                };
                let bare = world.get(&SERVER, "authors", author, &["books"]).await.expect("read");
                let linked = bare["books"]
                    .as_array()
                    .map_or(usize::from(!bare["books"].is_null()), Vec::len);
                assert_eq!(books.len(), linked, "{kind}");
                for book in books {
                    assert!(ids(&book["author"]).contains(&author), "{kind} {read}");
                }
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

fn query(method: &str, attribute: &str, values: Value) -> Value {
    json!({"method": method, "attribute": attribute, "values": values})
}

fn select(names: &[&str]) -> Value {
    json!({"method": "select", "values": names})
}

/// The ids of a list.
fn listed(list: &Value) -> Vec<&str> {
    ids(&list["rows"])
}

#[tokio::test]
async fn lists_are_filtered_through_relationships() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::Restrict).await;
            for (author, book) in [("jane", "emma"), ("emily", "heights"), ("anne", "agnes")] {
                let book = sided(is_many(*kind), json!({"$id": book, "name": book}));
                world
                    .create(&SERVER, "authors", author, json!({"name": author, "books": book}))
                    .await
                    .expect("made");
            }
            world
                .create(&SERVER, "authors", "none", json!({"name": "none"}))
                .await
                .expect("made");
            world
                .create(&SERVER, "books", "lost", json!({"name": "lost"}))
                .await
                .expect("made");
            let ask = async |table: &str, queries: &[Value]| {
                let list = world
                    .list(&SERVER, table, queries)
                    .await
                    .map_err(|error| error.to_string())?;
                Ok::<_, String>(listed(&list).into_iter().map(str::to_owned).collect::<Vec<_>>())
            };
            let found = |ids: &[&str]| Ok(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
            let emma = query("equal", "books.name", json!(["emma", "agnes"]));
            assert_eq!(
                ask("authors", &[emma.clone()]).await,
                found(&["jane", "anne"]),
                "{kind}"
            );
            let back = query("startsWith", "author.name", json!(["e"]));
            assert_eq!(ask("books", &[back]).await, found(&["heights"]), "{kind}");
            let far = query("equal", "books.author.books.$id", json!(["heights"]));
            assert_eq!(ask("authors", &[far]).await, found(&["emily"]), "{kind}");
            let or = json!({"method": "or", "values": [emma, query("equal", "name", json!(["none"]))]});
            assert_eq!(ask("authors", &[or]).await, found(&["jane", "anne", "none"]), "{kind}");
            let not = query("notEqual", "books.name", json!(["emma"]));
            assert_eq!(ask("authors", &[not]).await, found(&["emily", "anne"]), "{kind}");
            // By the id itself: where a row has one.
            for (table, key, side, value, row) in [
                ("authors", "books", 0, "emma", "jane"),
                ("books", "author", 1, "jane", "emma"),
            ] {
                let many = if side == 0 { is_many(*kind) } else { is_many_back(*kind) };
                let outcome = ask(table, &[query("equal", key, json!([value]))]).await;
                if many {
                    assert!(outcome.is_err_and(|error| error.contains("virtual")), "{kind} {key}");
                    continue;
                }
                assert_eq!(outcome, found(&[row]), "{kind} {key}");
                let lonely = if side == 0 { "none" } else { "lost" };
                assert_eq!(
                    ask(table, &[query("isNull", key, json!([]))]).await,
                    found(&[lonely]),
                    "{kind} {key}"
                );
                let others = ask(table, &[query("isNotNull", key, json!([]))]).await.expect("a list");
                assert!(
                    others.len() == 3 && !others.contains(&lonely.to_owned()),
                    "{kind} {key}"
                );
            }
            for bad in [
                query("equal", "books.pages", json!([1])),
                query("equal", "name.books", json!(["x"])),
                query("equal", "books.name", json!([1])),
                query("equal", "books.author.books.author.name", json!(["x"])),
                query("orderAsc", "books.name", json!([])),
                query("equal", "books.", json!(["x"])),
                select(&["books.pages"]),
                select(&["name.x"]),
                select(&["books."]),
            ] {
                let refused = world.list(&SERVER, "authors", &[bad.clone()]).await;
                assert!(matches!(refused, Err(Error::Query(_))), "{kind} {bad}");
            }
            world.drop(fixture).await;
        }
    })
    .await;
}

#[tokio::test]
async fn filters_tell_nothing_of_rows_that_may_not_be_read() {
    on_both(common::migrations(), async |fixture| {
        let world = library(fixture, RelationKind::OneToMany, true, OnDelete::Restrict).await;
        let (ada, eve) = (user("ada"), user("eve"));
        let open = json!(["read(\"users\")"]);
        let books = json!([{"$id": "secret", "name": "diary"}, {"$id": "open", "name": "diary", "$permissions": open}]);
        world
            .create(&ada, "authors", "ada", json!({"books": [books[0].clone()]}))
            .await
            .expect("made");
        world
            .create(&ada, "authors", "other", json!({"books": [books[1].clone()]}))
            .await
            .expect("made");
        let share = |id: &'static str| {
            world.act(move |tx, world| {
                let table = world.catalog.table(tx, &world.database, &table_id("authors"))?;
                let permissions = Permissions::parse(&["read(\"users\")"], Action::ALL).expect("permissions");
                let change = Change {
                    data: &serde_json::Map::new(),
                    permissions: Some(&permissions),
                    read_at: None,
                };
                rows::update(tx, &table, &SERVER, &row_id(id), &change).map(drop)
            })
        };
        share("ada").await.expect("shared");
        share("other").await.expect("shared");
        let diaries = [query("equal", "books.name", json!(["diary"]))];
        let seen = world.list(&SERVER, "authors", &diaries).await.expect("a list");
        assert_eq!(listed(&seen), ["ada", "other"]);
        let seen = world.list(&eve, "authors", &diaries).await.expect("a list");
        assert_eq!(listed(&seen), ["other"]);
        world.drop(fixture).await;
    })
    .await;
}

#[tokio::test]
async fn lists_load_what_is_selected_page_by_page() {
    on_both(common::migrations(), async |fixture| {
        for kind in RelationKind::ALL {
            let world = library(fixture, *kind, true, OnDelete::Restrict).await;
            for number in 0..6 {
                let book = sided(is_many(*kind), json!({"$id": format!("book{number}"), "name": "b"}));
                let data = json!({"name": format!("author {number}"), "books": book});
                world
                    .create(&SERVER, "authors", &format!("author{number}"), data)
                    .await
                    .expect("made");
            }
            let page = [
                query("cursorBefore", "", json!(["author4"])),
                query("limit", "", json!([2])),
                select(&["name", "books.name", "books.author.name"]),
            ];
            let page = world.list(&SERVER, "authors", &page).await.expect("a list");
            assert_eq!(
                (listed(&page), page["total"].as_i64()),
                (vec!["author2", "author3"], Some(6)),
                "{kind}"
            );
            let row = &page["rows"][1];
            let book = if is_many(*kind) {
                &row["books"][0]
            } else {
                &row["books"]
            };
            assert_eq!(
                (book["$id"].as_str(), book["name"].as_str()),
                (Some("book3"), Some("b")),
                "{kind}"
            );
            assert_eq!(ids(&book["author"]), ["author3"], "{kind}");
            // What every row costs nothing for is not loaded.
            let statements = async |limit: i64| {
                let world = world.clone();
                world
                    .act(move |tx, world| {
                        let table = world.catalog.table(tx, &world.database, &table_id("authors"))?;
                        let reading = Reading {
                            catalog: &world.catalog,
                            table: &table,
                            access: &SERVER,
                            words: Vocabulary::Tables,
                        };
                        let mut queries = Queries {
                            select: Some(vec!["*".into(), "books.*".into(), "books.author.*".into()]),
                            total: false,
                            ..Queries::default()
                        };
                        queries.limit = Some(limit.unsigned_abs());
                        let before = tx.statements();
                        rows::list(tx, reading, &queries, None)?;
                        Ok(tx.statements() - before)
                    })
                    .await
                    .expect("a list")
            };
            assert_eq!(statements(1).await, statements(6).await, "{kind}");
            world.drop(fixture).await;
        }
    })
    .await;
}

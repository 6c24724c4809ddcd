//! Lists with selections and filters through relationships.

use db::testing::on_both;
use kernel::query::Queries;
use records::columns::{OnDelete, RelationKind};
use records::relations;
use records::rows;
use records::{Error, Reading, Vocabulary};
use serde_json::{Value, json};

use crate::common;
use crate::common::world::{row_id, table_id};
use crate::{SERVER, ids, is_many, is_many_back, library, listed, query, select, sided};

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
                ask("authors", std::slice::from_ref(&emma)).await,
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
            // Comparison with the ID, on sides with one related row.
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
                let refused = world.list(&SERVER, "authors", std::slice::from_ref(&bad)).await;
                assert!(matches!(refused, Err(Error::Query(_))), "{kind} {bad}");
            }
            world.drop(fixture).await;
        }
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
            // The number of statements does not depend on the number of rows.
            let statements = async |limit: i64| {
                let world = world.clone();
                world
                    .act(move |tx, world| {
                        let table = world.catalog.table(tx, &world.database, &table_id("authors"))?;
                        let reading = Reading {
                            catalog: &world.catalog,
                            table: &table,
                            access: &SERVER,
                            vocabulary: Vocabulary::Tables,
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

#[tokio::test]
async fn the_number_of_statements_is_independent_of_the_number_of_rows() {
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
            // The row, its books, their authors; pairs twice; and a check of each table's version.
            assert!(few <= 7, "{kind} {few}");
            world.drop(fixture).await;
        }
    })
    .await;
}

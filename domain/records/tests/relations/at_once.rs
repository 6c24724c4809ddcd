//! Concurrent writers that link the same rows.

use db::testing::on_both;
use records::columns::{OnDelete, RelationKind};
use records::{Error, RowError};
use serde_json::{Value, json};

use crate::common;
use crate::{SERVER, ids, is_many, is_many_back, library, sided};

#[tokio::test]
async fn concurrent_links_of_the_same_rows_stay_consistent() {
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
                        // Another writer was first; or a deadlock was detected, and one writer gets a conflict.
                        Ok(())
                        | Err(
                            Error::Row(RowError::Exists)
                            | Error::Row(RowError::NotFound)
                            | Error::Db(db::Error::Conflict),
                        ) => {}
                        Err(error) => panic!("{kind} {error:?}"),
                    }
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                writer.await.expect("an outcome");
            }
            // Both sides are consistent, and no row refers to a deleted one.
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

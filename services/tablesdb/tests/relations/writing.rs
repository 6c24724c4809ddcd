//! Values of relationships in writes.

use testkit::{Vocabulary, json};

use crate::Library;

#[tokio::test]
async fn an_id_that_no_row_has_is_refused_and_nothing_is_changed() {
    for vocabulary in Vocabulary::BOTH {
        for (kind, is_many) in [
            ("oneToOne", false),
            ("oneToMany", true),
            ("manyToOne", false),
            ("manyToMany", true),
        ] {
            let library = Library::open(vocabulary).await;
            library.relate(kind, true, "setNull").await.assert_status(202);
            let key = &library.key;
            let some = |id: &str| if is_many { json!([id]) } else { json!(id) };
            library.give("books", "emma", json!({"name": "x"}), &[]).await;
            library
                .give("authors", "jane", json!({"name": "Jane", "books": some("emma")}), &[])
                .await;
            let (jane, rows) = (
                vocabulary.rows("main", "authors", "/jane"),
                vocabulary.rows("main", "authors", ""),
            );
            let data = json!({"name": "changed", "books": some("nobody")});
            let both = json!({"books": if is_many { json!(["emma", "nobody"]) } else { json!("nobody") }});
            for reply in [
                key.patch(&jane, json!({"data": data})).await,
                key.patch(&jane, json!({"data": both})).await,
                key.put(&jane, json!({"data": data})).await,
                key.put(&vocabulary.rows("main", "authors", "/new"), json!({"data": data}))
                    .await,
                key.post(&rows, json!({(vocabulary.row_id): "new", "data": data})).await,
            ] {
                let message = reply.assert(400, "relationship_value_invalid").text("message");
                assert!(
                    message.contains("\"books\"") && message.contains("\"nobody\""),
                    "{message}"
                );
            }
            for (path, body) in [
                (jane.clone(), json!({"data": data})),
                (rows.clone(), json!({(vocabulary.row_id): "new", "data": data})),
            ] {
                let begun = key.post(&format!("{}/transactions", vocabulary.base), json!({})).await;
                let id = begun.text("$id");
                let mut body = body;
                body["transactionId"] = json!(id);
                let staged = if path == jane {
                    key.patch(&path, body).await
                } else {
                    key.post(&path, body).await
                };
                assert!(staged.status < 300, "{}", staged.body);
                let path = format!("{}/transactions/{id}", vocabulary.base);
                let refused = key.patch(&path, json!({"commit": true})).await;
                let message = refused.assert(400, "transaction_failed").text("message");
                assert!(
                    message.contains("\"books\"") && message.contains("\"nobody\""),
                    "{message}"
                );
            }
            let read = key.get(&jane).await;
            assert_eq!(read.assert_status(200).text("name"), "Jane", "{kind}");
            assert_eq!(
                library.linked(key, "authors", "jane", "books").await,
                some("emma"),
                "{kind}"
            );
            key.get(&vocabulary.rows("main", "authors", "/new"))
                .await
                .assert(404, &vocabulary.error("row_not_found"));
        }
    }
}

#[tokio::test]
async fn a_nested_new_row_takes_over_the_permissions_of_its_parent() {
    for vocabulary in Vocabulary::BOTH {
        for (kind, is_many) in [
            ("oneToOne", false),
            ("oneToMany", true),
            ("manyToOne", false),
            ("manyToMany", true),
        ] {
            let library = Library::open(vocabulary).await;
            library.relate(kind, true, "setNull").await.assert_status(202);
            let some = |row| if is_many { json!([row]) } else { row };
            let permissions = async |table: &str, id: &str| {
                let row = library
                    .key
                    .get(&vocabulary.rows("main", table, &format!("/{id}")))
                    .await;
                row.assert_status(200).body["$permissions"].clone()
            };
            let shared = ["read(\"users\")", "update(\"users\")"];
            library
                .give(
                    "authors",
                    "jane",
                    json!({"books": some(json!({"$id": "emma"}))}),
                    &shared,
                )
                .await;
            assert_eq!(permissions("books", "emma").await, json!(shared), "{kind}");
            // Rows that name their own keep these, even none.
            let named = json!({"books": some(json!({"$id": "named", "$permissions": ["read(\"any\")"]}))});
            library.give("authors", "anne", named, &shared).await;
            assert_eq!(permissions("books", "named").await, json!(["read(\"any\")"]));
            let none = json!({"books": some(json!({"$id": "none", "$permissions": []}))});
            library.give("authors", "emily", none, &shared).await;
            assert_eq!(permissions("books", "none").await, json!([]));
            // An update, with new permissions, and an upsert.
            let body = json!({
                "data": {"books": some(json!({"$id": "later"}))}, "permissions": ["read(\"guests\")"],
            });
            library
                .key
                .patch(&vocabulary.rows("main", "authors", "/jane"), body.clone())
                .await
                .assert_status(200);
            assert_eq!(permissions("books", "later").await, json!(["read(\"guests\")"]));
            let body = json!({"data": {"books": some(json!({"$id": "put"}))}, "permissions": ["read(\"any\")"]});
            library
                .key
                .put(&vocabulary.rows("main", "authors", "/new"), body)
                .await
                .assert_status(200);
            assert_eq!(permissions("books", "put").await, json!(["read(\"any\")"]));
            // The permissions of a row that exists stay, and a user gets their own through the parent.
            let body = json!({"data": {"books": some(json!({"$id": "put", "name": "x", "$permissions": []}))}});
            library
                .key
                .patch(&vocabulary.rows("main", "authors", "/new"), body)
                .await
                .assert_status(200);
            assert_eq!(permissions("books", "put").await, json!(["read(\"any\")"]));
            let eve = library.server.user("shop", "eve").await;
            let made = library
                .make(&eve, "authors", "eve", json!({"books": some(json!({"$id": "eves"}))}))
                .await;
            made.assert_status(201);
            assert_eq!(permissions("books", "eves").await, made.body["$permissions"]);
        }
    }
}

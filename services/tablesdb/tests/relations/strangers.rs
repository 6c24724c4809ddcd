//! Writes of users along relationships to rows of others.

use testkit::{Value, Vocabulary, json};

use crate::Library;

/// An author `jane` whom users may change, with the books `own`, which they may change, `ro`, which they may read, and
/// `hid`, which they may not read.
async fn with_books(vocabulary: Vocabulary, kind: &str) -> Library {
    let library = Library::open(vocabulary).await;
    library.relate(kind, true, "setNull").await.assert_status(202);
    let (read, update) = ("read(\"users\")", "update(\"users\")");
    for (id, permissions) in [
        ("own", &[read, update][..]),
        ("ro", &[read]),
        ("hid", &[]),
        ("new", &[read, update]),
    ] {
        library.give("books", id, json!({"name": id}), permissions).await;
    }
    let jane = json!({"name": "Jane", "books": ["own", "ro", "hid"]});
    library.give("authors", "jane", jane, &[read, update]).await;
    library
}

#[tokio::test]
async fn saving_what_one_sees_unlinks_nothing() {
    for (vocabulary, kind) in Vocabulary::BOTH
        .into_iter()
        .flat_map(|vocabulary| [(vocabulary, "oneToMany"), (vocabulary, "manyToMany")])
    {
        let library = with_books(vocabulary, kind).await;
        let eve = library.server.user("shop", "eve").await;
        let linked = async || library.linked(&library.key, "authors", "jane", "books").await;
        assert_eq!(
            library.linked(&eve, "authors", "jane", "books").await,
            json!(["own", "ro"])
        );
        let path = vocabulary.rows("main", "authors", "/jane");
        let body = json!({"data": {"name": "J.", "books": ["own", "ro"]}});
        eve.patch(&path, body.clone()).await.assert_status(200);
        eve.put(&path, body.clone()).await.assert_status(200);
        let begun = eve.post(&format!("{}/transactions", vocabulary.base), json!({})).await;
        let id = begun.text("$id");
        eve.patch(&path, json!({"data": body["data"], "transactionId": id}))
            .await
            .assert_status(200);
        let commit = format!("{}/transactions/{id}", vocabulary.base);
        eve.patch(&commit, json!({"commit": true})).await.assert_status(200);
        assert_eq!(linked().await, json!(["own", "ro", "hid"]), "{kind}");
        // A hidden row cannot be named, whether it is linked or not.
        let named = library
            .change(&eve, "authors", "jane", json!({"books": ["own", "ro", "hid"]}))
            .await;
        named.assert(400, "relationship_value_invalid");
        assert_eq!(linked().await, json!(["own", "ro", "hid"]));
        library
            .change(&eve, "authors", "jane", json!({"books": ["own", "ro", "new"]}))
            .await
            .assert_status(200);
        if kind == "oneToMany" {
            // Unlinking changes the other row, which needs the right to do so.
            for books in [json!(["own", "new"]), json!([]), json!(null)] {
                let refused = library.change(&eve, "authors", "jane", json!({"books": books})).await;
                refused.assert(401, "user_unauthorized");
            }
            assert_eq!(linked().await, json!(["own", "ro", "hid", "new"]));
            library
                .change(&eve, "authors", "jane", json!({"books": ["ro"]}))
                .await
                .assert_status(200);
            assert_eq!(linked().await, json!(["ro", "hid"]));
        } else {
            // A pair belongs to both rows.
            library
                .change(&eve, "authors", "jane", json!({"books": []}))
                .await
                .assert_status(200);
            assert_eq!(linked().await, json!(["hid"]));
        }
    }
}

#[tokio::test]
async fn saving_null_keeps_a_hidden_link() {
    for (vocabulary, kind) in Vocabulary::BOTH
        .into_iter()
        .flat_map(|vocabulary| [(vocabulary, "manyToOne"), (vocabulary, "oneToOne")])
    {
        let library = Library::open(vocabulary).await;
        library.relate(kind, true, "setNull").await.assert_status(202);
        let (read, update) = ("read(\"users\")", "update(\"users\")");
        library.give("books", "hid", json!({"name": "x"}), &[]).await;
        library
            .give("books", "own", json!({"name": "x"}), &[read, update])
            .await;
        let jane = json!({"name": "Jane", "books": "hid"});
        library.give("authors", "jane", jane.clone(), &[read, update]).await;
        library.give("authors", "fixed", json!({"name": "x"}), &[read]).await;
        let eve = library.server.user("shop", "eve").await;
        let linked = async || library.linked(&library.key, "authors", "jane", "books").await;
        for data in [json!({"books": null}), json!({"name": "J.", "books": null})] {
            let saved = library.change(&eve, "authors", "jane", data).await;
            assert!(saved.assert_status(200).body["books"].is_null());
            assert_eq!(linked().await, "hid", "{kind}");
        }
        // Whoever may only read can save what they see as well; the link that is there cannot be guessed.
        library
            .change(&eve, "authors", "fixed", json!({"name": "x", "books": null}))
            .await
            .assert_status(200);
        for id in ["hid", "none"] {
            let named = library.change(&eve, "authors", "jane", json!({"books": id})).await;
            named.assert(400, "relationship_value_invalid");
        }
        library
            .change(&eve, "authors", "jane", json!({"books": "own"}))
            .await
            .assert_status(200);
        assert_eq!(linked().await, "own");
        // The other side of a one-to-one relationship.
        if kind == "oneToOne" {
            library.give("authors", "hidden", json!({"name": "x"}), &[]).await;
            library
                .change(&library.key, "books", "own", json!({"author": "hidden"}))
                .await
                .assert_status(200);
            library
                .change(&eve, "books", "own", json!({"author": null}))
                .await
                .assert_status(200);
            assert_eq!(library.linked(&library.key, "books", "own", "author").await, "hidden");
            library
                .change(&eve, "books", "own", json!({"author": "jane"}))
                .await
                .assert(401, "user_unauthorized");
        }
    }
}

#[tokio::test]
async fn a_stranger_who_links_to_a_row_does_not_keep_it_from_being_deleted() {
    for vocabulary in Vocabulary::BOTH {
        for (kind, on_delete) in ["oneToMany", "manyToMany", "oneToOne"]
            .into_iter()
            .flat_map(|kind| [(kind, "restrict"), (kind, "cascade")])
        {
            let library = Library::open(vocabulary).await;
            library.relate(kind, true, on_delete).await.assert_status(202);
            let ada = library.server.user("shop", "ada").await;
            let eve = library.server.user("shop", "eve").await;
            let own = ["read(\"users\")", "update(\"user:ada\")", "delete(\"user:ada\")"];
            let path = vocabulary.rows("main", "authors", "/jane");
            let sided = |id: &str| if kind == "manyToMany" { json!([id]) } else { json!(id) };
            library.give("authors", "jane", json!({"name": "x"}), &own).await;
            let linked = library
                .make(&eve, "books", "eves", json!({"author": sided("jane")}))
                .await;
            if kind == "oneToOne" {
                // One-to-one changes no row of the parent's table here: the link is stored there, and needs its rights.
                linked.assert(401, "user_unauthorized");
                continue;
            }
            linked.assert_status(201);
            if on_delete == "restrict" {
                library
                    .key
                    .delete(&path)
                    .await
                    .assert(403, &vocabulary.error("row_delete_restricted"));
            }
            ada.delete(&path).await.assert_status(204);
            let kept = library.linked(&eve, "books", "eves", "author").await;
            assert_eq!(
                kept,
                if kind == "manyToMany" { json!([]) } else { Value::Null },
                "{kind} {on_delete}"
            );
            // Their own rows count.
            library.give("authors", "jane", json!({"name": "x"}), &own).await;
            let mine = library
                .make(&ada, "books", "adas", json!({"author": sided("jane")}))
                .await;
            mine.assert_status(201);
            let deleted = ada.delete(&path).await;
            if on_delete == "restrict" {
                deleted.assert(403, &vocabulary.error("row_delete_restricted"));
            } else {
                deleted.assert_status(204);
                let gone = vocabulary.rows("main", "books", "/adas");
                ada.get(&gone).await.assert(404, &vocabulary.error("row_not_found"));
            }
        }
    }
}

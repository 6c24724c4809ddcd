//! The rows of related tables.

use testkit::{Words, json};

use crate::Library;

#[tokio::test]
async fn replies_show_what_was_written_along_a_relationship() {
    for words in Words::BOTH {
        let library = Library::open(words).await;
        library.relate("oneToMany", true, "restrict").await.assert_status(202);
        let key = &library.key;
        let data = json!({"name": "Jane", "books": [{"$id": "emma", "name": "Emma"}, {"name": "Persuasion"}]});
        let made = library.make(key, "authors", "jane", data).await;
        made.assert_status(201);
        assert_eq!(
            (
                made.body["books"][0]["name"].as_str(),
                made.body["books"][0]["author"].as_str()
            ),
            (Some("Emma"), Some("jane"))
        );
        assert_eq!(made.body["books"].as_array().map(Vec::len), Some(2));
        let changed = library.change(key, "authors", "jane", json!({"books": ["emma"]})).await;
        assert_eq!(changed.assert_status(200).body["books"][0]["$id"], "emma");
        assert_eq!(changed.body["books"].as_array().map(Vec::len), Some(1));
        let same = library.change(key, "authors", "jane", json!({"books": ["emma"]})).await;
        assert_eq!(same.body["$updatedAt"], changed.body["$updatedAt"]);
        let path = words.rows("main", "books", "/emma");
        assert_eq!(key.get(&path).await.body["author"], "jane");
        let path = words.rows("main", "authors", "/jane");
        assert!(key.get(&path).await.body.get("books").is_none());
        key.delete(&path)
            .await
            .assert(403, &words.error("row_delete_restricted"));
        library
            .change(key, "authors", "jane", json!({"books": "emma"}))
            .await
            .assert(400, "relationship_value_invalid");
        library
            .change(key, "authors", "jane", json!({"books": []}))
            .await
            .assert_status(200);
        key.delete(&path).await.assert_status(204);
    }
}

#[tokio::test]
async fn users_write_related_rows_as_far_as_they_may() {
    for words in Words::BOTH {
        let library = Library::open(words).await;
        library.relate("manyToOne", false, "setNull").await.assert_status(202);
        let ada = library.server.user("shop", "ada").await;
        let eve = library.server.user("shop", "eve").await;
        let made = library
            .make(
                &ada,
                "authors",
                "jane",
                json!({"books": {"$id": "emma", "name": "Emma"}}),
            )
            .await;
        assert_eq!(
            made.assert_status(201).body["books"]["$permissions"]
                .as_array()
                .map(Vec::len),
            Some(3)
        );
        let mine = json!({"books": {"$id": "emma", "name": "Mine"}});
        library
            .make(&eve, "authors", "eve", mine)
            .await
            .assert(401, "user_unauthorized");
        let unseen = library.make(&eve, "authors", "eve", json!({"books": "emma"})).await;
        assert!(unseen.assert_status(201).body["books"].is_null());
        let path = words.rows("main", "books", "/emma");
        library.key.delete(&path).await.assert_status(204);
        let jane = ada.get(&words.rows("main", "authors", "/jane")).await;
        assert!(jane.assert_status(200).body["books"].is_null());
    }
}

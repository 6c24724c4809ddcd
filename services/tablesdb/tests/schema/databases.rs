//! Databases and tables.

use testkit::{Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn a_database_lives_from_its_making_to_its_end() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        let (key, main) = (&shop.key, words.database("main"));
        let made = key.get(&main).await;
        assert_eq!(
            (made.assert_status(200).text("name"), &made.body["enabled"]),
            ("Main", &json!(true))
        );
        let kind = if words == Vocabulary::TABLES {
            "tablesdb"
        } else {
            "legacy"
        };
        assert_eq!(made.text("type"), kind);
        key.post(words.base, json!({"databaseId": "main", "name": "Again"}))
            .await
            .assert(409, "database_already_exists");

        let changed = key.put(&main, json!({"name": "Other", "enabled": false})).await;
        assert_eq!(changed.assert_status(200).text("name"), "Other");
        let again = key.put(&main, json!({"name": "Other"})).await;
        assert_eq!(again.assert_status(200).body["enabled"], false);

        key.post(words.base, json!({"databaseId": "aaa", "name": "Third"}))
            .await
            .assert_status(201);
        let all = key.get(words.base).await;
        let ids: Vec<&str> = all.body["databases"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["$id"].as_str())
            .collect();
        assert_eq!(
            (ids, &all.body["total"]),
            (vec!["main", "aaa"], &json!(2)),
            "in the order of making"
        );
        assert_eq!(key.get(&format!("{}?search=thir", words.base)).await.body["total"], 1);

        key.delete(&main).await.assert_status(204);
        key.get(&main).await.assert(404, "database_not_found");
        key.get(&words.table("main", "posts"))
            .await
            .assert(404, "database_not_found");
        key.delete(&main).await.assert(404, "database_not_found");
    }
}

#[tokio::test]
async fn a_table_lives_from_its_making_to_its_end() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        let (key, posts) = (&shop.key, words.table("main", "posts"));
        let made = key.get(&posts).await;
        assert_eq!(made.assert_status(200).body["$permissions"], json!([]));
        assert_eq!(made.body[words.columns], json!([]));
        assert_eq!(made.body[words.row_security], false);
        let path = format!("{}/{}", words.database("main"), words.tables);
        key.post(&path, json!({(words.table_id): "posts", "name": "Again"}))
            .await
            .assert(409, &words.error("table_already_exists"));
        key.post(
            &path,
            json!({(words.table_id): "x", "name": "X", "permissions": ["fly(\"any\")"]}),
        )
        .await
        .assert(400, "general_argument_invalid");

        let change = json!({"name": "Articles", "permissions": ["write(\"users\")"], (words.row_security): true});
        let changed = key.put(&posts, change).await;
        assert_eq!(
            changed.assert_status(200).body["$permissions"],
            json!(["create(\"users\")", "update(\"users\")", "delete(\"users\")"])
        );
        let kept = key.put(&posts, json!({"name": "Articles"})).await;
        assert_eq!(
            kept.assert_status(200).body["$permissions"],
            changed.body["$permissions"]
        );

        shop.column("string", json!({"key": "title", "size": 64, "required": false}))
            .await
            .assert_status(202);
        shop.index("by_title", "key", &["title"]).await.assert_status(202);
        let list = key.get(&path).await;
        let only = &list.assert_status(200).body[words.tables][0];
        assert_eq!(
            (&only[words.columns][0]["key"], &only["indexes"][0]["key"]),
            (&json!("title"), &json!("by_title"))
        );

        key.delete(&posts).await.assert_status(204);
        key.get(&posts).await.assert(404, &words.error("table_not_found"));
        key.get(&words.columns("main", "posts", ""))
            .await
            .assert(404, &words.error("table_not_found"));
        // The ID can be reused immediately.
        shop.add_table("posts").await;
        let body = json!({(words.rows): [{"$id": "one"}]});
        shop.key
            .post(&words.rows("main", "posts", ""), body)
            .await
            .assert_status(201);
    }
}

#[tokio::test]
async fn what_is_made_in_one_vocabulary_is_seen_in_the_other() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.column("integer", json!({"key": "n", "required": true, "min": 1}))
        .await
        .assert_status(202);
    let words = Vocabulary::COLLECTIONS;
    let seen = shop.key.get(&words.table("main", "posts")).await;
    assert_eq!(seen.assert_status(200).body["attributes"][0]["min"], 1);
    shop.key
        .get(&words.columns("main", "posts", "/other"))
        .await
        .assert(404, "attribute_not_found");
}

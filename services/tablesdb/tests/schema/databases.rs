//! Databases and tables.

use testkit::{Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn a_database_is_created_updated_and_deleted() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let (key, main) = (&shop.key, vocabulary.database("main"));
        let created = key.get(&main).await;
        assert_eq!(
            (created.assert_status(200).text("name"), &created.body["enabled"]),
            ("Main", &json!(true))
        );
        let kind = if vocabulary == Vocabulary::TABLES {
            "tablesdb"
        } else {
            "legacy"
        };
        assert_eq!(created.text("type"), kind);
        key.post(vocabulary.base, json!({"databaseId": "main", "name": "Again"}))
            .await
            .assert(409, "database_already_exists");

        let changed = key.put(&main, json!({"name": "Other", "enabled": false})).await;
        assert_eq!(changed.assert_status(200).text("name"), "Other");
        let again = key.put(&main, json!({"name": "Other"})).await;
        assert_eq!(again.assert_status(200).body["enabled"], false);

        key.post(vocabulary.base, json!({"databaseId": "aaa", "name": "Third"}))
            .await
            .assert_status(201);
        let all = key.get(vocabulary.base).await;
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
        assert_eq!(
            key.get(&format!("{}?search=thir", vocabulary.base)).await.body["total"],
            1
        );

        key.delete(&main).await.assert_status(204);
        key.get(&main).await.assert(404, "database_not_found");
        key.get(&vocabulary.table("main", "posts"))
            .await
            .assert(404, "database_not_found");
        key.delete(&main).await.assert(404, "database_not_found");
    }
}

#[tokio::test]
async fn a_table_is_created_updated_and_deleted() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let (key, posts) = (&shop.key, vocabulary.table("main", "posts"));
        let created = key.get(&posts).await;
        assert_eq!(created.assert_status(200).body["$permissions"], json!([]));
        assert_eq!(created.body[vocabulary.columns], json!([]));
        assert_eq!(created.body[vocabulary.row_security], false);
        let path = format!("{}/{}", vocabulary.database("main"), vocabulary.tables);
        key.post(&path, json!({(vocabulary.table_id): "posts", "name": "Again"}))
            .await
            .assert(409, &vocabulary.error("table_already_exists"));
        key.post(
            &path,
            json!({(vocabulary.table_id): "x", "name": "X", "permissions": ["fly(\"any\")"]}),
        )
        .await
        .assert(400, "general_argument_invalid");

        let change = json!({"name": "Articles", "permissions": ["write(\"users\")"], (vocabulary.row_security): true});
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
        let only = &list.assert_status(200).body[vocabulary.tables][0];
        assert_eq!(
            (&only[vocabulary.columns][0]["key"], &only["indexes"][0]["key"]),
            (&json!("title"), &json!("by_title"))
        );

        key.delete(&posts).await.assert_status(204);
        key.get(&posts).await.assert(404, &vocabulary.error("table_not_found"));
        key.get(&vocabulary.columns("main", "posts", ""))
            .await
            .assert(404, &vocabulary.error("table_not_found"));
        // The ID can be reused immediately.
        shop.add_table("posts").await;
        let body = json!({(vocabulary.rows): [{"$id": "one"}]});
        shop.key
            .post(&vocabulary.rows("main", "posts", ""), body)
            .await
            .assert_status(201);
    }
}

#[tokio::test]
async fn both_vocabularies_show_the_same_data() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.column("integer", json!({"key": "n", "required": true, "min": 1}))
        .await
        .assert_status(202);
    let vocabulary = Vocabulary::COLLECTIONS;
    let seen = shop.key.get(&vocabulary.table("main", "posts")).await;
    assert_eq!(seen.assert_status(200).body["attributes"][0]["min"], 1);
    shop.key
        .get(&vocabulary.columns("main", "posts", "/other"))
        .await
        .assert(404, "attribute_not_found");
}

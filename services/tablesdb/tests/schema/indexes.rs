//! Indexes.

use testkit::{Words, json};

use crate::Shop;

#[tokio::test]
async fn an_index_lives_from_its_making_to_its_end() {
    for words in Words::BOTH {
        let shop = Shop::open(words).await;
        shop.column("string", json!({"key": "room", "size": 64, "required": true}))
            .await
            .assert_status(202);
        let made = shop.index("room_created", "key", &["room", "$createdAt"]).await;
        assert_eq!(made.assert_status(202).text("status"), "processing");
        let path = words.indexes("main", "posts", "/room_created");
        let shown = shop.key.get(&path).await;
        assert_eq!(
            (shown.assert_status(200).text("status"), &shown.body[words.columns]),
            ("available", &json!(["room", "$createdAt"]))
        );
        shop.index("room_created", "key", &["room"])
            .await
            .assert(409, &words.error("column_index_already_exists"));
        let all = shop.key.get(&words.indexes("main", "posts", "")).await;
        assert_eq!(all.assert_status(200).body["total"], 1);
        shop.key.delete(&path).await.assert_status(204);
        shop.key
            .get(&path)
            .await
            .assert(404, &words.error("column_index_not_found"));
    }
}

#[tokio::test]
async fn a_unique_index_keeps_values_apart_and_may_fold_case() {
    for words in Words::BOTH {
        let shop = Shop::open(words).await;
        shop.column("string", json!({"key": "name", "size": 64, "required": false}))
            .await
            .assert_status(202);
        let unique = json!({"key": "name", "type": "unique", (words.columns): ["name"], "caseInsensitive": true});
        shop.key
            .post(&words.indexes("main", "posts", ""), unique)
            .await
            .assert_status(202);
        shop.row("a", json!({"name": "Ada"})).await.assert_status(201);
        shop.row("b", json!({"name": "ADA"}))
            .await
            .assert(409, &words.error("row_already_exists"));
        // Rows without a value are all different.
        shop.row("c", json!({"name": null})).await.assert_status(201);
        shop.row("d", json!({"name": null})).await.assert_status(201);
    }
}

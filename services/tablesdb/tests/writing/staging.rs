//! Staged operations: their replies and their visibility.

use testkit::{Value, Vocabulary, json};

use crate::Shop;

/// An operation on `posts`, in the test's vocabulary.
pub(crate) fn operation(shop: &Shop, action: &str, row: &str, data: Value) -> Value {
    let vocabulary = shop.vocabulary;
    let mut operation = json!({"action": action, "databaseId": "main", (vocabulary.table_id): "posts", "data": data});
    if !row.is_empty() {
        operation[vocabulary.row_id] = json!(row);
    }
    operation
}

#[tokio::test]
async fn staged_changes_are_visible_only_in_their_transaction() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.create(&shop.key, "old", json!({"title": "Old", "likes": 1})).await;
        let id = shop.begin(&shop.key).await;
        let body = json!({(vocabulary.row_id): "new", "data": {"title": "New"}, "transactionId": id});
        let staged = shop.key.post(&shop.path(""), body).await;
        assert_eq!(staged.assert_status(201).text("title"), "New");
        let body = json!({"data": {"likes": 2}, "transactionId": id});
        let staged = shop.key.patch(&shop.path("/old"), body).await;
        assert_eq!(staged.assert_status(200).body["likes"], 2);
        let body = json!({"value": 3, "transactionId": id});
        let staged = shop.key.patch(&shop.path("/old/likes/increment"), body).await;
        assert_eq!(
            staged.assert_status(200).body["likes"],
            5,
            "after what was staged before"
        );
        let body = json!({"data": {"title": "Put"}, "transactionId": id});
        shop.key.put(&shop.path("/put"), body).await.assert_status(201);

        shop.get("new").await.assert(404, &shop.error("row_not_found"));
        assert_eq!(shop.get("old").await.body["likes"], 1);
        let through = |path: &str| format!("{}?transactionId={id}", shop.path(path));
        assert_eq!(
            shop.key.get(&through("/new")).await.assert_status(200).text("title"),
            "New"
        );
        assert_eq!(shop.key.get(&through("/old")).await.assert_status(200).body["likes"], 5);
        assert_eq!(shop.key.get(&through("")).await.assert_status(200).body["total"], 3);
        assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 1);

        let transaction = shop.key.get(&shop.transactions(&format!("/{id}"))).await;
        assert_eq!(transaction.assert_status(200).body["operations"], 4);
        shop.commit(&shop.key, &id).await.assert_status(200);
        assert_eq!(shop.get("new").await.text("title"), "New");
        assert_eq!(shop.get("old").await.body["likes"], 5);
        assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 3);
    }
}

#[tokio::test]
async fn changes_of_missing_rows_cannot_be_staged() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let id = shop.begin(&shop.key).await;
        let missing = shop.error("row_not_found");
        let with = json!({"data": {"title": "x"}, "transactionId": id});
        shop.key
            .patch(&shop.path("/none"), with.clone())
            .await
            .assert(404, &missing);
        let only = json!({"transactionId": id});
        let delete = async |row: &str| {
            let path = shop.path(&format!("/{row}"));
            shop.key.send(testkit::Method::DELETE, &path, Some(only.clone())).await
        };
        delete("none").await.assert(404, &missing);
        let path = shop.transactions(&format!("/{id}/operations"));
        let batch = json!({"operations": [operation(&shop, "update", "none", json!({"title": "x"}))]});
        shop.key.post(&path, batch).await.assert(404, &missing);
        // Operations on rows created in the same batch are accepted.
        let batch = json!({"operations": [
            operation(&shop, "create", "one", json!({"title": "x"})),
            operation(&shop, "update", "one", json!({"title": "y"})),
            operation(&shop, "bulkCreate", "", json!([{"$id": "two", "likes": 1}])),
            operation(&shop, "delete", "two", json!({})),
        ]});
        let staged = shop.key.post(&path, batch).await;
        assert_eq!(staged.assert_status(201).body["operations"], 4);
        delete("one").await.assert_status(204);
        delete("one").await.assert(404, &missing);
        assert_eq!(
            shop.commit(&shop.key, &id).await.assert_status(200).text("status"),
            "committed"
        );
        shop.get("one").await.assert(404, &missing);
        shop.get("two").await.assert(404, &missing);
    }
}

#[tokio::test]
async fn staging_needs_permissions() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.permit(&["create(\"users\")"]).await;
        let (ada, grace) = (
            shop.server.user("shop", "ada").await,
            shop.server.user("shop", "grace").await,
        );
        shop.create(&grace, "hers", json!({"title": "x"}))
            .await
            .assert_status(201);
        let id = shop.begin(&ada).await;
        let body = json!({"data": {"title": "y"}, "transactionId": id});
        ada.patch(&shop.path("/hers"), body)
            .await
            .assert(401, "user_unauthorized");
        let path = shop.transactions(&format!("/{id}/operations"));
        for bulk in [
            operation(&shop, "bulkCreate", "", json!([{"title": "x"}])),
            operation(&shop, "bulkUpdate", "", json!({"data": {"title": "x"}})),
            operation(&shop, "bulkDelete", "", json!({"queries": []})),
        ] {
            ada.post(&path, json!({"operations": [bulk]}))
                .await
                .assert(401, "user_unauthorized");
        }
        let create = operation(&shop, "create", "mine", json!({"title": "x"}));
        ada.post(&path, json!({"operations": [create]}))
            .await
            .assert_status(201);

        // A user's transaction is accessible to that user and to API keys only.
        let one = shop.transactions(&format!("/{id}"));
        for stranger in [&grace, &shop.server.guest("shop")] {
            stranger.get(&one).await.assert(404, "transaction_not_found");
            stranger.delete(&one).await.assert(404, "transaction_not_found");
            shop.commit(stranger, &id).await.assert(404, "transaction_not_found");
        }
        assert_eq!(
            grace.get(&shop.transactions("")).await.assert_status(200).body["total"],
            0
        );
        assert_eq!(
            ada.get(&shop.transactions("")).await.assert_status(200).body["total"],
            1
        );
        shop.key.get(&one).await.assert_status(200);
        let of_server = shop.begin(&shop.key).await;
        ada.get(&shop.transactions(&format!("/{of_server}")))
            .await
            .assert(404, "transaction_not_found");

        shop.commit(&ada, &id).await.assert_status(200);
        let mine = ada.get(&shop.path("/mine")).await;
        assert_eq!(mine.assert_status(200).body["$permissions"][0], "read(\"user:ada\")");
    }
}

#[tokio::test]
async fn staged_operations_are_validated() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let id = shop.begin(&shop.key).await;
        let path = shop.transactions(&format!("/{id}/operations"));
        let stage = async |operations: Value| shop.key.post(&path, json!({"operations": operations})).await;
        stage(json!([])).await.assert(400, "general_bad_request");
        for bad in [
            json!([1]),
            json!({"action": "create"}),
            json!([operation(&shop, "fly", "one", json!({}))]),
            json!([operation(&shop, "create", "no id", json!({"title": "x"}))]),
            json!([operation(&shop, "update", "", json!({"title": "x"}))]),
            json!([operation(&shop, "increment", "one", json!({}))]),
            json!([operation(&shop, "bulkCreate", "", json!({}))]),
            json!([{"action": "delete", "databaseId": "main", (vocabulary.row_id): "one"}]),
        ] {
            let reply = stage(bad.clone()).await;
            assert_eq!(reply.status, 400, "{bad}: {}", reply.body);
            assert_eq!(reply.text("type"), "general_argument_invalid", "{bad}");
        }
        let elsewhere =
            json!([{"action": "create", "databaseId": "main", (vocabulary.table_id): "no", (vocabulary.row_id): "x"}]);
        stage(elsewhere).await.assert(404, &shop.error("table_not_found"));

        let create = |n: usize| operation(&shop, "create", &format!("r{n}"), json!({"title": "x"}));
        let many: Vec<Value> = (0..101).map(create).collect();
        stage(json!(many)).await.assert(400, "transaction_limit_exceeded");
        let most: Vec<Value> = (0..100).map(create).collect();
        assert_eq!(stage(json!(most)).await.assert_status(201).body["operations"], 100);
        stage(json!([create(100)]))
            .await
            .assert(400, "transaction_limit_exceeded");
        let body = json!({(vocabulary.row_id): "more", "data": {"title": "x"}, "transactionId": id});
        shop.key
            .post(&shop.path(""), body)
            .await
            .assert(400, "transaction_limit_exceeded");
        shop.commit(&shop.key, &id).await.assert_status(200);
        assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 100);
    }
}

#[tokio::test]
async fn bulk_calls_are_staged_as_one_operation() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let id = shop.begin(&shop.key).await;
        let rows = json!([{"$id": "one", "likes": 1}, {"$id": "two", "likes": 2}]);
        let staged = shop
            .key
            .post(&shop.path(""), json!({(vocabulary.rows): rows, "transactionId": id}))
            .await;
        assert_eq!(
            staged.assert_status(201).body,
            json!({"total": 2, (vocabulary.rows): []})
        );
        let body = json!({"data": {"title": "x"}, "transactionId": id});
        shop.key.patch(&shop.path(""), body).await.assert_status(200);
        let query = r#"{"method":"equal","attribute":"likes","values":[2]}"#;
        let body = json!({"queries": [query], "transactionId": id});
        shop.key
            .send(testkit::Method::DELETE, &shop.path(""), Some(body))
            .await
            .assert_status(200);
        let body = json!({(vocabulary.rows): [{"$id": "one", "likes": 9}], "transactionId": id});
        shop.key.put(&shop.path(""), body).await.assert_status(200);
        assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 0);
        let done = shop.commit(&shop.key, &id).await;
        assert_eq!(done.assert_status(200).body["operations"], 4);
        let one = shop.get("one").await;
        assert_eq!((&one.body["title"], &one.body["likes"]), (&json!("x"), &json!(9)));
        assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 1);
        let body = json!({(vocabulary.rows): [{"likes": 9}], "transactionId": id});
        shop.key
            .post(&shop.path(""), body)
            .await
            .assert(400, "general_bad_request");
    }
}

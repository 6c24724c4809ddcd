//! Bulk operations on rows, with an API key.

use testkit::{Method, Value, Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn servers_create_rows_in_bulk() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let rows = json!([
            {"$id": "one", "title": "One", "$permissions": ["read(\"any\")"]},
            {"title": "Two"},
            "{\"$id\": \"three\", \"title\": \"Three\"}",
        ]);
        let reply = shop.key.post(&shop.path(""), json!({(vocabulary.rows): rows})).await;
        reply.assert_status(201);
        assert_eq!(reply.body["total"], 3);
        let created = reply.body[vocabulary.rows].as_array().expect("rows");
        assert_eq!(created[0]["$permissions"], json!(["read(\"any\")"]));
        assert_eq!(created[1]["$id"].as_str().map(str::len), Some(20));
        assert_eq!(shop.get("three").await.body, created[2]);

        // Bulk operations are atomic.
        let taken = json!({(vocabulary.rows): [{"$id": "four", "title": "x"}, {"$id": "one", "title": "x"}]});
        shop.key
            .post(&shop.path(""), taken)
            .await
            .assert(409, &shop.error("row_already_exists"));
        let flawed = json!({(vocabulary.rows): [{"$id": "four", "title": "x"}, {"$id": "five", "title": 1}]});
        shop.key
            .post(&shop.path(""), flawed)
            .await
            .assert(400, &shop.error("row_invalid_structure"));
        shop.get("four").await.assert(404, &shop.error("row_not_found"));
    }
}

#[tokio::test]
async fn invalid_bulk_requests_are_refused() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let one = json!([{"title": "x"}]);
        let post = async |body: Value| shop.key.post(&shop.path(""), body).await;
        post(json!({(vocabulary.rows): one, "data": {"title": "x"}}))
            .await
            .assert(400, "general_bad_request");
        post(json!({(vocabulary.rows): one, (vocabulary.row_id): "x"}))
            .await
            .assert(400, "general_bad_request");
        post(json!({(vocabulary.rows): one, "permissions": ["read(\"any\")"]}))
            .await
            .assert(400, "general_bad_request");
        for bad in [
            json!([{"$id": "no id"}]),
            json!([{"$permissions": ["fly(\"any\")"]}]),
            json!(vec![json!({}); 101]),
            json!([1]),
        ] {
            post(json!({(vocabulary.rows): bad}))
                .await
                .assert(400, "general_argument_invalid");
        }
        shop.permit(&["create(\"any\")", "update(\"any\")", "delete(\"any\")", "read(\"any\")"])
            .await;
        let ada = shop.server.user("shop", "ada").await;
        let denied = "general_unauthorized_scope";
        ada.post(&shop.path(""), json!({(vocabulary.rows): one}))
            .await
            .assert(401, denied);
        ada.put(&shop.path(""), json!({(vocabulary.rows): one}))
            .await
            .assert(401, denied);
        ada.patch(&shop.path(""), json!({"data": {"title": "x"}}))
            .await
            .assert(401, denied);
        ada.delete(&shop.path("")).await.assert(401, denied);
        shop.key
            .patch(&shop.path(""), json!({"data": {}}))
            .await
            .assert(400, &shop.error("row_missing_payload"));
        let query = r#"{"method":"equal","attribute":"nothing","values":[1]}"#;
        shop.key
            .patch(&shop.path(""), json!({"data": {"title": "x"}, "queries": [query]}))
            .await
            .assert(400, "general_query_invalid");
    }
}

#[tokio::test]
async fn bulk_updates_and_deletions_apply_to_matching_rows() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let rows: Vec<Value> = (0..30)
            .map(|n| json!({"$id": format!("r{n:02}"), "likes": n}))
            .collect();
        shop.key
            .post(&shop.path(""), json!({(vocabulary.rows): rows}))
            .await
            .assert_status(201);
        let less = r#"{"method":"lessThan","attribute":"likes","values":[10]}"#;
        let data = json!({"likes": {"method": "increment", "values": [100]}, "$permissions": ["read(\"any\")"]});
        let reply = shop
            .key
            .patch(&shop.path(""), json!({"data": data, "queries": [less]}))
            .await;
        reply.assert_status(200);
        assert_eq!(reply.body["total"], 10);
        assert_eq!(reply.body[vocabulary.rows][0]["likes"], 100);
        assert_eq!(reply.body[vocabulary.rows][0]["$permissions"], json!(["read(\"any\")"]));
        assert_eq!(shop.get("r10").await.body["likes"], 10);

        let order = r#"{"method":"orderDesc","attribute":"likes","values":[]}"#;
        let limit = r#"{"method":"limit","values":[3]}"#;
        let body = json!({"queries": [order, limit]});
        let reply = shop.key.send(Method::DELETE, &shop.path(""), Some(body)).await;
        assert_eq!(reply.assert_status(200).body["total"], 3);
        shop.get("r09").await.assert(404, &shop.error("row_not_found"));
        shop.get("r06").await.assert_status(200);
        let rest = shop.key.delete(&shop.path("")).await;
        assert_eq!(rest.assert_status(200).body["total"], 27);
        assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 0);
    }
}

#[tokio::test]
async fn large_sets_are_processed_in_batches() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    for part in 0..25 {
        let rows: Vec<Value> = (0..100)
            .map(|n| json!({"likes": 0, "title": format!("{part}-{n}")}))
            .collect();
        shop.key
            .post(&shop.path(""), json!({"rows": rows}))
            .await
            .assert_status(201);
    }
    let data = json!({"likes": {"method": "increment", "values": [1]}});
    let reply = shop.key.patch(&shop.path(""), json!({"data": data})).await;
    assert_eq!(reply.assert_status(200).body["total"], 2500);
    assert_eq!(reply.body["rows"].as_array().map(Vec::len), Some(100));
    let once = r#"{"method":"equal","attribute":"likes","values":[1]}"#;
    let found = shop.key.get(&format!("{}?queries[]={once}", shop.path(""))).await;
    assert_eq!(found.assert_status(200).body["total"], 2500);
    let gone = shop.key.delete(&shop.path("")).await;
    assert_eq!(gone.assert_status(200).body["total"], 2500);
}

#[tokio::test]
async fn tables_with_relationships_are_written_row_by_row() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.add_table("authors", json!([])).await;
        let related = if vocabulary == Vocabulary::TABLES {
            "relatedTableId"
        } else {
            "relatedCollectionId"
        };
        shop.column(
            "relationship",
            json!({(related): "authors", "type": "manyToOne", "key": "author"}),
        )
        .await;
        shop.create(&shop.key, "one", json!({"title": "x"}))
            .await
            .assert_status(201);
        let several = json!({(vocabulary.rows): [{"title": "x"}]});
        for (method, body) in [
            (Method::POST, several.clone()),
            (Method::PUT, several),
            (Method::PATCH, json!({"data": {"title": "y"}})),
            (Method::DELETE, json!({})),
        ] {
            let reply = shop.key.send(method, &shop.path(""), Some(body)).await;
            reply.assert(400, "general_bad_request");
        }
        assert_eq!(shop.get("one").await.text("title"), "x");
    }
}

#[tokio::test]
async fn bulk_upserts_create_and_update_rows() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.create(&shop.key, "one", json!({"title": "One", "likes": 1})).await;
        let rows = json!([{"$id": "one", "likes": 2}, {"$id": "two", "title": "Two"}, {"title": "Three"}]);
        let reply = shop.key.put(&shop.path(""), json!({(vocabulary.rows): rows})).await;
        reply.assert_status(200);
        assert_eq!(reply.body["total"], 3);
        assert_eq!(reply.body[vocabulary.rows][0]["title"], "One");
        assert_eq!(shop.get("one").await.body["likes"], 2);
        assert_eq!(shop.get("two").await.body["title"], "Two");
    }
}

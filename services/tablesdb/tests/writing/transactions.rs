//! Transactions: their lifecycle and conflicts.

use std::time::Duration;

use testkit::{Vocabulary, json};

use crate::Shop;
use crate::staging::operation;

#[tokio::test]
async fn a_transaction_is_open_until_committed_or_rolled_back() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let created = shop.key.post(&shop.transactions(""), json!({"ttl": 60})).await;
        created.assert_status(201);
        assert_eq!(
            (created.text("status"), &created.body["operations"]),
            ("pending", &json!(0))
        );
        assert_eq!(created.text("expiresAt"), "2026-11-21T12:01:00.000+00:00");
        for ttl in [59, 3601] {
            shop.key
                .post(&shop.transactions(""), json!({"ttl": ttl}))
                .await
                .assert(400, "general_argument_invalid");
        }
        let id = created.text("$id");
        let path = shop.transactions(&format!("/{id}"));
        for both in [json!({}), json!({"commit": true, "rollback": true})] {
            shop.key.patch(&path, both).await.assert(400, "general_bad_request");
        }
        let body = json!({(vocabulary.row_id): "one", "data": {"title": "x"}, "transactionId": id});
        shop.key.post(&shop.path(""), body.clone()).await.assert_status(201);
        let ended = shop.key.patch(&path, json!({"rollback": true})).await;
        assert_eq!(ended.assert_status(200).text("status"), "failed");
        shop.get("one").await.assert(404, &shop.error("row_not_found"));
        shop.commit(&shop.key, id).await.assert(400, "transaction_not_ready");
        shop.key
            .post(&shop.path(""), body)
            .await
            .assert(400, "transaction_not_ready");
        let create = operation(&shop, "create", "one", json!({"title": "x"}));
        shop.key
            .post(&format!("{path}/operations"), json!({"operations": [create]}))
            .await
            .assert(400, "general_bad_request");
        shop.key
            .get(&format!("{}?transactionId={id}", shop.path("")))
            .await
            .assert(400, "transaction_not_ready");

        let pending = r#"{"method":"equal","attribute":"status","values":["pending"]}"#;
        shop.begin(&shop.key).await;
        let list = shop
            .key
            .get(&format!("{}?queries[]={pending}", shop.transactions("")))
            .await;
        assert_eq!(list.assert_status(200).body["total"], 1);
        shop.key.delete(&path).await.assert_status(204);
        shop.key.get(&path).await.assert(404, "transaction_not_found");
        shop.key.delete(&path).await.assert(404, "transaction_not_found");
        shop.commit(&shop.key, "none")
            .await
            .assert(404, "transaction_not_found");
    }
}

#[tokio::test]
async fn an_expired_transaction_has_no_effect_and_is_deleted() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let id = shop.begin(&shop.key).await;
    let body = json!({"rowId": "one", "data": {"title": "x"}, "transactionId": id});
    shop.key.post(&shop.path(""), body.clone()).await.assert_status(201);
    shop.server.advance(Duration::from_secs(301));
    shop.commit(&shop.key, &id).await.assert(400, "transaction_expired");
    shop.key
        .post(&shop.path(""), body)
        .await
        .assert(400, "transaction_expired");
    shop.get("one").await.assert(404, "row_not_found");
    shop.server.advance(Duration::from_secs(25 * 60 * 60));
    shop.begin(&shop.key).await;
    let path = shop.transactions(&format!("/{id}"));
    shop.key.get(&path).await.assert(404, "transaction_not_found");
}

#[tokio::test]
async fn a_conflicting_transaction_fails_as_a_whole() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let status = async |id: &str| shop.key.get(&shop.transactions(&format!("/{id}"))).await;
        shop.create(&shop.key, "old", json!({"title": "x", "likes": 990})).await;
        let stage = async |id: &str, operations: Vec<testkit::Value>| {
            let path = shop.transactions(&format!("/{id}/operations"));
            let reply = shop.key.post(&path, json!({"operations": operations})).await;
            reply.assert_status(201);
        };
        let first = operation(&shop, "create", "first", json!({"title": "x"}));

        // The row is changed by another request after staging.
        let id = shop.begin(&shop.key).await;
        stage(
            &id,
            vec![first.clone(), operation(&shop, "update", "old", json!({"title": "y"}))],
        )
        .await;
        shop.server.advance(Duration::from_millis(5));
        shop.update(&shop.key, "old", json!({"title": "z"}))
            .await
            .assert_status(200);
        shop.commit(&shop.key, &id).await.assert(409, "transaction_conflict");
        assert_eq!(status(&id).await.text("status"), "failed");
        shop.get("first").await.assert(404, &shop.error("row_not_found"));
        assert_eq!(shop.get("old").await.text("title"), "z");

        // The row is created by another request after staging.
        let id = shop.begin(&shop.key).await;
        stage(
            &id,
            vec![first.clone(), operation(&shop, "create", "new", json!({"title": "y"}))],
        )
        .await;
        shop.create(&shop.key, "new", json!({"title": "z"}))
            .await
            .assert_status(201);
        shop.commit(&shop.key, &id).await.assert(409, "transaction_conflict");

        // The row is deleted by another request after staging.
        let id = shop.begin(&shop.key).await;
        stage(
            &id,
            vec![first.clone(), operation(&shop, "update", "new", json!({"title": "y"}))],
        )
        .await;
        shop.key.delete(&shop.path("/new")).await.assert_status(204);
        shop.commit(&shop.key, &id)
            .await
            .assert(404, &shop.error("row_not_found"));

        // A row matched by a bulk update is changed by another request after staging.
        let id = shop.begin(&shop.key).await;
        let all = json!({"data": {"title": "all"}, "queries": []});
        stage(&id, vec![first.clone(), operation(&shop, "bulkUpdate", "", all)]).await;
        shop.server.advance(Duration::from_millis(5));
        shop.update(&shop.key, "old", json!({"title": "again"}))
            .await
            .assert_status(200);
        shop.commit(&shop.key, &id).await.assert(409, "transaction_conflict");

        // Invalid values are staged; the commit returns the error.
        let id = shop.begin(&shop.key).await;
        stage(
            &id,
            vec![
                first.clone(),
                operation(&shop, "create", "bad", json!({"likes": "many"})),
            ],
        )
        .await;
        shop.commit(&shop.key, &id)
            .await
            .assert(400, &shop.error("row_invalid_structure"));
        let id = shop.begin(&shop.key).await;
        let nul = operation(&shop, "create", "bad", json!({"title": "a\u{0}b"}));
        stage(&id, vec![first.clone(), nul]).await;
        shop.commit(&shop.key, &id)
            .await
            .assert(400, &shop.error("row_invalid_structure"));
        let id = shop.begin(&shop.key).await;
        let column = vocabulary.columns.trim_end_matches('s');
        let count = json!({(column): "likes", "value": 20});
        stage(&id, vec![first.clone(), operation(&shop, "increment", "old", count)]).await;
        shop.commit(&shop.key, &id)
            .await
            .assert(400, &shop.error("column_limit_exceeded"));

        shop.get("first").await.assert(404, &shop.error("row_not_found"));
        let id = shop.begin(&shop.key).await;
        stage(&id, vec![first]).await;
        assert_eq!(
            shop.commit(&shop.key, &id).await.assert_status(200).text("status"),
            "committed"
        );
        shop.get("first").await.assert_status(200);
    }
}

#[tokio::test]
async fn a_transaction_does_not_conflict_with_itself() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.create(&shop.key, "old", json!({"title": "x", "likes": 1})).await;
        let id = shop.begin(&shop.key).await;
        let column = vocabulary.columns.trim_end_matches('s');
        let operations = json!([
            operation(&shop, "update", "old", json!({"title": "y"})),
            operation(&shop, "bulkUpdate", "", json!({"data": {"likes": 5}})),
            operation(&shop, "increment", "old", json!({(column): "likes"})),
            operation(&shop, "create", "new", json!({"title": "new"})),
            operation(&shop, "upsert", "new", json!({"likes": 3})),
            operation(
                &shop,
                "decrement",
                "new",
                json!({(column): "likes", "value": 2, "min": 0})
            ),
            operation(
                &shop,
                "bulkDelete",
                "",
                json!({"queries": [r#"{"method":"equal","attribute":"likes","values":[6]}"#]})
            ),
        ]);
        let path = shop.transactions(&format!("/{id}/operations"));
        shop.key
            .post(&path, json!({"operations": operations}))
            .await
            .assert_status(201);
        shop.server.advance(Duration::from_secs(1));
        shop.commit(&shop.key, &id).await.assert_status(200);
        shop.get("old").await.assert(404, &shop.error("row_not_found"));
        assert_eq!(shop.get("new").await.body["likes"], 1);

        let database = shop.server.running.app.engine.database("shop");
        let events = db::testing::change_log(&database).await;
        let names: Vec<String> = events.into_iter().map(|one| one.event.name()).collect();
        let of = |row: &str, what: &str| {
            format!(
                "databases.main.{}.posts.{}.{row}.{what}",
                vocabulary.tables, vocabulary.rows
            )
        };
        let expected = [
            of("old", "create"),
            of("old", "update"),
            of("old", "update"),
            of("old", "update"),
            of("new", "create"),
            of("new", "update"),
            of("new", "update"),
            of("old", "delete"),
        ];
        let of_rows: Vec<&String> = names
            .iter()
            .filter(|name| name.contains(".posts.") && name.contains(&format!(".{}.", vocabulary.rows)))
            .collect();
        assert_eq!(
            of_rows,
            expected.iter().collect::<Vec<_>>(),
            "bulk operations leave events, too"
        );
    }
}

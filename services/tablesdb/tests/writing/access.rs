//! Write permissions on rows.

use testkit::{Value, Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn rows_default_to_the_permissions_of_their_creator() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let (ada, grace) = (
            shop.server.user("shop", "ada").await,
            shop.server.user("shop", "grace").await,
        );
        shop.create(&ada, "one", json!({"title": "x"}))
            .await
            .assert(401, "user_unauthorized");
        shop.permit(&["create(\"users\")"]).await;
        let created = shop.create(&ada, "one", json!({"title": "x"})).await;
        let own = json!(["read(\"user:ada\")", "update(\"user:ada\")", "delete(\"user:ada\")"]);
        assert_eq!(created.assert_status(201).body["$permissions"], own);
        let guest = shop.server.guest("shop");
        shop.create(&guest, "two", json!({"title": "x"}))
            .await
            .assert(401, "user_unauthorized");

        for stranger in [&grace, &guest] {
            stranger
                .get(&shop.path("/one"))
                .await
                .assert(404, &shop.error("row_not_found"));
            shop.update(stranger, "one", json!({"title": "y"}))
                .await
                .assert(401, "user_unauthorized");
            stranger
                .delete(&shop.path("/one"))
                .await
                .assert(401, "user_unauthorized");
            stranger
                .put(&shop.path("/one"), json!({"data": {"title": "y"}}))
                .await
                .assert(401, "user_unauthorized");
            stranger
                .patch(&shop.path("/one/likes/increment"), json!({}))
                .await
                .assert(401, "user_unauthorized");
        }
        shop.update(&ada, "one", json!({"title": "y"})).await.assert_status(200);
        ada.delete(&shop.path("/one")).await.assert_status(204);

        // An explicitly empty list grants no permissions, not even to the creator.
        let body = json!({(vocabulary.row_id): "three", "data": {"title": "x"}, "permissions": []});
        let created = ada.post(&shop.path(""), body).await;
        assert_eq!(created.assert_status(201).body["$permissions"], json!([]));
        ada.get(&shop.path("/three"))
            .await
            .assert(404, &shop.error("row_not_found"));
    }
}

#[tokio::test]
async fn updates_need_no_read_permission() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let ada = shop.server.user("shop", "ada").await;
        let body = |id: &str, permissions: &[&str]| json!({(vocabulary.row_id): id, "data": {"title": "x"}, "permissions": permissions});
        shop.key
            .post(&shop.path(""), body("writable", &["update(\"any\")"]))
            .await;
        shop.key
            .post(&shop.path(""), body("readable", &["read(\"any\")"]))
            .await;
        shop.update(&ada, "writable", json!({"title": "x"}))
            .await
            .assert_status(200);
        shop.update(&ada, "writable", json!({"title": "y"}))
            .await
            .assert_status(200);
        shop.update(&ada, "readable", json!({"title": "x"}))
            .await
            .assert_status(200);
        shop.update(&ada, "readable", json!({"title": "y"}))
            .await
            .assert(401, "user_unauthorized");
        // Permissions are checked before values are validated.
        shop.update(&ada, "readable", json!({"likes": "many"}))
            .await
            .assert(401, "user_unauthorized");
    }
}

#[tokio::test]
async fn a_write_answers_no_more_than_the_caller_may_read() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let ada = shop.server.user("shop", "ada").await;
        let row = json!({
            (vocabulary.row_id): "one", "data": {"title": "secret", "likes": 7}, "permissions": ["update(\"any\")"],
        });
        shop.key.post(&shop.path(""), row).await.assert_status(201);
        let path = shop.path("/one");
        let replace = json!({"method": "stringReplace", "values": ["q", "r"]}).to_string();
        let begun = [shop.begin(&ada).await, shop.begin(&ada).await];
        let staged = |data: Value, id: &str| json!({"data": data, "transactionId": id});
        let replies = [
            (
                "equal",
                &["title"][..],
                ada.patch(&path, json!({"data": {"title": "secret"}})).await,
            ),
            (
                "other",
                &["title"],
                ada.patch(&path, json!({"data": {"title": "open"}})).await,
            ),
            (
                "back",
                &["title"],
                ada.patch(&path, json!({"data": {"title": "secret"}})).await,
            ),
            (
                "equal put",
                &["likes"],
                ada.put(&path, json!({"data": {"likes": 7}})).await,
            ),
            (
                "operator",
                &[],
                ada.patch(&path, json!({"data": {"title": replace}})).await,
            ),
            (
                "operator put",
                &[],
                ada.put(&path, json!({"data": {"title": replace}})).await,
            ),
            (
                "increment",
                &[],
                ada.patch(&shop.path("/one/likes/increment"), json!({})).await,
            ),
            (
                "decrement",
                &[],
                ada.patch(&shop.path("/one/likes/decrement"), json!({})).await,
            ),
            (
                "staged equal",
                &["title"],
                ada.patch(&path, staged(json!({"title": "secret"}), &begun[0])).await,
            ),
            (
                "staged other",
                &["title"],
                ada.patch(&path, staged(json!({"title": "open"}), &begun[0])).await,
            ),
            (
                "staged put",
                &["likes"],
                ada.put(&path, staged(json!({"likes": 7}), &begun[1])).await,
            ),
        ];
        for (what, sent, reply) in replies {
            assert!(
                matches!(reply.status, 200 | 201),
                "{what}: {} {}",
                reply.status,
                reply.body
            );
            let columns: Vec<&str> = ["title", "likes"]
                .into_iter()
                .filter(|key| reply.body.get(key).is_some())
                .collect();
            assert_eq!(columns, sent, "{what}");
            assert_eq!(reply.body["$id"], "one", "{what}");
            assert_eq!(reply.body["$permissions"], json!([]), "{what}");
        }
        // Equal and other values have the same effects, too: the time of the change, and an event.
        let before = shop.get("one").await;
        shop.server.advance(std::time::Duration::from_secs(1));
        ada.patch(&path, json!({"data": {"title": "secret"}}))
            .await
            .assert_status(200);
        let after = shop.get("one").await;
        assert_ne!(before.body["$updatedAt"], after.body["$updatedAt"]);
        // Events are for readers, and have the whole row.
        let events: Vec<String> = shop
            .server
            .running
            .app
            .engine
            .database("shop")
            .read(|tx| {
                tx.sql_all(
                    "SELECT CAST(payload AS text) FROM _log WHERE subject LIKE '%/rows/one' ORDER BY seq",
                    &[],
                )
            })
            .await
            .expect("events");
        let last = events.last().expect("an event");
        let event: Value = serde_json::from_str(last).expect("JSON");
        assert_eq!(event["likes"], 7);
        // Whoever may read a row gets all of it.
        let readable = json!({"permissions": ["update(\"any\")", "read(\"users\")"]});
        shop.key.patch(&path, readable).await.assert_status(200);
        let whole = ada.patch(&path, json!({"data": {"title": "secret"}})).await;
        assert_eq!(whole.assert_status(200).body["likes"], 7);
    }
}

#[tokio::test]
async fn clients_can_grant_only_their_own_roles() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.permit(&["create(\"users\")"]).await;
        let ada = shop.server.user("shop", "ada").await;
        let with = |id: &str, permissions: &[&str]| json!({(vocabulary.row_id): id, "data": {"title": "x"}, "permissions": permissions});
        let refused = ada.post(&shop.path(""), with("one", &["read(\"user:grace\")"])).await;
        refused.assert(401, "user_unauthorized");
        assert!(
            refused
                .text("message")
                .starts_with("Permissions must be one of: (any, ")
        );
        ada.post(&shop.path(""), with("one", &["read(\"users\")", "write(\"user:ada\")"]))
            .await
            .assert_status(201);
        let path = shop.path("/one");
        let grant = json!({"permissions": ["read(\"team:other\")"]});
        ada.patch(&path, grant.clone()).await.assert(401, "user_unauthorized");
        ada.put(
            &path,
            json!({"data": {"title": "x"}, "permissions": ["read(\"team:other\")"]}),
        )
        .await
        .assert(401, "user_unauthorized");
        let granted = shop.key.patch(&path, grant).await;
        assert_eq!(
            granted.assert_status(200).body["$permissions"],
            json!(["read(\"team:other\")"])
        );
        ada.patch(&path, json!({"permissions": ["create(\"any\")"]}))
            .await
            .assert(400, "general_argument_invalid");
    }
}

#[tokio::test]
async fn row_permissions_are_ignored_without_row_security() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let ada = shop.server.user("shop", "ada").await;
    shop.permit(&["create(\"users\")"]).await;
    shop.create(&ada, "one", json!({"title": "x"})).await.assert_status(201);
    let body = json!({"name": "posts", "permissions": ["read(\"users\")"], "rowSecurity": false});
    let table = shop.vocabulary.table("main", "posts");
    shop.key.put(&table, body).await.assert_status(200);
    shop.update(&ada, "one", json!({"title": "y"}))
        .await
        .assert(401, "user_unauthorized");
    ada.get(&shop.path("/one")).await.assert_status(200);

    // A disabled table does not exist for clients.
    let body = json!({"name": "posts", "permissions": ["update(\"users\")"], "enabled": false});
    shop.key.put(&table, body).await.assert_status(200);
    shop.update(&ada, "one", json!({"title": "y"}))
        .await
        .assert(404, "table_not_found");
    shop.update(&shop.key, "one", json!({"title": "y"}))
        .await
        .assert_status(200);
}

//! Write permissions on rows.

use testkit::{Vocabulary, json};

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
async fn updates_need_no_read_permission_unless_nothing_changes() {
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
            .assert(401, "user_unauthorized");
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

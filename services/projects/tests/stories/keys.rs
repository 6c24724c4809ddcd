//! Keys of servers and of developers, and keys for a short while.

use std::time::Duration;

use testkit::json;

use crate::shop;

#[tokio::test]
async fn a_key_opens_what_its_scopes_name_until_it_is_revoked() {
    let (server, owner) = shop().await;
    let body = json!({"name": "server", "scopes": ["users.read", "users.read"]});
    let made = owner.post("/v1/projects/shop/keys", body).await;
    made.assert_status(201);
    let secret = made.text("secret").to_owned();
    assert!(secret.starts_with("standard_") && secret.len() == 265, "{secret}");
    assert_eq!(made.body["scopes"], json!(["users.read"]));
    assert_eq!(made.text("expire"), "");
    let path = format!("/v1/projects/shop/keys/{}", made.text("$id"));
    let holder = server.guest("shop").with_header("x-appwrite-key", &secret);
    holder
        .get("/v1/account")
        .await
        .assert(401, "general_unauthorized_scope");
    assert_eq!(owner.get(&path).await.text("secret"), secret);

    let expiring = json!({"name": "server", "scopes": ["users.read"], "expire": "2026-11-21T12:30:00.000+00:00"});
    let changed = owner.put(&path, expiring).await;
    assert_eq!(changed.assert_status(200).text("secret"), secret);
    server.advance(Duration::from_secs(3600));
    holder.get("/v1/users").await.assert(401, "project_key_expired");

    owner.delete(&path).await.assert_status(204);
    holder.get("/v1/users").await.assert(401, "user_unauthorized");
    owner.get(&path).await.assert(404, "key_not_found");
}

#[tokio::test]
async fn keys_hold_only_scopes_of_keys() {
    let (_server, owner) = shop().await;
    for scope in ["projects.write", "account", "everything"] {
        let body = json!({"name": "server", "scopes": [scope]});
        owner
            .post("/v1/projects/shop/keys", body.clone())
            .await
            .assert(400, "general_argument_invalid");
        owner
            .post("/v1/projects/shop/jwts", body)
            .await
            .assert(400, "general_argument_invalid");
    }
    let body = json!({"keyId": "mine", "name": "server", "scopes": []});
    assert_eq!(
        owner.post("/v1/projects/shop/keys", body.clone()).await.text("$id"),
        "mine"
    );
    owner
        .post("/v1/projects/shop/keys", body)
        .await
        .assert(409, "key_already_exists");
}

#[tokio::test]
async fn keys_are_listed_all_or_by_queries() {
    let (_server, owner) = shop().await;
    for number in 0..30 {
        let body = json!({"name": format!("key {number}"), "scopes": []});
        owner.post("/v1/projects/shop/keys", body).await.assert_status(201);
    }

    let all = owner.get("/v1/projects/shop/keys").await;
    let equal = r#"queries[]={"method":"equal","attribute":"name","values":["key 7"]}"#;
    let one = owner.get(&format!("/v1/projects/shop/keys?{equal}")).await;

    assert_eq!(
        (&all.body["total"], all.body["keys"].as_array().unwrap().len()),
        (&json!(30), 30)
    );
    assert_eq!(
        (&one.body["total"], one.body["keys"][0]["name"].as_str()),
        (&json!(1), Some("key 7"))
    );
    assert_eq!(owner.get("/v1/projects/shop/keys?total=false").await.body["total"], 0);
}

#[tokio::test]
async fn a_key_for_a_short_while_holds_for_that_while_and_that_project() {
    let (server, owner) = shop().await;
    server.project(&owner, "other").await;
    let body = json!({"scopes": ["health.read"], "duration": 60});
    let made = owner.post("/v1/projects/shop/jwts", body).await;
    made.assert_status(201);
    let jwt = made.text("jwt").to_owned();
    assert!(jwt.starts_with("dynamic_"), "{jwt}");
    let holder = |project: &str| server.guest(project).with_header("x-appwrite-key", &jwt);

    holder("shop").get("/v1/health").await.assert_status(200);
    holder("other")
        .get("/v1/health")
        .await
        .assert(401, "general_unauthorized_scope");
    server.advance(Duration::from_secs(61));
    holder("shop")
        .get("/v1/health")
        .await
        .assert(401, "project_key_expired");
}

#[tokio::test]
async fn a_developers_key_lifts_the_origin_check_while_it_holds() {
    let (server, owner) = shop().await;
    let body = json!({"name": "laptop", "expire": "2026-11-21T13:00:00.000+00:00"});
    let made = owner.post("/v1/projects/shop/dev-keys", body).await;
    made.assert_status(201);
    let page = server
        .guest("shop")
        .with_header("origin", "https://not-yet.example")
        .with_header("x-appwrite-dev-key", made.text("secret"));
    let account =
        |name: &str| json!({"userId": name, "email": format!("{name}@example.com"), "password": testkit::PASSWORD});

    page.post("/v1/account", account("grace")).await.assert_status(201);
    let path = format!("/v1/projects/shop/dev-keys/{}", made.text("$id"));
    assert_eq!(owner.get("/v1/projects/shop/dev-keys").await.body["total"], 1);
    let shorter = json!({"name": "laptop", "expire": "2026-11-21T11:00:00.000+00:00"});
    owner.put(&path, shorter).await.assert_status(200);
    page.post("/v1/account", account("alan"))
        .await
        .assert(403, "general_unknown_origin");
    owner.delete(&path).await.assert_status(204);
    owner.get(&path).await.assert(404, "key_not_found");
}

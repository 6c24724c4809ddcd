use testkit::{PASSWORD, json, link_of};

use crate::shop;

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let (server, _) = shop().await;
    server.user("shop", "ada").await;
    let mut guest = server.guest("shop");
    let input = json!({"email": "ada@example.com", "url": "https://app.example/new-password"});

    let token = guest.post("/v1/account/recovery", input).await;

    token.assert_status(201);
    assert_eq!(token.text("secret"), "");
    let link = link_of(&server.mail_to("ada@example.com").await);
    assert_eq!(link["secret"].len(), 256);
    let proof = |secret: &str| json!({"userId": "ada", "secret": secret, "password": "a brand new one"});
    let wrong = "0".repeat(256);
    guest
        .put("/v1/account/recovery", proof(&wrong))
        .await
        .assert(401, "user_invalid_token");
    guest
        .put("/v1/account/recovery", proof(&link["secret"]))
        .await
        .assert_status(200);
    guest
        .put("/v1/account/recovery", proof(&link["secret"]))
        .await
        .assert(401, "user_invalid_token");
    guest
        .sign_in("ada@example.com", PASSWORD)
        .await
        .assert(401, "user_invalid_credentials");
    guest
        .sign_in("ada@example.com", "a brand new one")
        .await
        .assert_status(201);
    assert_eq!(guest.get("/v1/account").await.body["emailVerification"], true);
}

#[tokio::test]
async fn recovery_applies_the_password_policy() {
    let (server, owner) = shop().await;
    server.user("shop", "ada").await;
    let history = json!({"limit": 3});
    owner
        .patch("/v1/projects/shop/auth/password-history", history)
        .await
        .assert_status(200);
    let guest = server.guest("shop");
    let input = json!({"email": "ada@example.com", "url": "https://app.example/new-password"});
    guest.post("/v1/account/recovery", input).await.assert_status(201);
    let link = link_of(&server.mail_to("ada@example.com").await);

    let again = json!({"userId": "ada", "secret": link["secret"], "password": PASSWORD});
    let refused = guest.put("/v1/account/recovery", again).await;

    refused.assert(400, "password_recently_used");
}

#[tokio::test]
async fn unknown_and_blocked_users_get_no_recovery_mail() {
    let (server, owner) = shop().await;
    server.user("shop", "ada").await;
    let key = server.key(&owner, "shop", &["users.write"]).await;
    key.patch("/v1/users/ada/status", json!({"status": false}))
        .await
        .assert_status(200);
    let guest = server.guest("shop");
    let input = |email: &str| json!({"email": email, "url": "https://app.example/new-password"});
    guest
        .post("/v1/account/recovery", input("nobody@example.com"))
        .await
        .assert(404, "user_not_found");
    guest
        .post("/v1/account/recovery", input("ada@example.com"))
        .await
        .assert(401, "user_blocked");
}

//! Number of factors that a session needs.

use identity::sessions::{self, Proof};
use identity::{Origin, Policy, UserId, factors};
use testkit::{Actor, Server, json};

use crate::support::{answer, challenge, code, enable_mfa, set_up, shop, sign_in};

/// A session of `ada` opened by an OAuth2 provider; `multi`: the provider claims multi-factor authentication.
async fn by_provider(server: &Server, multi: bool) -> Actor {
    let (app, vault) = (&server.running.app, server.running.app.vault.clone());
    let shop = app.engine.database("shop");
    let opened = shop.write(move |tx| {
        let proof = Proof {
            provider: "github".to_owned(),
            provider_uid: "1".to_owned(),
            factors: factors::of_provider(multi),
            grant: None,
        };
        let user = UserId::trusted("ada");
        sessions::open(tx, &user, proof, &Origin::default(), &Policy::default(), &vault)
    });
    let token = opened.await.expect("a session").token;
    server.guest("shop").with_header("x-appwrite-session", &token)
}

#[tokio::test]
async fn a_provider_login_counts_as_one_factor() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = set_up(&server, &ada).await;
    let through = by_provider(&server, false).await;
    through.get("/v1/account").await.assert_status(200);
    enable_mfa(&ada).await;
    through
        .get("/v1/account")
        .await
        .assert(401, "user_more_factors_required");
    let reply = challenge(&through, "totp").await;
    let session = answer(&through, &reply, &code(&server, &secret, 0)).await;
    assert_eq!(
        session.assert_status(200).body["factors"],
        json!(["email", "oauth2", "totp"])
    );
    through.get("/v1/account").await.assert_status(200);
    let trusted = by_provider(&server, true).await;
    trusted.get("/v1/account").await.assert_status(200);
}

#[tokio::test]
async fn enabling_mfa_does_not_lock_the_user_out() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let verified = json!({"emailVerification": true});
    key.patch("/v1/users/ada/verification", verified)
        .await
        .assert_status(200);
    let through = by_provider(&server, false).await;
    enable_mfa(&through).await;
    let session = through.get("/v1/account/sessions/current").await;
    assert_eq!(
        session.assert_status(200).body["factors"],
        json!(["email", "oauth2", "email"])
    );
    ada.get("/v1/account").await.assert(401, "user_more_factors_required");
    through
        .patch("/v1/account/mfa", json!({"mfa": false}))
        .await
        .assert_status(200);
    ada.get("/v1/account").await.assert_status(200);
}

#[tokio::test]
async fn users_without_a_second_factor_are_not_challenged() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    enable_mfa(&ada).await;
    sign_in(&server, "ada")
        .await
        .get("/v1/account")
        .await
        .assert_status(200);
    let verified = json!({"phoneVerification": true});
    key.patch("/v1/users/ada/verification/phone", verified)
        .await
        .assert_status(200);
    sign_in(&server, "ada")
        .await
        .get("/v1/account")
        .await
        .assert(401, "user_more_factors_required");
}

#[tokio::test]
async fn a_session_with_too_few_factors_is_restricted() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    set_up(&server, &ada).await;
    enable_mfa(&ada).await;
    let phone = sign_in(&server, "ada").await;
    for path in ["/v1/account", "/v1/account/sessions", "/v1/account/mfa/recovery-codes"] {
        phone.get(path).await.assert(401, "user_more_factors_required");
    }
    let off = phone.patch("/v1/account/mfa", json!({"mfa": false})).await;
    off.assert(401, "user_more_factors_required");
    let codes = phone.post("/v1/account/mfa/recovery-codes", json!({})).await;
    codes.assert(401, "user_more_factors_required");
    let app = phone.post("/v1/account/mfa/authenticators/totp", json!({})).await;
    app.assert(401, "user_more_factors_required");
    phone.delete("/v1/account/sessions/current").await.assert_status(204);
}

#[tokio::test]
async fn console_users_can_have_second_factors() {
    let (server, _) = shop().await;
    let root = server.guest("console");
    let mut root = root;
    root.sign_in("root@example.com", testkit::PASSWORD)
        .await
        .assert_status(201);
    let secret = set_up(&server, &root).await;
    enable_mfa(&root).await;
    let mut other = server.guest("console");
    other
        .sign_in("root@example.com", testkit::PASSWORD)
        .await
        .assert_status(201);
    other
        .get("/v1/projects/shop")
        .await
        .assert(401, "user_more_factors_required");
    let admin = other.clone().administering("shop").get("/v1/users").await;
    admin.assert(401, "user_more_factors_required");
    let reply = challenge(&other, "totp").await;
    answer(&other, &reply, &code(&server, &secret, 0))
        .await
        .assert_status(200);
    other.get("/v1/projects/shop").await.assert_status(200);
}

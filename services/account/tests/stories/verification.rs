use testkit::{PASSWORD, code_of, json, link_of};

use crate::shop;

#[tokio::test]
async fn an_address_is_verified_by_old_and_new_paths() {
    let (server, _) = shop().await;
    for (name, path) in [
        ("ada", "/v1/account/verification"),
        ("grace", "/v1/account/verifications/email"),
    ] {
        let user = server.user("shop", name).await;
        let token = user.post(path, json!({"url": "https://app.example/v"})).await;
        token.assert_status(201);
        let link = link_of(&server.mail_to(&format!("{name}@example.com")).await);
        // The link proves access to the mailbox, so no session is needed.
        let proof = json!({"userId": name, "secret": link["secret"]});
        let guest = server.guest("shop");
        guest.put(path, proof.clone()).await.assert_status(200);
        guest.put(path, proof).await.assert(401, "user_invalid_token");
        assert_eq!(user.get("/v1/account").await.body["emailVerification"], true);
        user.post(path, json!({"url": "https://app.example/v"}))
            .await
            .assert(409, "user_email_already_verified");
    }
}

#[tokio::test]
async fn a_phone_verification_code_does_not_sign_in() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    ada.post("/v1/account/verifications/phone", json!({}))
        .await
        .assert(400, "user_phone_not_found");
    let phone = json!({"phone": "+15550100", "password": PASSWORD});
    ada.patch("/v1/account/phone", phone).await.assert_status(200);

    ada.post("/v1/account/verification/phone", json!({}))
        .await
        .assert_status(201);

    let code = code_of(&server.sms_to("+15550100").await);
    let proof = json!({"userId": "ada", "secret": code});
    let guest = server.guest("shop");
    guest
        .post("/v1/account/sessions/token", proof.clone())
        .await
        .assert(401, "user_invalid_token");
    guest
        .put("/v1/account/verification/phone", proof)
        .await
        .assert_status(200);
    assert_eq!(ada.get("/v1/account").await.body["phoneVerification"], true);
    ada.post("/v1/account/verifications/phone", json!({}))
        .await
        .assert(409, "user_phone_already_verified");
}

#[tokio::test]
async fn users_without_an_address_cannot_verify_one() {
    let (server, _) = shop().await;
    let mut nobody = server.guest("shop");
    let session = nobody.post("/v1/account/sessions/anonymous", json!({})).await;
    nobody.store_cookies(&session);

    let refused = nobody
        .post("/v1/account/verification", json!({"url": "https://app.example/v"}))
        .await;

    refused.assert(400, "user_email_not_found");
}

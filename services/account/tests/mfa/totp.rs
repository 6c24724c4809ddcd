//! Authenticator apps.

use std::time::Duration;

use testkit::json;

use crate::support::{STEP, answer, challenge, code, enable_mfa, set_up, shop, sign_in, wrong_code};

const APP: &str = "/v1/account/mfa/authenticators/totp";

#[tokio::test]
async fn an_authenticator_is_set_up_and_verifies_the_next_session() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let created = ada.post("/v1/account/mfa/authenticators/TOTP", json!({})).await;
    let secret = created.assert_status(200).text("secret").to_owned();
    let uri =
        format!("otpauth://totp/shop:ada%40example.com?secret={secret}&issuer=shop&algorithm=SHA1&digits=6&period=30");
    assert_eq!(created.text("uri"), uri);
    assert_eq!(
        ada.get("/v1/account/mfa/factors").await.body["totp"],
        false,
        "not shown to work yet"
    );
    let verified = ada.put(APP, json!({"otp": code(&server, &secret, 0)})).await;
    assert_eq!(verified.assert_status(200).text("$id"), "ada");
    let factors = json!({"totp": true, "phone": false, "email": false, "recoveryCode": false});
    assert_eq!(ada.get("/v1/account/mfa/factors").await.body, factors);
    assert_eq!(key.get("/v1/users/ada/mfa/factors").await.body, factors);
    let session = ada.get("/v1/account/sessions/current").await;
    assert_eq!(session.body["factors"], json!(["password", "totp"]));
    assert_eq!(session.text("mfaUpdatedAt"), "");
    enable_mfa(&ada).await;
    ada.get("/v1/account").await.assert_status(200);

    let phone = sign_in(&server, "ada").await;
    phone.get("/v1/account").await.assert(401, "user_more_factors_required");
    assert_eq!(
        phone.get("/v1/account/mfa/factors").await.body,
        factors,
        "needed to choose one"
    );
    let reply = challenge(&phone, "totp").await;
    let session = answer(&phone, &reply, &code(&server, &secret, 0)).await;
    assert_eq!(session.assert_status(200).body["factors"], json!(["password", "totp"]));
    assert_eq!(
        (session.body["current"].clone(), session.text("secret")),
        (json!(true), "")
    );
    assert_eq!(session.text("mfaUpdatedAt"), server.clock.now().to_string());
    phone.get("/v1/account").await.assert_status(200);
    answer(&phone, &reply, &code(&server, &secret, 1))
        .await
        .assert(401, "user_invalid_token");
}

#[tokio::test]
async fn only_unverified_authenticators_are_replaced() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    ada.put(APP, json!({"otp": "123456"}))
        .await
        .assert(404, "user_authenticator_not_found");
    let first = ada.post(APP, json!({})).await.text("secret").to_owned();
    let second = ada.post(APP, json!({})).await.text("secret").to_owned();
    assert_ne!(first, second);
    let otp = code(&server, &first, 0);
    if (-1..=1).all(|steps| code(&server, &second, steps) != otp) {
        ada.put(APP, json!({"otp": otp}))
            .await
            .assert(401, "user_invalid_token");
    }
    ada.put(APP, json!({"otp": code(&server, &second, 0)}))
        .await
        .assert_status(200);
    ada.post(APP, json!({}))
        .await
        .assert(409, "user_authenticator_already_verified");
    let again = json!({"otp": code(&server, &second, 0)});
    ada.put(APP, again)
        .await
        .assert(409, "user_authenticator_already_verified");
    ada.post("/v1/account/mfa/authenticators/hotp", json!({}))
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn set_up_allows_ten_wrong_codes() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = ada.post(APP, json!({})).await.text("secret").to_owned();
    for _ in 0..10 {
        let wrong = json!({"otp": wrong_code(&server, &secret)});
        ada.put(APP, wrong).await.assert(401, "user_invalid_token");
    }
    let right = json!({"otp": code(&server, &secret, 0)});
    ada.put(APP, right).await.assert(401, "user_invalid_token");
    set_up(&server, &ada).await;
}

#[tokio::test]
async fn a_totp_code_is_valid_one_step_around_and_once() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = set_up(&server, &ada).await;
    for steps in [-2, 2] {
        let reply = challenge(&ada, "totp").await;
        let otp = code(&server, &secret, steps);
        if (-1..=1).all(|near| code(&server, &secret, near) != otp) {
            answer(&ada, &reply, &otp).await.assert(401, "user_invalid_token");
        }
    }
    // The code that verified the app is not counted as used.
    let now = code(&server, &secret, 0);
    let reply = challenge(&ada, "totp").await;
    answer(&ada, &reply, &now).await.assert_status(200);
    let again = challenge(&ada, "totp").await;
    answer(&ada, &again, &now).await.assert(401, "user_invalid_token");
    answer(&ada, &again, &code(&server, &secret, -1))
        .await
        .assert(401, "user_invalid_token");
    answer(&ada, &again, &code(&server, &secret, 1))
        .await
        .assert_status(200);
    server.advance(STEP * 3);
    let late = challenge(&ada, "totp").await;
    answer(&ada, &late, &code(&server, &secret, -1))
        .await
        .assert_status(200);
    let session = ada.get("/v1/account/sessions/current").await;
    assert_eq!(session.body["factors"], json!(["password", "totp"]), "added once");
}

#[tokio::test]
async fn concurrent_uses_of_one_code_succeed_once() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = set_up(&server, &ada).await;
    let (left, right) = (sign_in(&server, "ada").await, sign_in(&server, "ada").await);
    let (at_left, at_right) = (challenge(&left, "totp").await, challenge(&right, "totp").await);
    let otp = code(&server, &secret, 0);
    let (one, other) = tokio::join!(answer(&left, &at_left, &otp), answer(&right, &at_right, &otp));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn an_authenticator_is_removed_after_a_challenge_or_by_a_server() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    ada.delete(APP).await.assert(401, "user_challenge_required");
    let secret = set_up(&server, &ada).await;
    ada.delete(APP).await.assert(401, "user_challenge_required");
    let reply = challenge(&ada, "totp").await;
    answer(&ada, &reply, &code(&server, &secret, 0))
        .await
        .assert_status(200);
    server.advance(Duration::from_secs(1801));
    ada.delete(APP).await.assert(401, "user_challenge_required");
    let reply = challenge(&ada, "totp").await;
    answer(&ada, &reply, &code(&server, &secret, 0))
        .await
        .assert_status(200);
    server.advance(Duration::from_secs(1800));
    enable_mfa(&ada).await;
    ada.delete(APP).await.assert_status(204);
    ada.delete(APP).await.assert(404, "user_authenticator_not_found");
    assert_eq!(ada.get("/v1/account/mfa/factors").await.body["totp"], false);
    // A user without a second factor needs none.
    sign_in(&server, "ada")
        .await
        .get("/v1/account")
        .await
        .assert_status(200);

    set_up(&server, &ada).await;
    let phone = sign_in(&server, "ada").await;
    phone.get("/v1/account").await.assert(401, "user_more_factors_required");
    let path = "/v1/users/ada/mfa/authenticators/totp";
    key.delete(path).await.assert_status(204);
    phone.get("/v1/account").await.assert_status(200);
    key.delete(path).await.assert(404, "user_authenticator_not_found");
    let nobody = "/v1/users/nobody/mfa/authenticators/totp";
    key.delete(nobody).await.assert(404, "user_not_found");
}

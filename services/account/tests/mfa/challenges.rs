//! Challenges: permitted callers, expiry, and number of attempts.

use std::time::Duration;

use testkit::{Server, json};

use crate::support::{answer, challenge, code, set_up, shop, sign_in, wrong_code};

#[tokio::test]
async fn a_challenge_is_void_after_five_wrong_codes() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = set_up(&server, &ada).await;
    let asked = challenge(&ada, "totp").await;
    for _ in 0..5 {
        answer(&ada, &asked, &wrong_code(&server, &secret))
            .await
            .assert(401, "user_invalid_token");
    }
    answer(&ada, &asked, &code(&server, &secret, 0))
        .await
        .assert(401, "user_invalid_token");
    let other = challenge(&ada, "totp").await;
    answer(&ada, &other, &code(&server, &secret, 0))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn concurrent_wrong_codes_void_a_challenge() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = set_up(&server, &ada).await;
    let (asked, wrong) = (challenge(&ada, "totp").await, wrong_code(&server, &secret));
    let once = || answer(&ada, &asked, &wrong);
    let replies = tokio::join!(once(), once(), once(), once(), once(), once());
    for reply in [replies.0, replies.1, replies.2, replies.3, replies.4, replies.5] {
        reply.assert(401, "user_invalid_token");
    }
    answer(&ada, &asked, &code(&server, &secret, 0))
        .await
        .assert(401, "user_invalid_token");
}

#[tokio::test]
async fn a_challenge_is_bound_to_its_session_and_expires_after_an_hour() {
    let (server, _) = shop().await;
    let (ada, alan) = (server.user("shop", "ada").await, server.user("shop", "alan").await);
    let secret = set_up(&server, &ada).await;
    let tablet = sign_in(&server, "ada").await;
    let asked = challenge(&ada, "totp").await;
    let otp = code(&server, &secret, 0);
    for stranger in [&tablet, &alan] {
        answer(stranger, &asked, &otp).await.assert(401, "user_invalid_token");
    }
    for nonsense in ["", "none", "../x", "x y"] {
        answer(&ada, nonsense, &otp).await.assert(401, "user_invalid_token");
    }
    answer(&ada, &asked, &otp).await.assert_status(200);

    let late = challenge(&ada, "totp").await;
    server.advance(Duration::from_secs(3601));
    answer(&ada, &late, &code(&server, &secret, 0))
        .await
        .assert(401, "user_invalid_token");
    let gone = challenge(&tablet, "totp").await;
    tablet.delete("/v1/account/sessions/current").await.assert_status(204);
    answer(&ada, &gone, &code(&server, &secret, 0))
        .await
        .assert(401, "user_invalid_token");
}

#[tokio::test]
async fn the_older_path_is_the_same() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let secret = set_up(&server, &ada).await;
    let path = "/v1/account/mfa/challenge";
    let asked = ada.post(path, json!({"factor": "TOTP"})).await;
    let asked = asked.assert_status(200);
    assert_eq!(asked.text("userId"), "ada");
    assert_eq!(
        asked.text("expire"),
        server.clock.now().plus(Duration::from_secs(3600)).to_string()
    );
    let given = json!({"challengeId": asked.text("$id"), "otp": code(&server, &secret, 0)});
    ada.put(path, given).await.assert_status(200);
    ada.post(path, json!({"factor": "voice"}))
        .await
        .assert(400, "general_argument_invalid");
    let guest = server.guest("shop").post(path, json!({"factor": "totp"})).await;
    guest.assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn codes_are_sent_only_to_verified_addresses() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let ask = async |factor: &str| ada.post("/v1/account/mfa/challenges", json!({"factor": factor})).await;
    ask("email").await.assert(400, "user_email_not_verified");
    ask("phone").await.assert(400, "user_phone_not_found");
    let number = json!({"number": "+491701234567"});
    key.patch("/v1/users/ada/phone", number).await.assert_status(200);
    ask("phone").await.assert(400, "user_phone_not_verified");
    key.patch("/v1/users/ada/email", json!({"email": ""}))
        .await
        .assert_status(200);
    ask("email").await.assert(400, "user_email_not_found");
}

#[tokio::test]
async fn a_sent_code_is_valid_once_and_stored_as_a_digest() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let number = json!({"number": "+491701234567"});
    key.patch("/v1/users/ada/phone", number).await.assert_status(200);
    let proven = json!({"emailVerification": true});
    key.patch("/v1/users/ada/verification", proven).await.assert_status(200);
    let proven = json!({"phoneVerification": true});
    key.patch("/v1/users/ada/verification/phone", proven)
        .await
        .assert_status(200);
    for name in ["email", "phone"] {
        let asked = challenge(&ada, name).await;
        let sent = match name {
            "email" => {
                let mail = server.mail_to("ada@example.com").await;
                assert!(mail.subject.contains("security code"), "{}", mail.subject);
                mail.text
            }
            _ => server.sms_to("+491701234567").await,
        };
        let code = testkit::code_of(&sent);
        let shop = server.running.app.engine.database("shop");
        let stored = shop
            .read(|tx| tx.sql_one::<String>("SELECT secret FROM challenges", &[]))
            .await;
        assert_eq!(stored.expect("a row").len(), 64);
        let wrong = if code == "042138" { "042139" } else { "042138" };
        answer(&ada, &asked, wrong).await.assert(401, "user_invalid_token");
        let session = answer(&ada, &asked, &code).await;
        let factors = session.assert_status(200).body["factors"].clone();
        assert!(
            factors.as_array().is_some_and(|all| all.contains(&json!(name))),
            "{factors}"
        );
        answer(&ada, &asked, &code).await.assert(401, "user_invalid_token");
    }
}

#[tokio::test]
async fn challenges_are_refused_without_mail_and_sms() {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let ada = server.user("shop", "ada").await;
    let ask = async |factor: &str| ada.post("/v1/account/mfa/challenges", json!({"factor": factor})).await;
    ask("email").await.assert(503, "general_smtp_disabled");
    ask("phone").await.assert(503, "general_phone_disabled");
}

//! Challenges: who may answer, when, and how often.

use std::time::Duration;

use identity::factors::{Factor, challenges};
use identity::{SessionId, UserId};
use testkit::{Actor, Server, json};

use crate::support::{answer, challenge, code, set_up, shop, sign_in, wrong_code};

#[tokio::test]
async fn after_five_wrong_answers_a_challenge_is_void() {
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
async fn six_wrong_answers_at_once_void_a_challenge() {
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
async fn a_challenge_is_its_sessions_own_and_lasts_an_hour() {
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
async fn a_code_is_sent_only_to_what_is_known_to_be_the_users() {
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

/// A challenge as it is once its code was sent.
async fn sent(server: &Server, user: &Actor, factor: Factor) -> String {
    let session = user.get("/v1/account/sessions/current").await.text("$id").to_owned();
    let session = SessionId::trusted(session.as_str());
    let shop = server.running.app.engine.database("shop");
    let made = shop.write(move |tx| {
        let user = UserId::trusted("ada");
        challenges::create(tx, &user, &session, factor, Some("042137"))
    });
    made.await.expect("a challenge").id.to_string()
}

#[tokio::test]
async fn a_code_that_was_sent_is_good_once_and_lies_as_a_digest() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    for (factor, name) in [(Factor::Email, "email"), (Factor::Phone, "phone")] {
        let asked = sent(&server, &ada, factor).await;
        let shop = server.running.app.engine.database("shop");
        let stored = shop
            .read(|tx| tx.sql_one::<String>("SELECT secret FROM challenges", &[]))
            .await;
        assert_eq!(stored.expect("a row").len(), 64);
        answer(&ada, &asked, "042138").await.assert(401, "user_invalid_token");
        let session = answer(&ada, &asked, "042137").await;
        let factors = session.assert_status(200).body["factors"].clone();
        assert!(
            factors.as_array().is_some_and(|all| all.contains(&json!(name))),
            "{factors}"
        );
        answer(&ada, &asked, "042137").await.assert(401, "user_invalid_token");
    }
}

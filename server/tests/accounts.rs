//! Accounts: sign-up, sign-in, sign-out, JWTs, and rate limits.

use std::time::Duration;

use testkit::{Options, Server, json};

#[tokio::test]
async fn only_the_first_console_account_can_sign_up() {
    let server = Server::start().await;
    let first = server.console_user("ada").await;

    let second = server.guest("console");
    let account = json!({"userId": "unique()", "email": "eve@example.com", "password": "correct horse"});
    let reply = second.post("/v1/account", account).await;

    reply.assert(501, "user_console_count_exceeded");
    assert_eq!(first.get("/v1/account").await.text("email"), "ada@example.com");
}

#[tokio::test]
async fn unknown_user_and_wrong_password_give_the_same_reply() {
    let server = Server::start().await;
    server.console_user("ada").await;
    let mut guest = server.guest("console");

    let wrong = guest.sign_in("ada@example.com", "wrong horse battery").await;
    let unknown = guest.sign_in("eve@example.com", "wrong horse battery").await;

    wrong.assert(401, "user_invalid_credentials");
    assert_eq!(wrong.body, unknown.body);
}

#[tokio::test]
async fn a_session_ends_with_its_time_and_with_its_deletion() {
    let server = Server::with(Options {
        console_open: true,
        ..Options::default()
    })
    .await;
    let ada = server.user("console", "ada").await;
    let grace = server.user("console", "grace").await;

    ada.delete("/v1/account/sessions/current").await.assert_status(204);
    ada.get("/v1/account").await.assert(401, "general_unauthorized_scope");

    grace.get("/v1/account").await.assert_status(200);
    server.advance(Duration::from_secs(31_536_001));
    grace.get("/v1/account").await.assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_jwt_is_invalid_after_its_session_ends() {
    let server = Server::start().await;
    let ada = server.console_user("ada").await;
    let jwt = ada.post("/v1/account/jwts", json!({})).await.text("jwt").to_owned();
    let bearer = server.guest("console").with_header("x-appwrite-jwt", &jwt);

    assert_eq!(bearer.get("/v1/account").await.text("$id"), "ada");
    bearer
        .post("/v1/account/jwts", json!({}))
        .await
        .assert(404, "user_session_not_found");
    server
        .guest("console")
        .with_header("x-appwrite-jwt", &format!("{jwt}x"))
        .get("/v1/account")
        .await
        .assert(401, "user_jwt_invalid");

    ada.delete("/v1/account/sessions/current").await.assert_status(204);
    bearer
        .get("/v1/account")
        .await
        .assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn the_first_bad_parameter_is_named() {
    let server = Server::start().await;
    let guest = server.guest("console");

    let reply = guest
        .post(
            "/v1/account",
            json!({"userId": "ada", "email": "nobody", "password": "x"}),
        )
        .await;

    reply.assert(400, "general_argument_invalid");
    assert_eq!(
        reply.text("message"),
        "Invalid `email` param: Value must be a valid email address"
    );
}

#[tokio::test]
async fn password_guesses_are_rate_limited() {
    let server = Server::with(Options {
        rate_limits: true,
        ..Options::default()
    })
    .await;
    let mut guest = server.guest("console");
    for _ in 0..10 {
        guest
            .sign_in("ada@example.com", "wrong horse battery")
            .await
            .assert(401, "user_invalid_credentials");
    }

    let stopped = guest.sign_in("ADA@example.com", "wrong horse battery").await;

    stopped.assert(429, "general_rate_limit_exceeded");
    assert_eq!(stopped.header("x-ratelimit-remaining"), Some("0"));
    server.advance(Duration::from_secs(3600));
    guest
        .sign_in("ada@example.com", "wrong horse battery")
        .await
        .assert(401, "user_invalid_credentials");
}

use std::time::Duration;

use testkit::{code_of, json};

use crate::shop;

#[tokio::test]
async fn a_code_sent_by_mail_signs_in() {
    let (server, _) = shop().await;
    let mut guest = server.guest("shop");
    let input = json!({"userId": "unique()", "email": "ada@example.com", "phrase": true});

    let token = guest.post("/v1/account/tokens/email", input).await;

    token.assert_status(201);
    let mail = server.mail_to("ada@example.com").await;
    let code = code_of(&mail.text);
    assert!(mail.subject.contains(&code) && mail.text.contains(token.text("phrase")));
    let proof = json!({"userId": token.text("userId"), "secret": code});
    let session = guest.post("/v1/account/sessions/token", proof).await;
    session.assert_status(201);
    assert_eq!(session.text("provider"), "token");
    assert_eq!(session.body["factors"], json!(["email"]));
    guest.store_cookies(&session);
    assert_eq!(guest.get("/v1/account").await.body["emailVerification"], true);
}

#[tokio::test]
async fn a_code_is_void_after_five_guesses_fifteen_minutes_or_a_newer_code() {
    let (server, _) = shop().await;
    let guest = server.guest("shop");
    let input = json!({"userId": "ada", "email": "ada@example.com"});
    let ask = async || {
        server.empty_inbox();
        guest
            .post("/v1/account/tokens/email", input.clone())
            .await
            .assert_status(201);
        code_of(&server.mail_to("ada@example.com").await.text)
    };
    let claim = async |code: &str| {
        let proof = json!({"userId": "ada", "secret": code});
        guest.post("/v1/account/sessions/token", proof).await
    };

    let code = ask().await;
    for _ in 0..5 {
        let wrong = if code == "000000" { "000001" } else { "000000" };
        claim(wrong).await.assert(401, "user_invalid_token");
    }
    claim(&code).await.assert(401, "user_invalid_token");

    let code = ask().await;
    server.advance(Duration::from_secs(15 * 60 + 1));
    claim(&code).await.assert(401, "user_invalid_token");

    let older = ask().await;
    let newer = ask().await;
    if older != newer {
        claim(&older).await.assert(401, "user_invalid_token");
    }
    claim(&newer).await.assert_status(201);
}

#[tokio::test]
async fn a_code_sent_by_sms_signs_in_and_proves_the_number() {
    let (server, owner) = shop().await;
    let mut guest = server.guest("shop");
    let input = json!({"userId": "ada", "phone": "+15550100"});

    guest
        .post("/v1/account/sessions/phone", input.clone())
        .await
        .assert_status(201);

    let code = code_of(&server.sms_to("+15550100").await);
    let session = guest
        .put("/v1/account/sessions/phone", json!({"userId": "ada", "secret": code}))
        .await;
    session.assert_status(201);
    assert_eq!(session.text("provider"), "phone");
    assert_eq!(session.body["factors"], json!(["phone"]));
    guest.store_cookies(&session);
    assert_eq!(guest.get("/v1/account").await.body["phoneVerification"], true);

    // A server receives the code encoded like a session secret, as in Appwrite.
    let key = server.key(&owner, "shop", &["sessions.write"]).await;
    let token = key.post("/v1/account/tokens/phone", input).await;
    assert!(token.text("secret").starts_with("eyJ"), "{}", token.body);
}

#[tokio::test]
async fn mock_phones_have_fixed_codes_and_get_no_sms() {
    let (server, owner) = shop().await;
    let numbers = json!({"numbers": [{"phone": "+15550123", "otp": "424242"}]});
    owner
        .patch("/v1/projects/shop/auth/mock-numbers", numbers)
        .await
        .assert_status(200);
    let guest = server.guest("shop");
    let input = json!({"userId": "tester", "phone": "+15550123"});

    guest.post("/v1/account/tokens/phone", input).await.assert_status(201);

    let proof = json!({"userId": "tester", "secret": "424242"});
    guest.post("/v1/account/sessions/token", proof).await.assert_status(201);
    let inbox = server.running.app.notifier.post().inbox.as_ref().expect("an inbox");
    assert_eq!(inbox.sms(), Vec::new());
}

#[tokio::test]
async fn disabled_sign_in_methods_send_nothing() {
    let (server, owner) = shop().await;
    for (method, path, input) in [
        (
            "magic-url",
            "/v1/account/tokens/magic-url",
            json!({"userId": "a", "email": "a@example.com"}),
        ),
        (
            "email-otp",
            "/v1/account/tokens/email",
            json!({"userId": "a", "email": "a@example.com"}),
        ),
        (
            "phone",
            "/v1/account/tokens/phone",
            json!({"userId": "a", "phone": "+15550100"}),
        ),
    ] {
        owner
            .patch(&format!("/v1/projects/shop/auth/{method}"), json!({"status": false}))
            .await
            .assert_status(200);
        let refused = server.guest("shop").post(path, input).await;
        refused.assert(501, "user_auth_method_unsupported");
    }
}

#[tokio::test]
async fn a_blocked_user_cannot_sign_in_by_code() {
    let (server, owner) = shop().await;
    let guest = server.guest("shop");
    let input = json!({"userId": "ada", "email": "ada@example.com"});
    guest.post("/v1/account/tokens/email", input).await.assert_status(201);
    let code = code_of(&server.mail_to("ada@example.com").await.text);
    let key = server.key(&owner, "shop", &["users.write"]).await;
    key.patch("/v1/users/ada/status", json!({"status": false}))
        .await
        .assert_status(200);

    let refused = guest
        .post("/v1/account/sessions/token", json!({"userId": "ada", "secret": code}))
        .await;

    refused.assert(401, "user_blocked");
}

#[tokio::test]
async fn code_guesses_are_rate_limited() {
    let server = testkit::Server::with(testkit::Options {
        dev: true,
        rate_limits: true,
        ..testkit::Options::default()
    })
    .await;
    let owner = server.console_user("owner").await;
    server.project(&owner, "shop").await;
    let guest = server.guest("shop");
    let input = json!({"userId": "ada", "email": "ada@example.com"});
    guest
        .post("/v1/account/tokens/email", input.clone())
        .await
        .assert_status(201);
    let code = code_of(&server.mail_to("ada@example.com").await.text);
    let guess = json!({"userId": "ada", "secret": "none"});
    for _ in 0..10 {
        guest
            .post("/v1/account/sessions/token", guess.clone())
            .await
            .assert(401, "user_invalid_token");
    }
    // The rate limit rejects further attempts, even with the right code; sending is limited too.
    for secret in ["none", &code] {
        let proof = json!({"userId": "ada", "secret": secret});
        guest
            .post("/v1/account/sessions/token", proof)
            .await
            .assert(429, "general_rate_limit_exceeded");
    }
    for _ in 0..9 {
        guest
            .post("/v1/account/tokens/email", input.clone())
            .await
            .assert_status(201);
    }
    guest
        .post("/v1/account/tokens/email", input)
        .await
        .assert(429, "general_rate_limit_exceeded");
}

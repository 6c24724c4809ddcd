use std::time::Duration;

use testkit::{json, link_of};

use crate::shop;

#[tokio::test]
async fn a_magic_link_signs_in_once_and_proves_the_address() {
    let (server, _) = shop().await;
    let mut guest = server.guest("shop");
    let input =
        json!({"userId": "ada", "email": "Ada@Example.com", "url": "https://app.example/in?tab=1&secret=mine#top"});

    let token = guest.post("/v1/account/tokens/magic-url", input).await;

    token.assert_status(201);
    assert_eq!(
        (token.text("userId"), token.text("secret")),
        ("ada", ""),
        "{}",
        token.body
    );
    let mail = server.mail_to("ada@example.com").await;
    let link = link_of(&mail);
    assert!(
        link["url"].starts_with("https://app.example/in?tab=1&") && link["url"].ends_with("#top"),
        "{link:?}"
    );
    assert_eq!((link["userId"].as_str(), link["secret"].len()), ("ada", 64));
    assert_eq!(link["project"], "shop");
    let proof = json!({"userId": "ada", "secret": link["secret"]});
    let session = guest.put("/v1/account/sessions/magic-url", proof.clone()).await;
    session.assert_status(201);
    assert_eq!(session.text("provider"), "magic-url");
    assert_eq!(session.body["factors"], json!(["email"]));
    guest.store_cookies(&session);
    assert_eq!(guest.get("/v1/account").await.body["emailVerification"], true);
    server
        .guest("shop")
        .post("/v1/account/sessions/token", proof)
        .await
        .assert(401, "user_invalid_token");
}

#[tokio::test]
async fn magic_links_are_limited_to_platforms_and_expire_after_an_hour() {
    let (server, _) = shop().await;
    let guest = server.guest("shop");
    let input = |url: &str| json!({"userId": "ada", "email": "ada@example.com", "url": url});
    for url in [
        "https://evil.example/",
        "javascript:alert(1)",
        "https://app.example@evil.example/",
        "//app.example",
    ] {
        let refused = guest.post("/v1/account/tokens/magic-url", input(url)).await;
        refused.assert(400, "general_argument_invalid");
        assert!(refused.text("message").contains("`url`"), "{}", refused.body);
    }
    guest
        .post("/v1/account/sessions/magic-url", input("https://app.example/in"))
        .await
        .assert_status(201);
    let link = link_of(&server.mail_to("ada@example.com").await);
    server.advance(Duration::from_secs(3601));

    let late = guest
        .post(
            "/v1/account/sessions/token",
            json!({"userId": "ada", "secret": link["secret"]}),
        )
        .await;

    late.assert(401, "user_invalid_token");
}

#[tokio::test]
async fn servers_get_the_secret_and_mails_use_the_request_locale() {
    let (server, owner) = shop().await;
    let key = server.key(&owner, "shop", &["sessions.write"]).await;
    let input = json!({"userId": "ada", "email": "ada@example.com", "phrase": true, "url": "https://app.example/in"});

    let token = key
        .with_header("x-appwrite-locale", "de-at")
        .post("/v1/account/tokens/magic-url", input)
        .await;

    token.assert_status(201);
    assert_eq!(token.text("secret").len(), 64);
    let mail = server.mail_to("ada@example.com").await;
    assert_eq!(mail.subject, "Anmeldung bei shop");
    assert!(
        mail.html.contains("lang=\"de\"") && mail.text.contains(token.text("phrase")),
        "{}",
        mail.text
    );
    assert_eq!(
        (mail.from.name.as_str(), mail.to.address.as_str()),
        ("shop", "ada@example.com")
    );
}

#[tokio::test]
async fn a_link_to_a_former_address_is_void() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    ada.post("/v1/account/verification", json!({"url": "https://app.example/v"}))
        .await
        .assert_status(201);
    let link = link_of(&server.mail_to("ada@example.com").await);
    let change = json!({"email": "victim@example.com", "password": testkit::PASSWORD});
    ada.patch("/v1/account/email", change).await.assert_status(200);

    let proof = json!({"userId": "ada", "secret": link["secret"]});
    let refused = ada.put("/v1/account/verification", proof).await;

    refused.assert(401, "user_invalid_token");
    assert_eq!(ada.get("/v1/account").await.body["emailVerification"], false);
}

#[tokio::test]
async fn mail_flows_are_refused_without_a_mail_server() {
    let server = testkit::Server::start().await;
    let owner = server.console_user("owner").await;
    server.project(&owner, "shop").await;
    let guest = server.guest("shop");
    let input = json!({"userId": "ada", "email": "ada@example.com"});
    for path in ["/v1/account/tokens/magic-url", "/v1/account/tokens/email"] {
        guest
            .post(path, input.clone())
            .await
            .assert(503, "general_smtp_disabled");
    }
    let input = json!({"userId": "ada", "phone": "+15550100"});
    guest
        .post("/v1/account/tokens/phone", input)
        .await
        .assert(503, "general_phone_disabled");
}

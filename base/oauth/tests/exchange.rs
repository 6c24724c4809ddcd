//! Code exchange: requests, accepted replies, refused replies.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Mock, REDIRECT, SECRET, callback, client, exchange, form, ok, provider, status, tokens};
use kernel::{Fault, Kind};
use oauth::{Callback, Credentials, Trace};
use serde_json::json;

#[tokio::test]
async fn github_answers_in_a_form_and_tells_addresses_apart() {
    let mock = Mock::start().await;
    mock.on("github.com/login/oauth/access_token", form("access_token=at-12345&scope=user%3Aemail&token_type=bearer"))
        .on("api.github.com/user", ok(json!({"id": 7, "login": "pat", "name": null, "email": null})))
        .on(
            "api.github.com/user/emails",
            ok(json!([{"email": "old@x.test", "primary": false, "verified": true}, {"email": "pat@x.test", "primary": true, "verified": true}])),
        );
    let login = exchange(&mock, "github", SECRET, &callback(&[])).await.unwrap();
    assert_eq!(
        (login.profile.uid.as_str(), login.profile.name.as_deref()),
        ("7", Some("pat"))
    );
    assert_eq!(
        (login.profile.email.as_deref(), login.profile.email_verified),
        (Some("pat@x.test"), true)
    );
    assert_eq!((login.tokens.expires_in, login.tokens.refresh_token), (None, None));
    let sent = mock.at("github.com/login/oauth/access_token");
    assert_eq!(sent.header("accept"), "application/json");
    let sent = sent.form();
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "the-code-1"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", "the-verifier-1"),
        ("client_id", "client-id"),
        ("client_secret", SECRET),
    ] {
        assert_eq!(sent[name], value);
    }
    assert_eq!(
        mock.at("api.github.com/user").header("authorization"),
        "Bearer at-12345"
    );
    // If all addresses are unverified or hidden, the profile has no address.
    mock.on(
        "api.github.com/user/emails",
        ok(json!([{"email": "pat@x.test", "primary": true, "verified": false}])),
    );
    assert_eq!(
        exchange(&mock, "github", SECRET, &callback(&[]))
            .await
            .unwrap()
            .profile
            .email,
        None
    );
    mock.on(
        "api.github.com/user/emails",
        status(403, json!({"message": "Resource not accessible by integration"})),
    );
    assert_eq!(
        exchange(&mock, "github", SECRET, &callback(&[]))
            .await
            .unwrap()
            .profile
            .email,
        None
    );
    // An error may have status 200 and may repeat parameters of the request.
    let wrong = json!({"error": "bad_verification_code", "error_description": "the-code-1 is\u{7} wrong"});
    mock.on("github.com/login/oauth/access_token", ok(wrong));
    let error = exchange(&mock, "github", SECRET, &callback(&[])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Failed to obtain access token. The GitHub OAuth2 provider returned an error: bad_verification_code: … is wrong"
    );
    assert_eq!(error.kind(), Kind::Upstream("user_oauth2_provider_error"));
}

#[tokio::test]
async fn a_refused_token_call_has_appwrites_types_and_never_the_body() {
    let mock = Mock::start().await;
    for (code, kind) in [
        (400, Kind::Invalid("user_oauth2_bad_request")),
        (401, Kind::Denied("user_oauth2_unauthorized")),
        (403, Kind::Upstream("user_oauth2_provider_error")),
        (302, Kind::Upstream("user_oauth2_provider_error")),
        (500, Kind::Upstream("user_oauth2_provider_error")),
    ] {
        mock.on("discord.com/api/oauth2/token", status(code, json!({"hidden": "body"})));
        let error = exchange(&mock, "discord", SECRET, &callback(&[])).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(
            error.to_string(),
            format!("Failed to obtain access token. The Discord OAuth2 provider returned an error: HTTP status {code}")
        );
    }
    for useless in [
        json!({}),
        json!({"access_token": ""}),
        json!({"access_token": null}),
        json!([1]),
    ] {
        mock.on("discord.com/api/oauth2/token", ok(useless));
        let error = exchange(&mock, "discord", SECRET, &callback(&[])).await.unwrap_err();
        assert!(error.to_string().contains("no access token"), "{error}");
    }
    mock.on("discord.com/api/oauth2/token", ok(tokens()));
    mock.on("discord.com/api/users/@me", ok(json!({"username": "pat"})));
    let error = exchange(&mock, "discord", SECRET, &callback(&[])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid("user_missing_id"));
    mock.on(
        "discord.com/api/users/@me",
        status(401, json!({"message": "401: at-12345 Unauthorized"})),
    );
    let error = exchange(&mock, "discord", SECRET, &callback(&[])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Upstream("user_oauth2_provider_error"));
}

#[tokio::test]
async fn a_callback_is_refused_before_anything_is_sent() {
    let mock = Mock::start().await;
    let refused =
        async |id: &str, secret: &str, callback: Callback| exchange(&mock, id, secret, &callback).await.unwrap_err();
    let error = refused(
        "discord",
        SECRET,
        callback(&[("error", "access_denied"), ("error_description", "no\r\nthanks")]),
    )
    .await;
    assert_eq!(
        error.to_string(),
        "The Discord OAuth2 provider returned an error: access_denied: nothanks"
    );
    assert_eq!(error.kind(), Kind::Upstream("user_oauth2_provider_error"));
    for twice in ["code", "state", "iss"] {
        let error = refused("discord", SECRET, callback(&[(twice, "a"), (twice, "b")])).await;
        assert!(error.to_string().contains("twice"), "{error}");
    }
    let error = refused(
        "discord",
        SECRET,
        Callback {
            code: String::new(),
            ..callback(&[])
        },
    )
    .await;
    assert!(error.to_string().contains("no code"), "{error}");
    // RFC 9207: Keycloak announces `iss`.
    let keycloak = r#"{"clientSecret":"s3cret-value","keycloakDomain":"kc.test","keycloakRealm":"main"}"#;
    let issuer = Some("https://kc.test/realms/main".to_owned());
    let error = refused(
        "keycloak",
        keycloak,
        Callback {
            issuer: issuer.clone(),
            ..callback(&[])
        },
    )
    .await;
    assert!(error.to_string().contains("lacks the `iss`"), "{error}");
    let evil = callback(&[("iss", "https://kc.test/realms/evil")]);
    let error = refused("keycloak", keycloak, Callback { issuer, ..evil }).await;
    assert!(error.to_string().contains("another issuer"), "{error}");
    // An `iss` that cannot be compared, since no issuer is known, is refused.
    let unknown = callback(&[("iss", "https://discord.com")]);
    let error = refused(
        "discord",
        SECRET,
        Callback {
            issuer: None,
            ..unknown
        },
    )
    .await;
    assert!(error.to_string().contains("no issuer is known"), "{error}");
    // The data centre of the callback determines the host that receives the secret, so it must be one of Zoho's.
    for server in [
        "https://accounts.zoho.com.evil.test",
        "https://evil.test",
        "http://accounts.zoho.com",
        "https://accounts.zoho.com@evil.test",
    ] {
        let error = refused("zoho", SECRET, callback(&[("accounts-server", server)])).await;
        assert!(error.to_string().contains("accounts-server"), "{error}");
    }
}

#[tokio::test]
async fn the_test_provider_is_this_server() {
    let mock = Mock::start().await;
    let provider = provider("mock");
    mock.on(
        "/v1/mock/tests/general/oauth2/token",
        ok(json!({"access_token": "at-12345", "refresh_token": "tuvwxyz", "expires_in": 14400})),
    )
    .on(
        "/v1/mock/tests/general/oauth2/user",
        ok(json!({"id": 1, "name": "User", "email": "useroauth@localhost.test"})),
    );
    let credentials = Credentials::from_stored(&provider, "1", "123456").unwrap();
    let error = client()
        .exchange(&provider, &credentials, &callback(&[]), &mut Trace::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("server"), "{error}");
    let credentials = credentials.with_server(mock.origin.clone());
    let login = client()
        .exchange(&provider, &credentials, &callback(&[]), &mut Trace::default())
        .await
        .unwrap();
    assert_eq!((login.profile.uid.as_str(), login.profile.email_verified), ("1", true));
    let sent = mock.at("/v1/mock/tests/general/oauth2/token");
    assert_eq!(
        (sent.method.as_str(), sent.query["client_secret"].as_str()),
        ("GET", "123456")
    );
    assert_eq!(mock.at("/v1/mock/tests/general/oauth2/user").query["token"], "at-12345");
}

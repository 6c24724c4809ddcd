//! Special cases of providers, each defined by data.
#![allow(clippy::unwrap_used)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use common::{Ec, Mock, NOW, SECRET, callback, client, credentials, exchange, keys, ok, provider, tokens};
use oauth::Trace;
use serde_json::{Value, json};

#[tokio::test]
async fn each_client_proves_itself_as_its_provider_wants_it() {
    let mock = Mock::start().await;
    let basic = format!("Basic {}", STANDARD.encode(format!("client-id:{SECRET}")));

    mock.on("api.notion.com/v1/oauth/token", ok(tokens())).on(
        "api.notion.com/v1/users/me",
        ok(json!({"id": "bot", "bot": {"owner": {"user": {"id": "u1", "name": "Pat", "person": {"email": "p@x.test"}}}}})),
    );
    let login = exchange(&mock, "notion", SECRET, &callback(&[])).await.unwrap();
    assert_eq!(
        (login.profile.uid.as_str(), login.profile.email_verified),
        ("u1", false)
    );
    let sent = mock.at("api.notion.com/v1/oauth/token");
    assert_eq!(
        (sent.header("authorization"), sent.header("notion-version")),
        (basic.as_str(), "2022-06-28")
    );
    assert_eq!(
        (sent.header("content-type"), &sent.json()["code"]),
        ("application/json", &json!("the-code-1"))
    );
    assert!(sent.json().get("client_secret").is_none());

    mock.on(
        "connect.stripe.com/oauth/token",
        ok(json!({"access_token": "at-12345", "stripe_user_id": "acct_1"})),
    )
    .on(
        "api.stripe.com/v1/accounts/acct_1",
        ok(json!({"id": "acct_1", "settings": {"dashboard": {"display_name": "Shop"}}})),
    );
    let login = exchange(&mock, "stripe", SECRET, &callback(&[])).await.unwrap();
    assert_eq!(login.profile.name.as_deref(), Some("Shop"));
    assert_eq!(
        mock.at("connect.stripe.com/oauth/token").header("authorization"),
        format!("Bearer {SECRET}")
    );

    mock.on(
        "api.etsy.com/v3/public/oauth/token",
        ok(json!({"access_token": "42.at-12345", "expires_in": "3600"})),
    )
    .on(
        "openapi.etsy.com/v3/application/users/42",
        ok(json!({"user_id": 42, "first_name": "Pat", "last_name": ""})),
    );
    let login = exchange(&mock, "etsy", SECRET, &callback(&[])).await.unwrap();
    assert_eq!(
        (login.profile.uid.as_str(), login.tokens.expires_in),
        ("42", Some(3600))
    );
    assert_eq!(login.profile.name.as_deref(), Some("Pat"));
    assert!(!mock.at("api.etsy.com/v3/public/oauth/token").body.contains(SECRET));
    let sent = mock.at("openapi.etsy.com/v3/application/users/42");
    assert_eq!(sent.header("x-api-key"), format!("client-id:{SECRET}"));

    mock.on("graph.facebook.com/v25.0/oauth/access_token", ok(tokens()))
        .on("graph.facebook.com/v25.0/me", ok(json!({"id": "9", "name": "Pat"})));
    exchange(&mock, "facebook", SECRET, &callback(&[])).await.unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    let proof = hex::encode(ring::hmac::sign(&key, b"at-12345"));
    assert_eq!(mock.at("graph.facebook.com/v25.0/me").query["appsecret_proof"], proof);

    let yammer = json!({"access_token": {"token": "at-12345", "user_id": 5}, "user": {"id": 5}});
    mock.on("www.yammer.com/oauth2/access_token", ok(yammer))
        .on("www.yammer.com/api/v1/users/current.json", ok(json!({"id": 5})));
    assert_eq!(
        exchange(&mock, "yammer", SECRET, &callback(&[]))
            .await
            .unwrap()
            .tokens
            .access_token,
        "at-12345"
    );

    mock.on(
        "slack.com/api/openid.connect.token",
        ok(json!({"ok": false, "error": "invalid_code"})),
    );
    let error = exchange(&mock, "slack", SECRET, &callback(&[])).await.unwrap_err();
    assert_eq!(error.reason().unwrap().error, "invalid_code");
}

#[tokio::test]
async fn vk_is_sent_its_device_again_and_again() {
    let mock = Mock::start().await;
    let vk = provider("vk");
    mock.on("id.vk.com/oauth2/auth", ok(tokens())).on(
        "id.vk.com/oauth2/user_info",
        ok(json!({"user": {"user_id": "5", "first_name": "Pat", "last_name": "Ex"}})),
    );
    let login = exchange(
        &mock,
        "vk",
        SECRET,
        &callback(&[("device_id", "device-1"), ("type", "code_v2")]),
    )
    .await
    .unwrap();
    assert_eq!(login.profile.name.as_deref(), Some("Pat Ex"));
    assert_eq!(login.tokens.extras["device_id"], "device-1");
    let sent = mock.at("id.vk.com/oauth2/auth").form();
    assert_eq!(
        (sent["device_id"].as_str(), sent.contains_key("client_secret")),
        ("device-1", false)
    );
    assert!(!sent["state"].is_empty());
    let sent = mock.at("id.vk.com/oauth2/user_info");
    assert_eq!(
        (
            sent.method.as_str(),
            sent.form()["access_token"].as_str(),
            sent.header("authorization")
        ),
        ("POST", "at-12345", "")
    );
    let fresh = client()
        .refresh(
            &vk,
            &credentials(&mock, &vk, SECRET),
            &login.tokens,
            &mut Trace::default(),
        )
        .await
        .unwrap();
    assert_eq!(fresh.extras["device_id"], "device-1");
    let sent = mock.at("id.vk.com/oauth2/auth").form();
    assert_eq!(
        (sent["grant_type"].as_str(), sent["device_id"].as_str()),
        ("refresh_token", "device-1")
    );
}

#[tokio::test]
async fn zoho_is_asked_in_the_users_data_centre() {
    let (mock, ec) = (Mock::start().await, Ec::new("z"));
    let claims =
        json!({"iss": "accounts.zoho.eu", "aud": "client-id", "sub": "z1", "iat": NOW, "exp": NOW + 60, "nonce": "n1"});
    let mut reply = tokens();
    reply["id_token"] = ec.sign(&claims).into();
    mock.on("accounts.zoho.eu/oauth/v2/token", ok(reply))
        .on("accounts.zoho.com/oauth/v2/keys", keys(&[ec.jwk()]));
    let login = exchange(
        &mock,
        "zoho",
        SECRET,
        &callback(&[("location", "eu"), ("accounts-server", "https://accounts.zoho.eu")]),
    )
    .await
    .unwrap();
    assert_eq!(
        (
            login.profile.uid.as_str(),
            login.tokens.extras["accounts-server"].as_str()
        ),
        ("z1", "https://accounts.zoho.eu")
    );
}

#[tokio::test]
async fn apple_gets_a_signed_secret_and_tells_the_name_once() {
    let (mock, ec) = (Mock::start().await, Ec::new("k1"));
    let claims = json!({"iss": "https://appleid.apple.com", "aud": "client-id", "sub": "a1", "iat": NOW, "exp": NOW + 60, "nonce": "n1",
        "email": "pat@x.test", "email_verified": "true"});
    let mut reply = tokens();
    reply["id_token"] = ec.sign(&claims).into();
    mock.on("appleid.apple.com/auth/token", ok(reply))
        .on("appleid.apple.com/auth/keys", keys(&[ec.jwk()]));
    // As changed by a form field.
    let pem = ec.pem.replace('\n', "\\n");
    let stored = json!({"keyID": "KEY", "teamID": "TEAM", "p8": pem}).to_string();
    let user = r#"{"name":{"firstName":"Pat","lastName":"Ex\u0007"},"email":"evil@x.test"}"#;
    let login = exchange(&mock, "apple", &stored, &callback(&[("user", user)]))
        .await
        .unwrap();
    assert_eq!(
        (login.profile.email.as_deref(), login.profile.email_verified),
        (Some("pat@x.test"), true)
    );
    assert_eq!(login.profile.name.as_deref(), Some("Pat Ex"));
    let sent = mock.at("appleid.apple.com/auth/token").form();
    let parts: Vec<&str> = sent["client_secret"].split('.').collect();
    let part = |index: usize| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap();
    assert_eq!(part(0), json!({"alg": "ES256", "kid": "KEY", "typ": "JWT"}));
    assert_eq!(
        part(1),
        json!({"iss": "TEAM", "iat": NOW, "exp": NOW + 300, "aud": "https://appleid.apple.com", "sub": "client-id"})
    );
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, ec.point())
        .verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature)
        .unwrap();
    // On later sign-ins, or if the parameter is malformed, there is no name.
    for params in [&[][..], &[("user", "[1]")], &[("user", "{\"name\":3}")]] {
        assert_eq!(
            exchange(&mock, "apple", &stored, &callback(params))
                .await
                .unwrap()
                .profile
                .name,
            None
        );
    }
    let broken =
        json!({"keyID": "KEY", "teamID": "TEAM", "p8": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"});
    let error = exchange(&mock, "apple", &broken.to_string(), &callback(&[]))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("`p8File` must be the text of the .p8 file"),
        "{error}"
    );
    mock.on("appleid.apple.com/auth/token", ok(tokens()));
    let error = exchange(&mock, "apple", &stored, &callback(&[])).await.unwrap_err();
    assert!(error.to_string().contains("no id_token"), "{error}");
}

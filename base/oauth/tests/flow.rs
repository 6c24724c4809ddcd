//! Sign-ins against a provider in a box: what is sent, what is believed, what is refused.
#![allow(clippy::unwrap_used)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use common::{Ec, Mock, NOW, client, credentials, form, keys, ok, provider, status};
use kernel::{Fault, Kind};
use oauth::{Authorization, Callback, Credentials, Error, Login, Provider, Registry, Start, Trace};
use serde_json::{Value, json};

const SECRET: &str = "s3cret-value";
const REDIRECT: &str = "https://app.test/v1/account/sessions/oauth2/callback/x/p1";

fn callback(params: &[(&str, &str)]) -> Callback {
    let params = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Callback {
        code: "the-code-1".into(),
        redirect_uri: REDIRECT.into(),
        verifier: Some("the-verifier-1".into()),
        nonce: Some("n1".into()),
        params: [("code".to_owned(), "the-code-1".to_owned())]
            .into_iter()
            .chain(params)
            .collect(),
        ..Callback::default()
    }
}

async fn exchange(mock: &Mock, id: &str, secret: &str, callback: &Callback) -> Result<Login, Error> {
    let provider = provider(id);
    let credentials = credentials(mock, &provider, secret);
    let mut trace = Trace::default();
    let result = client().exchange(&provider, &credentials, callback, &mut trace).await;
    let told = format!(
        "{} {credentials:?} {callback:?} {result:?}",
        serde_json::to_string(&trace).unwrap()
    );
    for hidden in [
        SECRET,
        "the-code-1",
        "the-verifier-1",
        "at-12345",
        "rt-12345",
        "device-1",
    ] {
        assert!(!told.contains(hidden), "{hidden} is told: {told}");
    }
    assert!(!trace.steps.is_empty());
    result
}

fn tokens() -> Value {
    json!({"access_token": "at-12345", "refresh_token": "rt-12345", "expires_in": 3600, "token_type": "bearer"})
}

async fn start(provider: &Provider, credentials: &Credentials, scopes: &[&str]) -> Authorization {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let start = Start {
        redirect_uri: REDIRECT.into(),
        scopes,
        state: "st".into(),
    };
    client().authorize(provider, credentials, &start).await.unwrap()
}

fn param(authorization: &Authorization, name: &str) -> Option<String> {
    let mut values = authorization
        .url
        .query_pairs()
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned());
    let value = values.next();
    assert_eq!(values.next(), None, "{name} is there twice");
    value
}

#[tokio::test]
async fn the_authorize_url_is_made_by_the_record() {
    let google = provider("google");
    let credentials = Credentials::from_stored(&google, "client-id", SECRET).unwrap();
    let made = start(&google, &credentials, &["openid", "calendar"]).await;
    assert_eq!(made.url.host_str(), Some("accounts.google.com"));
    assert_eq!(param(&made, "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(param(&made, "nonce"), made.nonce);
    assert_eq!(param(&made, "prompt").as_deref(), Some("consent"));
    assert_eq!(param(&made, "redirect_uri").as_deref(), Some(REDIRECT));
    let scope = param(&made, "scope").unwrap();
    assert!(
        scope.starts_with("openid https://") && scope.ends_with(" calendar") && scope.matches("openid").count() == 1
    );
    assert!(!made.url.as_str().contains('+') && made.url.as_str().contains("%20calendar"));
    let verifier = made.verifier.clone().unwrap();
    assert_eq!(verifier.len(), 86);
    assert!(!made.url.as_str().contains(&verifier) && !format!("{made:?}").contains(&verifier));
    assert_eq!(made.issuer.as_deref(), Some("https://accounts.google.com"));
    assert_ne!(start(&google, &credentials, &[]).await.verifier, Some(verifier));

    let stored = r#"{"clientSecret":"s","prompt":["select_account","consent"]}"#;
    let credentials = Credentials::from_stored(&google, "client-id", stored).unwrap();
    assert_eq!(
        param(&start(&google, &credentials, &[]).await, "prompt").as_deref(),
        Some("select_account consent")
    );

    let linkedin = provider("linkedin");
    let made = start(
        &linkedin,
        &Credentials::from_stored(&linkedin, "id", SECRET).unwrap(),
        &[],
    )
    .await;
    assert_eq!((made.verifier.as_ref(), made.nonce.as_ref()), (None, None));
    assert_eq!(param(&made, "code_challenge"), None);

    let gitlab = provider("gitlab");
    let credentials = Credentials::from_stored(
        &gitlab,
        "id",
        r#"{"clientSecret":"s","endpoint":"https://git.test/base/"}"#,
    )
    .unwrap();
    let made = start(&gitlab, &credentials, &[]).await;
    assert!(made.url.as_str().starts_with("https://git.test/base/oauth/authorize?") && made.nonce.is_none());
    assert!(start(&gitlab, &credentials, &["openid"]).await.nonce.is_some());

    let tiktok = provider("tiktok");
    let made = start(
        &tiktok,
        &Credentials::from_stored(&tiktok, "key", SECRET).unwrap(),
        &["video.list"],
    )
    .await;
    assert_eq!(
        (param(&made, "client_key").as_deref(), param(&made, "client_id")),
        (Some("key"), None)
    );
    assert_eq!(param(&made, "scope").as_deref(), Some("user.info.basic,video.list"));

    let bitly = provider("bitly");
    assert_eq!(
        param(
            &start(&bitly, &Credentials::from_stored(&bitly, "id", SECRET).unwrap(), &[]).await,
            "scope"
        ),
        None
    );
}

#[tokio::test]
async fn the_query_of_an_authorize_url_stays_and_the_test_origin_takes_its_place() {
    let file = "id = 'acme'\nname = 'Acme'\nauthorize_url = 'https://a.test/go?tenant=1#x'\ntoken_url = 'https://a.test/t'\nuid = '/id'\n";
    let registry = Registry::merged(&[("acme.toml".into(), file.into())]).unwrap();
    let acme = registry.get("acme").unwrap();
    let credentials = Credentials::from_stored(acme, "id", SECRET).unwrap();
    let made = start(acme, &credentials, &[]).await;
    assert!(
        made.url
            .as_str()
            .starts_with("https://a.test/go?tenant=1&client_id=id&")
            && made.url.fragment().is_none()
    );
    let made = start(
        acme,
        &credentials.with_origin(Some("http://127.0.0.1:9".parse().unwrap())),
        &[],
    )
    .await;
    assert!(
        made.url
            .as_str()
            .starts_with("http://127.0.0.1:9/_host/a.test/go?tenant=1&"),
        "{}",
        made.url
    );
}

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
    // Only unverified addresses, or none that may be seen: no address at all.
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
    // An error may come with status 200, and may repeat what it was sent.
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
    // RFC 9207: Keycloak promises iss.
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
    // Zoho's data centre decides where the secret goes, so it must be one of Zoho's.
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
    // As a form field mangles it.
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
    // Later, or garbled, there is no name.
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

#[tokio::test]
async fn microsoft_is_believed_tenant_by_tenant() {
    const TENANT: &str = "7f3d8f5e-2f6a-4d2b-9a63-0c5a1f4f9e11";
    const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let (mock, ec) = (Mock::start().await, Ec::new("k1"));
    mock.on(
        "graph.microsoft.com/v1.0/me",
        ok(json!({"id": "m1", "mail": "Pat@x.test", "userPrincipalName": "pat#EXT#@x.test"})),
    );
    for (tenant, iss, tid, more, outcome) in [
        ("common", TENANT, TENANT, json!({"xms_edov": true}), Ok(true)),
        ("common", TENANT, TENANT, json!({"xms_edov": 1}), Ok(true)),
        ("common", TENANT, TENANT, json!({"xms_edov": false}), Ok(false)),
        ("common", TENANT, TENANT, json!({}), Ok(false)),
        (
            "common",
            TENANT,
            TENANT,
            json!({"xms_edov": true, "email": "other@x.test"}),
            Ok(false),
        ),
        (
            "common",
            TENANT,
            TENANT,
            json!({"verified_primary_email": ["pat@X.test"]}),
            Ok(true),
        ),
        (
            "common",
            TENANT,
            TENANT,
            json!({"verified_secondary_email": ["a@x.test"]}),
            Ok(false),
        ),
        ("organizations", TENANT, TENANT, json!({}), Ok(false)),
        ("consumers", PERSONAL, PERSONAL, json!({}), Ok(true)),
        ("consumers", TENANT, TENANT, json!({}), Err("another tenant")),
        (TENANT, TENANT, TENANT, json!({}), Ok(false)),
        (TENANT, PERSONAL, PERSONAL, json!({}), Err("another tenant")),
        ("common", TENANT, PERSONAL, json!({}), Err("contradicts")),
        ("common", "evil/7f3d", TENANT, json!({}), Err("another issuer")),
    ] {
        let mut claims = json!({"iss": format!("https://login.microsoftonline.com/{iss}/v2.0"), "tid": tid, "aud": "client-id",
            "sub": "pairwise", "iat": NOW, "exp": NOW + 60, "nonce": "n1", "email": "pat@x.test"});
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let mut reply = tokens();
        reply["id_token"] = ec.sign(&claims).into();
        mock.on(
            &format!("login.microsoftonline.com/{tenant}/oauth2/v2.0/token"),
            ok(reply),
        )
        .on(
            &format!("login.microsoftonline.com/{tenant}/discovery/v2.0/keys"),
            keys(&[ec.jwk()]),
        );
        let stored = json!({"clientSecret": SECRET, "tenantID": tenant}).to_string();
        match (exchange(&mock, "microsoft", &stored, &callback(&[])).await, outcome) {
            (Ok(login), Ok(verified)) => {
                assert_eq!(login.profile.email_verified, verified, "{tenant} {claims}");
                assert_eq!(
                    (login.profile.uid.as_str(), login.profile.email.as_deref()),
                    ("m1", Some("Pat@x.test"))
                );
            }
            (Err(error), Err(word)) => assert!(error.to_string().contains(word), "{tenant} {claims}: {error}"),
            (result, _) => panic!("{tenant} {claims}: {result:?}"),
        }
    }
}

#[tokio::test]
async fn a_generic_provider_lives_by_its_discovery_document() {
    let (mock, ec) = (Mock::start().await, Ec::new("k1"));
    let document = |methods: Value| {
        ok(
            json!({"issuer": "https://id.test", "authorization_endpoint": "https://id.test/a", "token_endpoint": "https://id.test/t",
            "userinfo_endpoint": "https://id.test/u", "jwks_uri": "https://id.test/k", "token_endpoint_auth_methods_supported": methods}),
        )
    };
    let stored =
        json!({"clientSecret": SECRET, "wellKnownEndpoint": "https://id.test/.well-known/openid-configuration"})
            .to_string();
    let claims = json!({"iss": "https://id.test", "aud": ["client-id"], "sub": "s1", "iat": NOW, "exp": NOW + 60, "nonce": "n1"});
    let mut reply = tokens();
    reply["id_token"] = ec.sign(&claims).into();
    mock.on("id.test/t", ok(reply)).on("id.test/k", keys(&[ec.jwk()]));
    mock.on(
        "id.test/u",
        ok(json!({"sub": "s1", "email": "p@x.test", "email_verified": true, "name": "P".repeat(500)})),
    );
    for (methods, basic) in [
        (Value::Null, true),
        (json!(["client_secret_post"]), false),
        (json!(["client_secret_post", "client_secret_basic"]), true),
    ] {
        mock.on("id.test/.well-known/openid-configuration", document(methods));
        let login = exchange(&mock, "oidc", &stored, &callback(&[])).await.unwrap();
        assert_eq!(login.profile.name.unwrap().len(), 128);
        assert_eq!(mock.at("id.test/t").header("authorization").is_empty(), !basic);
    }
    // OpenID Connect Core 5.3.2.
    mock.on("id.test/u", ok(json!({"sub": "s2"})));
    let error = exchange(&mock, "oidc", &stored, &callback(&[])).await.unwrap_err();
    assert!(error.to_string().contains("another user"), "{error}");
    // Without discovery nobody can say who signed the id_token, so userinfo alone counts.
    let manual = json!({"clientSecret": SECRET, "authorizationEndpoint": "https://id.test/a", "tokenEndpoint": "https://id.test/t", "userinfoEndpoint": "https://id.test/u"});
    let login = exchange(&mock, "oidc", &manual.to_string(), &callback(&[]))
        .await
        .unwrap();
    assert_eq!((login.profile.uid.as_str(), login.tokens.id_token), ("s2", None));
}

#[tokio::test]
async fn metadata_of_another_issuer_is_not_used() {
    let mock = Mock::start().await;
    let file = "id = 'acme'\nname = 'Acme'\nissuer = 'https://id.test'\ndiscovery_url = 'https://id.test/.well-known/openid-configuration'\n";
    let registry = Registry::merged(&[("acme.toml".into(), file.into())]).unwrap();
    let acme = registry.get("acme").unwrap();
    let credentials = credentials(&mock, acme, SECRET);
    let start = Start {
        redirect_uri: REDIRECT.into(),
        ..Start::default()
    };
    let document = |issuer: &str| ok(json!({"issuer": issuer, "authorization_endpoint": "https://id.test/a"}));
    for wrong in ["https://evil.test", "https://id.test/", "https://id.test.evil"] {
        mock.on("id.test/.well-known/openid-configuration", document(wrong));
        let error = client().authorize(acme, &credentials, &start).await.unwrap_err();
        assert!(error.to_string().contains("another issuer"), "{error}");
    }
    mock.on("id.test/.well-known/openid-configuration", document("https://id.test"));
    client().authorize(acme, &credentials, &start).await.unwrap();
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

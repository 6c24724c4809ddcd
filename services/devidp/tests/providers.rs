//! A complete login through every provider, according to its record.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use http::Request;
use oauth::{Provider, ProviderKind, Refresh, Registry, Status};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;
use support::{App, NONCE, body, claims, pair, server, test_routing, text};

fn providers() -> Vec<Arc<Provider>> {
    let registry = Registry::builtin();
    registry
        .iter()
        .filter(|provider| provider.status != Status::TestOnly)
        .cloned()
        .collect()
}

/// Profile read by the record's expressions: ID, e-mail address, whether verified, name.
type Read = (String, Option<String>, bool, Option<String>);

async fn login(app: &App<'_>, person: &str, fault: &str) -> (Read, Value) {
    let provider = &app.provider;
    let callback = app.callback(person, fault).await;
    assert_eq!(callback["state"], "s&t=\"<1>", "{}", provider.id);
    let reply = app.token(app.code_params(&callback), &callback).await;
    assert_eq!(reply.status(), 200, "{}: {}", provider.id, text(&reply));
    let token = body(&reply);
    let documents = app.documents(&token, &callback).await;
    let email = provider.email.as_ref().and_then(|expr| expr.eval(&documents, None));
    let vouched = |condition: &oauth::Condition| condition.eval(&documents, email.as_deref());
    let read = (
        provider
            .uid
            .eval(&documents, None)
            .unwrap_or_else(|| panic!("{}: no uid: {token}", provider.id)),
        email.clone(),
        email.is_some() && provider.email_verified.as_ref().is_some_and(vouched),
        provider
            .display_name
            .as_ref()
            .and_then(|expr| expr.eval(&documents, None)),
    );
    let refused = provider
        .refuse
        .as_ref()
        .is_some_and(|condition| condition.eval(&documents, None));
    assert!(!refused, "{}: a locked account", provider.id);
    (read, token)
}

#[tokio::test]
async fn every_provider_returns_the_chosen_user() {
    let (idp, clock) = server();
    assert!(providers().len() > 40);
    for provider in providers() {
        let app = App::new(&idp, &clock, &provider).await;
        let ((ada, email, verified, name), _) = login(&app, "ada", "none").await;
        let result = provider.email.is_some().then(|| "ada@example.com".to_owned());
        assert_eq!(email, result, "{}", provider.id);
        assert_eq!(
            verified,
            result.is_some() && provider.email_verified.is_some(),
            "{}",
            provider.id
        );
        assert_eq!(name.as_deref(), Some("Ada Lovelace"), "{}", provider.id);

        let ((again, ..), _) = login(&app, "ada", "none").await;
        let ((grace, ..), _) = login(&app, "grace", "none").await;
        let ((sofya, _, _, name), _) = login(&app, "sofya", "none").await;
        assert_eq!(ada, again, "{}: the id differs from login to login", provider.id);
        assert!(ada != grace && ada != sofya, "{}: two people have one id", provider.id);
        assert_eq!(name.as_deref(), Some("Софья Ковалевская"), "{}", provider.id);
    }
}

#[tokio::test]
async fn missing_and_unverified_addresses_are_returned_as_such() {
    let (idp, clock) = server();
    for provider in providers() {
        let app = App::new(&idp, &clock, &provider).await;
        for (person, fault) in [("emmy", "none"), ("ada", "no-email")] {
            let ((_, email, verified, _), _) = login(&app, person, fault).await;
            assert_eq!((email, verified), (None, false), "{}: {person}, {fault}", provider.id);
        }
        for (person, fault) in [("alan", "none"), ("ada", "unverified")] {
            let ((_, email, verified, _), _) = login(&app, person, fault).await;
            assert!(!verified, "{}: {person}, {fault}: {email:?}", provider.id);
        }
    }
}

#[tokio::test]
async fn every_id_token_is_signed_and_has_the_required_claims() {
    let (idp, clock) = server();
    let mut seen = 0;
    for provider in providers()
        .iter()
        .filter(|provider| provider.kind == ProviderKind::Oidc)
    {
        let app = App::new(&idp, &clock, provider).await;
        let (_, token) = login(&app, "ada", "none").await;
        let Some(jwt) = token["id_token"].as_str() else {
            continue;
        };
        seen += 1;
        let claimed = claims(jwt);
        assert_eq!(claimed["aud"], "dev", "{}", provider.id);
        assert_eq!(claimed["exp"].as_i64(), Some(clock.now().seconds() + 3600));
        let sent = provider.nonce == oauth::Nonce::Always;
        assert_eq!(claimed["nonce"].as_str(), sent.then_some(NONCE), "{}", provider.id);
        let issuer = claimed["iss"].as_str().unwrap();
        assert!(
            !issuer.contains(['{', '}']) && !issuer.contains("_host"),
            "{}: {issuer}",
            provider.id
        );
        match provider.id.as_str() {
            "microsoft" => assert_eq!(
                app.metadata["issuer"],
                "https://login.microsoftonline.com/{tenantid}/v2.0"
            ),
            "authentik" => assert!(issuer.starts_with("https://authentik.dev.test/application/o/")),
            _ => assert_eq!(app.metadata["issuer"], issuer, "{}", provider.id),
        }
        let keys = match app.metadata["jwks_uri"].as_str() {
            Some(url) => body(&app.send(Request::get(test_routing(url)), "").await),
            None => panic!("{}: no jwks_uri", provider.id),
        };
        assert!(is_signed_by(jwt, &keys["keys"][0]), "{}", provider.id);
    }
    assert!(seen >= 15, "{seen}");
}

fn is_signed_by(jwt: &str, key: &Value) -> bool {
    use base64::Engine as _;
    let decode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
    let coordinate = |name: &str| decode(key[name].as_str().unwrap());
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let (message, signature) = jwt.rsplit_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decode(message.split('.').next().unwrap())).unwrap();
    assert_eq!((&header["alg"], &header["kid"]), (&"ES256".into(), &key["kid"]));
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(message.as_bytes(), &decode(signature)).is_ok()
}

#[tokio::test]
async fn tokens_are_refreshed_where_the_provider_does_so() {
    let (idp, clock) = server();
    let (mut stable, mut rotating) = (0, 0);
    for provider in providers() {
        let app = App::new(&idp, &clock, &provider).await;
        let callback = app.callback("ada", "none").await;
        let first = body(&app.token(app.code_params(&callback), &callback).await);
        let Some(old) = first["refresh_token"].as_str() else {
            continue;
        };
        let reply = refresh(&app, old, &callback).await;
        assert_eq!(reply.status(), 200, "{}: {}", provider.id, text(&reply));
        let second = body(&reply);
        assert_ne!(first["access_token"], second["access_token"], "{}", provider.id);
        app.documents(&second, &callback).await;
        let again = refresh(&app, old, &callback).await;
        match provider.refresh {
            Refresh::Rotating => {
                rotating += 1;
                assert_ne!(second["refresh_token"], old, "{}", provider.id);
                assert!(
                    again.status() != 200 || body(&again).get("access_token").is_none(),
                    "{}",
                    provider.id
                );
            }
            _ => {
                stable += 1;
                assert_eq!(again.status(), 200, "{}", provider.id);
            }
        }
    }
    assert!(stable >= 10 && rotating >= 10, "{stable} {rotating}");
}

async fn refresh(
    app: &App<'_>,
    token: &str,
    callback: &std::collections::BTreeMap<String, String>,
) -> http::Response<bytes::Bytes> {
    let mut params = vec![pair("grant_type", "refresh_token"), pair("refresh_token", token)];
    for (name, template) in &app.provider.refresh_params {
        params.retain(|(known, _)| known != name);
        if !template.as_str().is_empty() {
            params.push(pair(name, &app.fill(template.as_str(), &support::borrowed(callback))));
        }
    }
    match &app.provider.refresh_url {
        None => app.token(params, callback).await,
        Some(url) => {
            let authorization = app.prove(&mut params);
            app.post(url.as_str(), &params, authorization).await
        }
    }
}

#[tokio::test]
async fn facebook_exchanges_a_valid_access_token() {
    let (idp, clock) = server();
    let app = App::new(&idp, &clock, Registry::builtin().get("facebook").unwrap()).await;
    let (_, first) = login(&app, "ada", "none").await;
    let token = first["access_token"].as_str().unwrap();
    let params = vec![
        pair("grant_type", "fb_exchange_token"),
        pair("fb_exchange_token", token),
    ];
    let reply = app.token(params, &Default::default()).await;
    assert_eq!(reply.status(), 200, "{}", text(&reply));
    assert_ne!(body(&reply)["access_token"], token);
}

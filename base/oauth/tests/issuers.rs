//! Issuers: tenants, discovery, subjects.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Ec, Mock, NOW, REDIRECT, SECRET, callback, client, credentials, exchange, keys, ok, tokens};
use oauth::{Registry, Start};
use serde_json::{Value, json};

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
    // A public client has no secret; PKCE protects it.
    let public = json!({"wellKnownEndpoint": "https://id.test/.well-known/openid-configuration"}).to_string();
    exchange(&mock, "oidc", &public, &callback(&[])).await.unwrap();
    let call = mock.at("id.test/t");
    assert!(call.header("authorization").is_empty());
    // OpenID Connect Core 5.3.2.
    mock.on("id.test/u", ok(json!({"sub": "s2"})));
    let error = exchange(&mock, "oidc", &stored, &callback(&[])).await.unwrap_err();
    assert!(error.to_string().contains("another user"), "{error}");
    // Without discovery the issuer of the id_token is unknown, so only userinfo is used.
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

//! Settings of a project; no stored value can redirect a request.
#![allow(clippy::unwrap_used)]

mod common;

use common::provider;
use kernel::{Fault, Kind};
use oauth::{Client, Credentials, Error, Start};
use outbound::{Outbound, Settings};
use serde_json::json;

async fn authorize(id: &str, stored: &str) -> Result<String, Error> {
    let provider = provider(id);
    let credentials = Credentials::from_stored(&provider, "client-id", stored)?;
    let client = Client::new(Outbound::new(Settings::default()), kernel::Clock::system());
    let start = Start {
        redirect_uri: "https://app.test/cb".into(),
        ..Start::default()
    };
    Ok(client.authorize(&provider, &credentials, &start).await?.url.to_string())
}

#[tokio::test]
async fn a_domain_is_a_host_and_nothing_more() {
    let stored = |domain: &str| json!({"clientSecret": "s", "auth0Domain": domain}).to_string();
    for (domain, url) in [
        ("acme.eu.auth0.com", "https://acme.eu.auth0.com/authorize?"),
        ("localhost:8443", "https://localhost:8443/authorize?"),
        ("ACME.auth0.com", "https://acme.auth0.com/authorize?"),
        ("münchen.test", "https://xn--mnchen-3ya.test/authorize?"),
    ] {
        assert!(
            authorize("auth0", &stored(domain)).await.unwrap().starts_with(url),
            "{domain}"
        );
    }
    for evil in [
        "https://acme.auth0.com",
        "acme.auth0.com/",
        "acme.auth0.com/evil",
        "user@evil.test",
        "user:pw@evil.test",
        "evil.test?x=",
        "evil.test#",
        "evil.test\\@acme.test",
        "evil.test%2f",
        "a b.test",
        "evil.test\n.acme.test",
        "[::1",
        "a:b:c",
        "acme.test:99999",
        "..",
        "//evil.test",
        "\t",
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "0x7f000001",
        "192.168.0.1",
    ] {
        let error = authorize("auth0", &stored(evil)).await.unwrap_err();
        assert!(
            matches!(error.kind(), Kind::Precondition(_) | Kind::Upstream(_)),
            "{evil}: {error}"
        );
    }
    let error = Credentials::from_stored(&provider("auth0"), "id", &stored("https://x.test")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The Auth0 OAuth2 provider is not set up: `endpoint` must be a host name such as id.example.com, without https:// and without a path"
    );
}

#[tokio::test]
async fn a_name_is_one_segment_and_an_endpoint_a_whole_address() {
    let keycloak =
        |realm: &str| json!({"clientSecret": "s", "keycloakDomain": "kc.test", "keycloakRealm": realm}).to_string();
    let url = authorize("keycloak", &keycloak("a b/../c?d#e")).await.unwrap();
    assert!(
        url.starts_with("https://kc.test/realms/a%20b%2F..%2Fc%3Fd%23e/protocol/"),
        "{url}"
    );
    assert!(authorize("keycloak", &keycloak("..")).await.is_err());
    let gitlab = |endpoint: &str| json!({"clientSecret": "s", "endpoint": endpoint}).to_string();
    assert!(
        authorize("gitlab", &gitlab(""))
            .await
            .unwrap()
            .starts_with("https://gitlab.com/oauth/authorize?")
    );
    assert!(
        authorize("gitlab", &gitlab("https://git.test/"))
            .await
            .unwrap()
            .starts_with("https://git.test/oauth/authorize?")
    );
    for evil in [
        "javascript:alert(1)//",
        "ftp://git.test",
        "git.test",
        "https://user@git.test",
        "https://git.test#",
        "https://git.test?x=",
        "http://git.test",
    ] {
        assert!(authorize("gitlab", &gitlab(evil)).await.is_err(), "{evil}");
    }
    let oidc = json!({"clientSecret": "s", "authorizationEndpoint": "javascript:alert(1)", "tokenEndpoint": "https://a.test/t", "userInfoEndpoint": "https://a.test/u"});
    assert!(authorize("oidc", &oidc.to_string()).await.is_err());
}

#[tokio::test]
async fn what_is_not_set_has_its_usual_value_or_is_named() {
    let okta = json!({"clientSecret": "s", "oktaDomain": "acme.okta.com", "authorizationServerId": ""}).to_string();
    assert!(
        authorize("okta", &okta)
            .await
            .unwrap()
            .starts_with("https://acme.okta.com/oauth2/default/v1/authorize?")
    );
    let microsoft = json!({"clientSecret": "s"}).to_string();
    assert!(
        authorize("microsoft", &microsoft)
            .await
            .unwrap()
            .starts_with("https://login.microsoftonline.com/common/")
    );
    for (id, app, stored, name) in [
        ("github", "", "s", "clientId"),
        ("github", "id", "", "clientSecret"),
        ("okta", "id", r#"{"clientSecret":"s"}"#, "domain"),
        ("apple", "id", r#"{"keyID":"k","teamID":"t"}"#, "p8File"),
        (
            "oidc",
            "id",
            r#"{"clientSecret":"s","tokenEndpoint":"https://a.test"}"#,
            "wellKnownURL, or authorizationURL",
        ),
        ("okta", "id", "plain", "clientSecret"),
        ("linkedin", "id", "", "primaryClientSecret"),
    ] {
        let error = Credentials::from_stored(&provider(id), app, stored).unwrap_err();
        assert!(error.to_string().contains(&format!("`{name}")), "{id}: {error}");
        assert_eq!(error.kind(), Kind::Precondition("project_provider_disabled"));
    }
    let error = authorize("auth0", r#"{"clientSecret":"s"}"#).await.unwrap_err();
    assert!(error.to_string().contains("`endpoint` must be set"), "{error}");
    // A plain secret that looks like JSON is not parsed.
    Credentials::from_stored(&provider("github"), "id", r#"{"clientSecret":""}"#).unwrap();
}

//! Authorize URLs.
#![allow(clippy::unwrap_used)]

mod common;

use common::{REDIRECT, SECRET, client, provider};
use oauth::{Authorization, Credentials, Provider, Registry, Start};

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

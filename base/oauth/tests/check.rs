//! Checks of a provider's configuration.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Ec, Mock, client, credentials, keys, ok, provider, status};
use oauth::{Check, Report, State, Trace};
use serde_json::{Value, json};

async fn check(mock: &Mock, id: &str, stored: &str, redirect_uri: &str) -> Report {
    let provider = provider(id);
    client()
        .check(
            &provider,
            &credentials(mock, &provider, stored),
            redirect_uri,
            &mut Trace::default(),
        )
        .await
}

fn state<'a>(report: &'a Report, name: &str) -> &'a Check {
    report
        .checks
        .iter()
        .find(|check| check.name == name)
        .unwrap_or_else(|| panic!("no {name} in {report:?}"))
}

#[tokio::test]
async fn a_good_set_up_is_good_in_every_point() {
    let (mock, ec) = (Mock::start().await, Ec::new("k1"));
    mock.on(
        "huggingface.co/.well-known/openid-configuration",
        ok(json!({"issuer": "https://huggingface.co"})),
    )
    .on("huggingface.co/oauth/jwks", keys(&[ec.jwk()]))
    .on(
        "huggingface.co/oauth/token",
        status(400, json!({"error": "invalid_grant"})),
    );
    let report = check(&mock, "huggingface", "s", "https://app.test/cb").await;
    let names: Vec<&str> = report.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(
        names,
        ["settings", "redirect_uri", "discovery", "keys", "credentials", "clock"]
    );
    assert!(report.checks.iter().all(|check| check.state == State::Ok), "{report:?}");
    assert!(provider("huggingface").probe.at_enable && provider("github").probe.at_enable);
}

#[tokio::test]
async fn each_fault_is_found_and_what_to_mend_is_said() {
    let mock = Mock::start().await;
    mock.on(
        "accounts.google.com/.well-known/openid-configuration",
        ok(json!({"issuer": "https://evil.test"})),
    )
    .on(
        "www.googleapis.com/oauth2/v3/certs",
        keys(&[json!({"kty": "oct", "k": "AA"})]),
    )
    .on(
        "oauth2.googleapis.com/token",
        status(401, json!({"error": "invalid_client"})),
    );
    let report = check(&mock, "google", "s", "http://app.test/cb").await;
    for name in ["redirect_uri", "discovery", "keys", "credentials"] {
        let check = state(&report, name);
        assert!(check.state == State::Failed && check.fix.is_some(), "{check:?}");
    }
    assert!(report.failed());
}

#[tokio::test]
async fn the_words_of_github_tell_wrong_credentials_from_right_ones() {
    let mock = Mock::start().await;
    for (answer, expected) in [
        (ok(json!({"error": "bad_verification_code"})), State::Ok),
        (ok(json!({"error": "incorrect_client_credentials"})), State::Failed),
        (status(404, json!({"error": "Not Found"})), State::Failed),
        (ok(json!({"error": "redirect_uri_mismatch"})), State::Failed),
        (ok(json!({"error": "slow_down"})), State::Unknown),
        (status(503, Value::Null), State::Unknown),
    ] {
        mock.on("github.com/login/oauth/access_token", answer);
        let github = provider("github");
        let found = client()
            .probe(
                &github,
                &credentials(&mock, &github, "s"),
                "https://app.test/cb",
                &mut Trace::default(),
            )
            .await;
        assert_eq!(found.state, expected, "{found:?}");
    }
}

#[tokio::test]
async fn redirect_uris_are_held_against_the_providers_rules() {
    let mock = Mock::start().await;
    for (id, uri, expected) in [
        ("apple", "https://app.test/cb", State::Ok),
        ("apple", "https://localhost/cb", State::Failed),
        ("apple", "https://127.0.0.1/cb", State::Failed),
        ("spotify", "http://127.0.0.1:8080/cb", State::Ok),
        ("spotify", "http://localhost:8080/cb", State::Failed),
        ("etsy", "http://localhost/cb", State::Failed),
        ("discord", "http://anything.test/cb", State::Ok),
        ("discord", "nonsense", State::Failed),
    ] {
        let stored = if id == "apple" {
            json!({"keyID": "k", "teamID": "t", "p8": "p"}).to_string()
        } else {
            "s".into()
        };
        let report = check(&mock, id, &stored, uri).await;
        assert_eq!(state(&report, "redirect_uri").state, expected, "{id} {uri}");
    }
}

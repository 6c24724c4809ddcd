//! Invalid id_tokens (RFC 8725; OpenID Connect Core 3.1.3.7), and the keys for their verification.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Ec, Mock, NOW, Rsa, client, keys, message, provider, status};
use kernel::{Fault, Kind};
use oauth::{Client, Error, NativeSignIn, Profile, Trace};
use serde_json::{Value, json};

const KEYS: &str = "www.googleapis.com/oauth2/v3/certs";

fn claims() -> Value {
    json!({"iss": "https://accounts.google.com", "aud": "app", "azp": "android", "sub": "42", "iat": NOW, "exp": NOW + 3600,
        "nonce": "n1", "email": "pat@example.test", "email_verified": true, "name": "Pat"})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

async fn verify(client: &Client, mock: &Mock, token: &str) -> Result<Profile, Error> {
    let audiences = ["app".to_owned(), "ios".to_owned()];
    let sign_in = NativeSignIn {
        audiences: &audiences,
        id_token: token,
        nonce: Some("n1"),
        origin: Some(mock.origin.clone()),
    };
    client
        .verify_native(&provider("google"), &sign_in, &mut Trace::default())
        .await
}

#[tokio::test]
async fn a_good_token_tells_who_the_user_is() {
    let (mock, ec, rsa) = (Mock::start().await, Ec::new("k1"), Rsa::new());
    mock.on(KEYS, keys(&[ec.jwk(), rsa.jwk(None)]));
    let client = client();
    for token in [
        ec.sign(&claims()),
        rsa.sign("RS256", &claims()),
        rsa.sign("PS256", &claims()),
    ] {
        let profile = verify(&client, &mock, &token).await.unwrap();
        assert_eq!(
            (profile.uid.as_str(), profile.email.as_deref()),
            ("42", Some("pat@example.test"))
        );
        assert!(profile.email_verified && profile.name.as_deref() == Some("Pat"));
        assert!(profile.amr.is_empty() && !profile.is_multi_factor());
    }
    let several = ec.sign(&with("amr", serde_json::json!(["pwd", "otp"])));
    let profile = verify(&client, &mock, &several).await.unwrap();
    assert!(profile.amr == ["pwd", "otp"] && profile.is_multi_factor());
    assert_eq!(mock.count(KEYS), 1, "keys are kept");
    for good in [
        with("iss", "accounts.google.com".into()),
        with("aud", json!(["ios", "other"])).tap("azp", "ios".into()),
        with("exp", (NOW - 59).into()),
        with("iat", (NOW + 59).into()),
    ] {
        verify(&client, &mock, &ec.sign(&good)).await.unwrap();
    }
}

trait Tap {
    fn tap(self, name: &str, value: Value) -> Self;
}

impl Tap for Value {
    fn tap(mut self, name: &str, value: Value) -> Self {
        self[name] = value;
        self
    }
}

#[tokio::test]
async fn a_token_with_a_wrong_claim_does_not_count() {
    let (mock, ec) = (Mock::start().await, Ec::new("k1"));
    mock.on(KEYS, keys(&[ec.jwk()]));
    let client = client();
    for (bad, word) in [
        (with("iss", "https://accounts.google.com.evil.test".into()), "issuer"),
        (with("iss", "https://accounts.google.com/".into()), "issuer"),
        (with("iss", Value::Null), "issuer"),
        (with("aud", "another".into()), "another client"),
        (with("aud", json!(["app", "evil"])), "several clients"),
        (with("aud", Value::Null), "another client"),
        (with("exp", (NOW - 60).into()), "expired"),
        (with("exp", Value::Null), "expiry"),
        (with("exp", "never".into()), "expiry"),
        (with("iat", (NOW + 61).into()), "not valid yet"),
        (with("iat", Value::Null), "issued"),
        (with("nbf", (NOW + 61).into()), "not valid yet"),
        (with("nonce", "n2".into()), "nonce"),
        (with("nonce", Value::Null), "nonce"),
        // OpenID Connect Core 2: `sub` is required.
        (with("sub", Value::Null), "no subject"),
        (with("sub", "".into()), "no subject"),
    ] {
        let error = verify(&client, &mock, &ec.sign(&bad)).await.unwrap_err();
        assert!(error.to_string().contains(word), "{bad}: {error}");
        assert_eq!(error.kind(), Kind::Denied("user_invalid_token"));
    }
}

#[tokio::test]
async fn a_forged_signature_does_not_count() {
    let (mock, ec, rsa, evil) = (Mock::start().await, Ec::new("k1"), Rsa::new(), Ec::new("k1"));
    mock.on(KEYS, keys(&[ec.jwk(), rsa.jwk(Some("RS256"))]));
    let client = client();
    let good = ec.sign(&claims());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let hs256 = |key: &[u8], kid: &str| {
        let message = message(&json!({"alg": "HS256", "kid": kid}), &claims());
        let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key), message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    let none = |alg: &str| format!("{}.", message(&json!({"alg": alg}), &claims()));
    let embedded = json!({"alg": "ES256", "kid": "k1", "jwk": evil.jwk(), "jku": "https://evil.test/keys", "x5u": "https://evil.test"});
    for forged in [
        none("none"),
        none("None"),
        none(""),
        none("ES256"),
        hs256(ec.point(), "k1"),
        hs256(&rsa.modulus(), "rsa"),
        hs256(rsa.jwk(None).to_string().as_bytes(), "rsa"),
        evil.sign(&claims()),
        evil.sign_as(&embedded, &claims()),
        // The right key with an algorithm of another key type, and an algorithm that does not match the key.
        ec.sign_as(&json!({"alg": "RS256", "kid": "k1"}), &claims()),
        ec.sign_as(&json!({"alg": "ES256", "kid": "rsa"}), &claims()),
        rsa.sign("PS256", &claims()),
        ec.sign_as(
            &json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": false}),
            &claims(),
        ),
        format!(
            "{}.{}",
            message(&json!({"alg": "ES256", "kid": "k1"}), &with("sub", "1".into())),
            signature
        ),
        format!("{head}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        format!("{head}.{}", &signature[..40]),
        format!("{head}."),
        head.to_owned(),
        format!("{good}.x"),
        String::new(),
        "a.b.c".into(),
        format!("{head}.{}", "A".repeat(70_000)),
    ] {
        let error = verify(&client, &mock, &forged).await.unwrap_err();
        assert!(matches!(error, Error::IdToken(_)), "{forged}: {error}");
    }
    verify(&client, &mock, &good).await.unwrap();
    // Without a kid, every key of the right type is tried.
    verify(&client, &mock, &ec.sign_as(&json!({"alg": "ES256"}), &claims()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_nonce_that_the_app_does_not_know_is_refused() {
    let (mock, ec) = (Mock::start().await, Ec::new("k1"));
    mock.on(KEYS, keys(&[ec.jwk()]))
        .on("appleid.apple.com/auth/keys", keys(&[ec.jwk()]));
    let (client, audiences) = (client(), ["app".to_owned()]);
    let token = ec.sign(&claims());
    let sign_in = NativeSignIn {
        audiences: &audiences,
        id_token: &token,
        nonce: None,
        origin: Some(mock.origin.clone()),
    };
    let error = client
        .verify_native(&provider("google"), &sign_in, &mut Trace::default())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::IdToken(_)), "{error}");
    // Apple's token contains the SHA-256 of the app's nonce.
    let hashed = hex::encode(ring::digest::digest(&ring::digest::SHA256, b"raw"));
    let apple = claims()
        .tap("iss", "https://appleid.apple.com".into())
        .tap("nonce", hashed.into())
        .tap("email_verified", "true".into());
    let token = ec.sign(&apple);
    for (nonce, good) in [(Some("raw"), true), (Some("other"), false), (None, false)] {
        let sign_in = NativeSignIn {
            id_token: &token,
            nonce,
            ..sign_in.clone()
        };
        let result = client
            .verify_native(&provider("apple"), &sign_in, &mut Trace::default())
            .await;
        assert_eq!(result.is_ok_and(|profile| profile.email_verified), good, "{nonce:?}");
    }
    let error = client
        .verify_native(&provider("github"), &sign_in, &mut Trace::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid("project_provider_unsupported"));
}

#[tokio::test]
async fn new_keys_are_found_old_ones_survive_an_outage_and_forgeries_cost_one_request() {
    let (mock, old, new) = (Mock::start().await, Ec::new("old"), Ec::new("new"));
    let clock = common::clock();
    let client = Client::new(outbound::Outbound::new(outbound::Settings::default()), clock.clone());
    mock.on(KEYS, keys(&[old.jwk()]));
    verify(&client, &mock, &old.sign(&claims())).await.unwrap();
    mock.on(KEYS, keys(&[new.jwk()]));
    verify(&client, &mock, &new.sign(&claims())).await.unwrap();
    assert_eq!(mock.count(KEYS), 2);
    for index in 0..5 {
        let forged = Ec::new(&format!("evil{index}")).sign(&claims());
        assert!(verify(&client, &mock, &forged).await.is_err());
    }
    assert_eq!(mock.count(KEYS), 2, "no more often than every five minutes");
    clock.advance(Duration::from_secs(301));
    assert!(verify(&client, &mock, &Ec::new("evil").sign(&claims())).await.is_err());
    assert_eq!(mock.count(KEYS), 3);
    // After an hour, while the provider is down, cached keys are used for up to a day.
    mock.on(KEYS, status(503, json!({})));
    clock.advance(Duration::from_secs(2 * 3600));
    let later = claims().tap("exp", (NOW + 100_000).into());
    verify(&client, &mock, &new.sign(&later)).await.unwrap();
    assert_eq!(mock.count(KEYS), 4);
    clock.advance(Duration::from_secs(24 * 3600));
    let error = verify(&client, &mock, &new.sign(&later)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Upstream("user_oauth2_provider_error"), "{error}");
}

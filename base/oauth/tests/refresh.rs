//! Refresh of tokens, for each kind of provider.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Mock, client, credentials, ok, provider, status};
use kernel::{Fault, Kind};
use oauth::{Error, Refresh, Tokens, Trace};
use serde_json::json;

const SECRET: &str = "s3cret-value";

fn old() -> Tokens {
    Tokens {
        access_token: "at-old".into(),
        refresh_token: Some("rt-old".into()),
        ..Tokens::default()
    }
}

async fn refresh(mock: &Mock, id: &str, tokens: &Tokens) -> Result<Tokens, Error> {
    let provider = provider(id);
    let mut trace = Trace::default();
    let result = client()
        .refresh(&provider, &credentials(mock, &provider, SECRET), tokens, &mut trace)
        .await;
    let output = format!("{} {result:?}", serde_json::to_string(&trace).unwrap());
    assert!(
        !output.contains("rt-old") && !output.contains("at-old") && !output.contains(SECRET),
        "{output}"
    );
    result
}

#[tokio::test]
async fn a_new_refresh_token_takes_the_place_of_the_old_one_which_else_stays() {
    let mock = Mock::start().await;
    mock.on(
        "discord.com/api/oauth2/token",
        ok(json!({"access_token": "at-new", "refresh_token": "rt-new", "expires_in": 60})),
    );
    let fresh = refresh(&mock, "discord", &old()).await.unwrap();
    assert_eq!(
        (
            fresh.access_token.as_str(),
            fresh.refresh_token.as_deref(),
            fresh.expires_in
        ),
        ("at-new", Some("rt-new"), Some(60))
    );
    let sent = mock.at("discord.com/api/oauth2/token").form();
    assert_eq!(
        (
            sent["grant_type"].as_str(),
            sent["refresh_token"].as_str(),
            sent["client_secret"].as_str()
        ),
        ("refresh_token", "rt-old", SECRET)
    );
    assert!(!sent.contains_key("redirect_uri") && !sent.contains_key("code"));
    for expires in [json!(0), json!("0"), json!(null), json!("soon"), json!(-1)] {
        mock.on(
            "accounts.spotify.com/api/token",
            ok(json!({"access_token": "at-new", "expires_in": expires, "id_token": "x"})),
        );
        let fresh = refresh(&mock, "spotify", &old()).await.unwrap();
        assert_eq!(
            (fresh.refresh_token.as_deref(), fresh.expires_in, fresh.id_token),
            (Some("rt-old"), None, None)
        );
    }
}

#[tokio::test]
async fn figma_has_an_endpoint_of_its_own_and_facebook_exchanges() {
    let mock = Mock::start().await;
    mock.on("api.figma.com/v1/oauth/refresh", ok(json!({"access_token": "at-new"})));
    refresh(&mock, "figma", &old()).await.unwrap();
    assert_eq!(mock.at("api.figma.com/v1/oauth/refresh").body, "refresh_token=rt-old");

    assert_eq!(provider("facebook").refresh, Refresh::Exchange);
    mock.on(
        "graph.facebook.com/v25.0/oauth/access_token",
        ok(json!({"access_token": "at-new", "expires_in": 5183944})),
    );
    let fresh = refresh(
        &mock,
        "facebook",
        &Tokens {
            refresh_token: None,
            ..old()
        },
    )
    .await
    .unwrap();
    assert_eq!((fresh.access_token.as_str(), fresh.refresh_token), ("at-new", None));
    let sent = mock.at("graph.facebook.com/v25.0/oauth/access_token").form();
    assert_eq!(
        (sent["grant_type"].as_str(), sent["fb_exchange_token"].as_str()),
        ("fb_exchange_token", "at-old")
    );
    assert!(!sent.contains_key("refresh_token"));
}

#[tokio::test]
async fn nothing_is_asked_where_there_is_nothing_to_refresh() {
    let mock = Mock::start().await;
    let error = refresh(&mock, "wordpress", &old()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid("project_provider_unsupported"));
    let error = refresh(
        &mock,
        "discord",
        &Tokens {
            refresh_token: Some(String::new()),
            ..old()
        },
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Unsupported(_)));
    let evil = Tokens {
        extras: [("accounts-server".into(), "https://evil.test".into())].into(),
        ..old()
    };
    assert!(refresh(&mock, "zoho", &evil).await.is_err());
}

#[tokio::test]
async fn a_dead_grant_is_told_from_a_passing_failure() {
    let mock = Mock::start().await;
    for (id, location, code, body, dead) in [
        (
            "discord",
            "discord.com/api/oauth2/token",
            400,
            json!({"error": "invalid_grant", "error_description": "rt-old is revoked"}),
            true,
        ),
        (
            "discord",
            "discord.com/api/oauth2/token",
            400,
            json!({"error": "invalid_request"}),
            false,
        ),
        ("discord", "discord.com/api/oauth2/token", 503, json!({}), false),
        (
            "github",
            "github.com/login/oauth/access_token",
            200,
            json!({"error": "bad_refresh_token"}),
            true,
        ),
        (
            "twitch",
            "id.twitch.tv/oauth2/token",
            400,
            json!({"status": 400, "message": "Invalid refresh token"}),
            true,
        ),
        (
            "zoho",
            "accounts.zoho.com/oauth/v2/token",
            200,
            json!({"error": "invalid_code"}),
            true,
        ),
    ] {
        mock.on(location, status(code, body.clone()));
        let error = refresh(&mock, id, &old()).await.unwrap_err();
        assert_eq!(error.is_dead_grant(), dead, "{id} {body}: {error}");
    }
}

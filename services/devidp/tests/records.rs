//! Custom providers of the operator, and URLs that match more than one record.

#![allow(clippy::unwrap_used)]

mod support;

use http::Request;
use oauth::Registry;
use support::{App, body, claims, server, test_routing, text, with};

#[tokio::test]
async fn custom_providers_are_imitated_from_their_record() {
    let plain = r#"
id = "acme"
name = "Acme"
authorize_url = "https://id.acme.test/auth"
token_url = "https://id.acme.test/token"
token_path = "/data"
token_fields = { access_token = "accessToken" }
scopes = ["me"]
uid = "/data/0/user/key"
email = ["mails:/list/*[main && kind == 'work']/address", "/mail"]
email_verified = "mails:/list/*[address == @email]/state is 'confirmed'"
display_name = "/data/0/given + ' ' + /data/0/family"
refuse = "/locked"
[[userinfo]]
url = "https://api.acme.test/me"
[[userinfo]]
role = "mails"
url = "https://api.acme.test/mails"
"#;
    let twin = r#"
id = "second-oidc"
name = "Second"
discovery_url = "https://login.second.test/tenant/.well-known/openid-configuration"
scopes = ["openid", "email"]
[[userinfo]]
"#;
    let files = [
        ("acme".to_owned(), plain.to_owned()),
        ("second".to_owned(), twin.to_owned()),
    ];
    let registry = Registry::merged(&files).unwrap();
    let (idp, clock) = with(registry.clone());
    for (id, verifies) in [("acme", true), ("second-oidc", true)] {
        let app = App::new(&idp, &clock, registry.get(id).unwrap()).await;
        for (person, email, verified) in [
            ("ada", Some("ada@example.com"), verifies),
            ("alan", Some("alan@example.com"), false),
            ("emmy", None, false),
        ] {
            let callback = app.callback(person, "none").await;
            let reply = app.token(app.code_params(&callback), &callback).await;
            assert_eq!(reply.status(), 200, "{id}: {}", text(&reply));
            let token = body(&reply);
            let documents = app.documents(&token, &callback).await;
            let provider = &app.provider;
            assert!(provider.uid.eval(&documents, None).is_some(), "{id}");
            assert_eq!(
                provider.email.as_ref().unwrap().eval(&documents, None).as_deref(),
                email,
                "{id}"
            );
            let vouched = provider.email_verified.as_ref().unwrap().eval(&documents, email);
            assert_eq!(vouched, verified, "{id}: {person}");
            if person == "ada" {
                let name = provider.display_name.as_ref().unwrap().eval(&documents, None);
                assert_eq!(name.as_deref(), Some("Ada Lovelace"), "{id}");
            }
        }
    }
}

#[tokio::test]
async fn the_callback_tells_two_providers_with_one_address_apart() {
    let file = "id = \"google-work\"\nname = \"Work\"\nauthorize_url = \"https://accounts.google.com/o/oauth2/v2/auth\"\ntoken_url = \"https://oauth2.googleapis.com/token\"\nuid = \"/sub\"\nemail = \"/email\"\n[[userinfo]]\nurl = \"https://openidconnect.googleapis.com/v1/userinfo\"\n";
    let registry = Registry::merged(&[("work".into(), file.into())]).unwrap();
    let (idp, clock) = with(registry.clone());
    for id in ["google", "google-work"] {
        let app = App::new(&idp, &clock, registry.get(id).unwrap()).await;
        let page = text(&app.authorize(&app.authorize_params()).await);
        assert!(page.contains(&format!("as if at {}</h1>", app.provider.name)), "{id}");
        let callback = app.callback("ada", "none").await;
        let reply = app.token(app.code_params(&callback), &callback).await;
        assert_eq!(reply.status(), 200, "{id}: {}", text(&reply));
        app.documents(&body(&reply), &callback).await;
    }
}

#[tokio::test]
async fn oidc_servers_with_separate_endpoints_are_recognized() {
    let (idp, clock) = server();
    let mut app = App::new(&idp, &clock, Registry::builtin().get("oidc").unwrap()).await;
    for (name, url) in [
        ("authorizationEndpoint", "https://sso.example/a"),
        ("tokenEndpoint", "https://sso.example/t"),
        ("userInfoEndpoint", "https://sso.example/u"),
    ] {
        app.settings.insert(name.into(), url.into());
    }
    let callback = app.callback("ada", "none").await;
    let token = body(&app.token(app.code_params(&callback), &callback).await);
    assert_eq!(
        claims(token["id_token"].as_str().unwrap())["iss"],
        "https://sso.example"
    );
    app.documents(&token, &callback).await;
}

#[tokio::test]
async fn self_hosted_providers_may_share_a_host() {
    let (idp, clock) = server();
    for id in ["auth0", "fusionauth", "gitlab", "okta"] {
        let mut app = App::new(&idp, &clock, Registry::builtin().get(id).unwrap()).await;
        for (name, value) in [
            ("auth0Domain", "dev"),
            ("fusionAuthDomain", "dev"),
            ("oktaDomain", "dev"),
            ("endpoint", "https://dev"),
        ] {
            app.settings.insert(name.into(), value.into());
        }
        let callback = app.callback("ada", "none").await;
        let reply = app.token(app.code_params(&callback), &callback).await;
        let token = body(&reply);
        app.documents(&token, &callback).await;
        // The metadata of a host describe the provider of the last sign-in there.
        let address = app.fill(app.provider.discovery_url.as_ref().unwrap().as_str(), &[]);
        let metadata = body(&app.send(Request::get(test_routing(&address)), "").await);
        if let Some(jwt) = token["id_token"].as_str() {
            assert_eq!(metadata["issuer"], claims(jwt)["iss"], "{id}");
        }
        let own = app.fill(app.provider.token_url.as_ref().unwrap().as_str(), &[]);
        assert_eq!(metadata["token_endpoint"], own, "{id}");
    }
}

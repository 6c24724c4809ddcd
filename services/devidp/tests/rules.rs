//! Simulated faults, and requests that must be rejected.

#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use http::Request;
use oauth::Registry;
use support::{App, NONCE, Pairs, body, claims, form, form_body, pair, server, test_routing, text};

async fn app<'a>(idp: &'a devidp::DevIdp, clock: &kernel::clock::Clock, id: &str) -> App<'a> {
    App::new(idp, clock, Registry::builtin().get(id).unwrap()).await
}

fn without(params: &Pairs, name: &str) -> Pairs {
    params.iter().filter(|(known, _)| known != name).cloned().collect()
}

fn changed(params: &Pairs, name: &str, value: &str) -> Pairs {
    let mut params = without(params, name);
    params.push(pair(name, value));
    params
}

#[tokio::test]
async fn denials_have_the_provider_format() {
    let (idp, clock) = server();
    for (id, error) in [
        ("github", "access_denied"),
        ("apple", "user_cancelled_authorize"),
        ("linkedin", "user_cancelled_login"),
    ] {
        let callback = app(&idp, &clock, id).await.callback("ada", "deny").await;
        assert_eq!(callback["error"], error);
        assert_eq!(callback["state"], "s&t=\"<1>");
        assert!(!callback.contains_key("code"));
    }
    let callback = app(&idp, &clock, "keycloak").await.callback("ada", "deny").await;
    assert_eq!(callback["iss"], "https://keycloak.dev.test/realms/dev");
}

#[tokio::test]
async fn errors_have_the_provider_format() {
    let (idp, clock) = server();
    for (id, status, pointer, error) in [
        ("google", 400, "/error", "invalid_grant"),
        ("github", 200, "/error", "bad_verification_code"),
        ("slack", 200, "/error", "invalid_code"),
        ("twitch", 400, "/message", "The code has expired."),
        ("facebook", 400, "/error/type", "OAuthException"),
    ] {
        let app = app(&idp, &clock, id).await;
        let callback = app.callback("ada", "expired").await;
        let reply = app.token(app.code_params(&callback), &callback).await;
        assert_eq!(reply.status(), status, "{id}");
        assert_eq!(body(&reply).pointer(pointer).unwrap(), error, "{id}");

        let callback = app.callback("ada", "500").await;
        assert_eq!(
            app.token(app.code_params(&callback), &callback).await.status(),
            500,
            "{id}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_token_call_does_not_block_others() {
    let (idp, clock) = server();
    let app = app(&idp, &clock, "github").await;
    let (slow, quick) = (app.callback("ada", "slow").await, app.callback("grace", "none").await);
    fn can_move<T: Send>(future: T) -> T {
        future
    }
    let start = tokio::time::Instant::now();
    let took = |at: tokio::time::Instant| at.duration_since(start);
    let first = can_move(async {
        (
            app.token(app.code_params(&slow), &slow).await.status(),
            took(tokio::time::Instant::now()),
        )
    });
    let second = can_move(async {
        (
            app.token(app.code_params(&quick), &quick).await.status(),
            took(tokio::time::Instant::now()),
        )
    });
    let ((slow, slow_took), (quick, quick_took)) = tokio::join!(first, second);
    assert_eq!((slow.as_u16(), quick.as_u16()), (200, 200));
    assert!(slow_took >= Duration::from_secs(3) && slow_took < Duration::from_secs(9));
    assert_eq!(quick_took, Duration::ZERO);
}

#[tokio::test]
async fn a_wrong_nonce_is_offered_only_where_there_is_one() {
    let (idp, clock) = server();
    let google = app(&idp, &clock, "google").await;
    let callback = google.callback("ada", "wrong-nonce").await;
    let reply = body(&google.token(google.code_params(&callback), &callback).await);
    let nonce = claims(reply["id_token"].as_str().unwrap())["nonce"].clone();
    assert!(nonce.is_string() && nonce != NONCE);

    let page = text(&google.authorize(&google.authorize_params()).await);
    assert!(page.contains("data-fault=\"wrong-nonce\""));
    let github = app(&idp, &clock, "github").await;
    let page = text(&github.authorize(&github.authorize_params()).await);
    assert!(page.contains("data-fault=\"500\"") && !page.contains("wrong-nonce"));
}

#[tokio::test]
async fn a_code_is_valid_once_with_its_client_redirect_uri_and_verifier_for_five_minutes() {
    let (idp, clock) = server();
    let google = app(&idp, &clock, "google").await;
    let refused = async |params: Pairs, callback: &_| {
        let reply = google.token(params, callback).await;
        assert_eq!(
            (reply.status().as_u16(), &body(&reply)["error"]),
            (400, &"invalid_grant".into())
        );
    };
    let callback = google.callback("ada", "none").await;
    let params = google.code_params(&callback);
    refused(changed(&params, "code_verifier", &"x".repeat(50)), &callback).await;
    refused(without(&params, "code_verifier"), &callback).await;
    refused(
        changed(&params, "redirect_uri", "http://localhost:8080/else"),
        &callback,
    )
    .await;
    refused(changed(&params, "code", "made-up"), &callback).await;
    assert_eq!(google.token(params.clone(), &callback).await.status(), 200);
    refused(params, &callback).await;

    let callback = google.callback("ada", "none").await;
    clock.advance(Duration::from_secs(300));
    refused(google.code_params(&callback), &callback).await;

    // A code of one provider is not valid at another.
    let callback = app(&idp, &clock, "github").await.callback("ada", "none").await;
    let params = changed(&google.code_params(&callback), "redirect_uri", &callback["code"]);
    refused(params, &callback).await;
}

#[tokio::test]
async fn unsupported_client_authentication_is_refused() {
    let (idp, clock) = server();
    for (id, status, error) in [
        ("google", 401, "invalid_client"),
        ("x", 401, "invalid_client"),
        ("github", 200, "incorrect_client_credentials"),
    ] {
        let app = app(&idp, &clock, id).await;
        let callback = app.callback("ada", "none").await;
        let url = app.provider.token_url.as_ref().unwrap().as_str();
        // Without the secret; then, for providers that use Basic, with the secret in the body.
        let mut params = app.code_params(&callback);
        params.push(pair("client_id", "dev"));
        let reply = app.post(url, &params, None).await;
        assert_eq!(
            (reply.status().as_u16(), &body(&reply)["error"]),
            (status, &error.into()),
            "{id}"
        );
        if id == "x" {
            params.push(pair("client_secret", "dev"));
            assert_eq!(app.post(url, &params, None).await.status(), 401);
        }
        // The secret is sent by two methods at once.
        params.push(pair("client_secret", "dev"));
        let reply = app.post(url, &params, Some("Basic ZGV2OmRldg==".into())).await;
        assert!(body(&reply).get("access_token").is_none(), "{id}");
        // None of these requests has used up the code.
        assert_eq!(
            app.token(app.code_params(&callback), &callback).await.status(),
            200,
            "{id}"
        );
    }
    let apple = app(&idp, &clock, "apple").await;
    let callback = apple.callback("ada", "none").await;
    let mut params = apple.code_params(&callback);
    params.extend([pair("client_id", "dev"), pair("client_secret", "no JWT")]);
    let reply = apple.post("https://appleid.apple.com/auth/token", &params, None).await;
    assert_eq!(body(&reply)["error"], "invalid_client");
}

#[tokio::test]
async fn required_authorize_parameters_are_checked() {
    let (idp, clock) = server();
    for (id, name) in [
        ("x", "code_challenge"),
        ("google", "nonce"),
        ("google", "access_type"),
        ("github", "state"),
        ("tiktok", "client_key"),
    ] {
        let app = app(&idp, &clock, id).await;
        let reply = app.authorize(&without(&app.authorize_params(), name)).await;
        assert_eq!(reply.status(), 400, "{id}: {name}");
        assert!(text(&reply).contains(name), "{id}: {name}");
    }
    let app = app(&idp, &clock, "github").await;
    for (name, value) in [
        ("scope", "user:email,read:user"),
        ("redirect_uri", "javascript:alert(1)"),
        ("response_type", "token"),
    ] {
        let reply = app.authorize(&changed(&app.authorize_params(), name, value)).await;
        assert_eq!(reply.status(), 400, "{name}");
    }
}

#[tokio::test]
async fn the_page_escapes_what_an_app_sends_and_fetches_nothing() {
    let (idp, clock) = server();
    let app = app(&idp, &clock, "github").await;
    let params = changed(&app.authorize_params(), "client_id", "\"><script>alert(1)</script>");
    let reply = app.authorize(&params).await;
    let policy = reply.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("script-src"));
    let page = text(&reply);
    assert!(page.contains("&quot;&gt;&lt;script&gt;") && !page.contains("<script"));
    assert!(!page.contains("src=") && !page.contains("<link"));
    let first = page.split("data-person=\"").nth(1).unwrap();
    assert!(first.starts_with("ada\" checked"));
    assert!(page.contains("data-action=\"continue\""));
    let reply = app
        .send(Request::get("/dev/idp/_host/%3Cscript%3E.example/a?x=%3Cscript%3E"), "")
        .await;
    assert_eq!(reply.status(), 404);
    assert!(!text(&reply).contains("<script"));
}

#[tokio::test]
async fn scripts_can_consent_without_the_page_once() {
    let (idp, clock) = server();
    let app = app(&idp, &clock, "google").await;
    let people = body(&app.send(Request::get("/dev/idp/people.json"), "").await);
    assert_eq!(people["people"][0]["email"], "ada@example.com");
    let url = test_routing("https://accounts.google.com/o/oauth2/v2/auth");
    let request = Request::get(format!("{url}?{}", form(&app.authorize_params()))).header("accept", "application/json");
    let waiting = body(&app.send(request, "").await);
    assert_eq!(waiting["provider"], "google");
    let choice = vec![
        pair("request", waiting["request"].as_str().unwrap()),
        pair("person", "custom"),
        pair("name", "Łukasz O'Neil \"<b>\""),
        pair("email", "lo@example.org"),
    ];
    let callback = app.decide(&choice).await;
    let token = body(&app.token(app.code_params(&callback), &callback).await);
    let result = claims(token["id_token"].as_str().unwrap());
    assert_eq!(
        (&result["name"], &result["email_verified"]),
        (&"Łukasz O'Neil \"<b>\"".into(), &false.into())
    );
    let again = app.send(Request::post("/dev/idp/continue"), &form(&choice)).await;
    assert_eq!(again.status(), 400);
}

#[tokio::test]
async fn a_provider_without_json_answers_with_a_form() {
    let (idp, clock) = server();
    let app = app(&idp, &clock, "github").await;
    let callback = app.callback("ada", "none").await;
    let mut params = app.code_params(&callback);
    app.prove(&mut params);
    let request = Request::post(test_routing("https://github.com/login/oauth/access_token"))
        .header("content-type", "application/x-www-form-urlencoded");
    let reply = app.send(request, &form(&params)).await;
    assert_eq!(form_body(&reply)["scope"], "read:user,user:email");
}

//! Providers: configured, filled in, examined and watched.

use identity::attempts::{self, Attempt, AttemptKind, AttemptResult};
use identity::{AttemptId, Origin};
use kernel::Timestamp;
use testkit::{Options, Reply, Server, Value, json};

use crate::{shop, shop_on};

fn provider<'a>(project: &'a Reply, id: &str) -> &'a Value {
    let providers = project.body["oAuthProviders"].as_array().unwrap();
    providers.iter().find(|one| one["key"] == id).unwrap()
}

#[tokio::test]
async fn a_provider_is_configured_bit_by_bit_and_its_secret_is_never_told() {
    let (_server, owner) = shop().await;
    let change = async |body: Value| {
        let reply = owner.patch("/v1/projects/shop/oauth2", body).await;
        reply.assert_status(200);
        assert!(!reply.body.to_string().contains("hush"), "a secret in {}", reply.body);
        provider(&reply, "github").clone()
    };

    let shown = change(json!({"provider": "github", "appId": "app", "secret": "hush"})).await;
    assert_eq!(
        shown,
        json!({"key": "github", "name": "GitHub", "appId": "app", "secret": "", "enabled": false})
    );
    let shown = change(json!({"provider": "github", "appId": null, "secret": null, "enabled": true})).await;
    assert_eq!((&shown["appId"], &shown["enabled"]), (&json!("app"), &json!(true)));
    let unknown = json!({"provider": "myspace", "enabled": true});
    owner
        .patch("/v1/projects/shop/oauth2", unknown)
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn in_development_a_provider_is_switched_on_without_an_app() {
    let (_server, owner) = shop_on(Options {
        dev: true,
        ..Options::default()
    })
    .await;

    for id in ["github", "apple", "oidc"] {
        let reply = owner
            .patch("/v1/projects/shop/oauth2", json!({"provider": id, "enabled": true}))
            .await;
        assert_eq!(provider(reply.assert_status(200), id)["appId"], "dev", "{id}");
    }
    // An app of one's own is left alone.
    let own = json!({"provider": "google", "appId": "own", "secret": "hush", "enabled": true});
    let reply = owner.patch("/v1/projects/shop/oauth2", own).await;
    assert_eq!(provider(&reply, "google")["appId"], "own");
}

#[tokio::test]
async fn outside_of_development_nothing_is_filled_in_and_no_test_provider_is_offered() {
    let (_server, owner) = shop().await;

    let on = json!({"provider": "github", "enabled": true});
    let reply = owner.patch("/v1/projects/shop/oauth2", on).await;
    assert_eq!(provider(&reply, "github")["appId"], "");
    let mock = json!({"provider": "mock", "enabled": true});
    owner
        .patch("/v1/projects/shop/oauth2", mock)
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn a_check_says_what_is_missing_and_what_to_do() {
    let (_server, owner) = shop().await;

    let nothing = owner.post("/v1/projects/shop/oauth2/github/check", json!({})).await;
    assert_eq!(nothing.assert_status(200).body["ok"], false);
    assert_eq!(nothing.body["checks"][0]["name"], "settings");
    let redirect = nothing.text("redirectUri");
    assert!(
        redirect.ends_with("/v1/account/sessions/oauth2/callback/github/shop"),
        "{redirect}"
    );

    owner
        .patch(
            "/v1/projects/shop/oauth2",
            json!({"provider": "okta", "appId": "app", "secret": "{\"clientSecret\":\"hush\"}"}),
        )
        .await;
    let half = owner.post("/v1/projects/shop/oauth2/okta/check", json!({})).await;
    assert_eq!(half.body["checks"][0]["outcome"], "failed");
    assert!(
        half.body["checks"][0]["detail"].as_str().unwrap().contains("domain"),
        "{}",
        half.body
    );
    owner
        .post("/v1/projects/shop/oauth2/myspace/check", json!({}))
        .await
        .assert(400, "general_argument_invalid");
}

async fn sign_in_attempt(
    server: &Server,
    project: &str,
    provider: &'static str,
    error: Option<&'static str>,
) -> String {
    let id = AttemptId::generate(server.clock.now());
    let attempt = Attempt {
        id: secrets::digest(id.as_str()),
        expire: Timestamp::from_millis(i64::MAX),
        provider: provider.to_owned(),
        kind: AttemptKind::Session,
        success: String::new(),
        failure: String::new(),
        redirect_uri: String::new(),
        verifier: None,
        nonce: None,
        issuer: None,
        browser: None,
        any_host: false,
        any_browser: None,
        session_id: None,
        trace_id: id.clone(),
    };
    let origin = Origin {
        ip: "192.0.2.7".to_owned(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".to_owned(),
        ..Origin::default()
    };
    let ending = AttemptResult {
        error: error.map(|name| (name.to_owned(), "No.".to_owned())),
        steps: vec![json!({"name": "token", "millis": 12, "outcome": "ok", "detail": "github.com"})],
        ..AttemptResult::default()
    };
    let database = server.running.app.engine.database(project);
    let act = database.write(move |tx| {
        attempts::start(tx, &attempt, json!([]), &origin)?;
        attempts::finish(tx, &attempt.trace_id, ending)
    });
    act.await.unwrap();
    server.advance(std::time::Duration::from_secs(1));
    id.to_string()
}

#[tokio::test]
async fn an_owner_reads_why_a_sign_in_failed_for_seven_days() {
    let (server, owner) = shop().await;
    server.project(&owner, "other").await;
    sign_in_attempt(&server, "shop", "google", None).await;
    let failed = sign_in_attempt(&server, "shop", "github", Some("user_oauth2_provider_error")).await;

    let all = owner.get("/v1/projects/shop/oauth2/attempts").await;
    assert_eq!(all.assert_status(200).body["total"], 2);
    assert_eq!(all.body["attempts"][0]["$id"], json!(failed), "the newest comes first");
    let query = r#"queries[]={"method":"equal","attribute":"outcome","values":["failed"]}"#;
    let one = owner.get(&format!("/v1/projects/shop/oauth2/attempts?{query}")).await;
    assert_eq!(
        (&one.body["total"], &one.body["attempts"][0]["provider"]),
        (&json!(1), &json!("github"))
    );
    let path = format!("/v1/projects/shop/oauth2/attempts/{failed}");
    let trace = owner.get(&path).await;
    assert_eq!(trace.assert_status(200).text("errorType"), "user_oauth2_provider_error");
    assert_eq!(
        (trace.text("ip"), trace.text("clientName"), trace.text("osCode")),
        ("192.0.2.7", "Firefox", "LIN")
    );
    assert_eq!(trace.body["steps"][0]["name"], "token");

    assert_eq!(owner.get("/v1/projects/other/oauth2/attempts").await.body["total"], 0);
    let stranger = server.console_user("mallory").await;
    stranger.get(&path).await.assert(404, "project_not_found");
    server.advance(attempts::TRACE_LIFE);
    owner.get(&path).await.assert(404, "user_oauth2_attempt_not_found");
    assert_eq!(owner.get("/v1/projects/shop/oauth2/attempts").await.body["total"], 0);
}

#[tokio::test]
async fn the_console_learns_what_this_server_is_and_what_providers_want() {
    let (server, owner) = shop().await;

    let variables = owner.get("/v1/console/variables").await;
    assert_eq!(
        variables.assert_status(200).text("_APP_DOMAIN_TARGET_CNAME"),
        "localhost"
    );
    assert_eq!(variables.body["_APP_ASSISTANT_ENABLED"], false);
    let providers = owner.get("/v1/console/oauth2-providers").await;
    let listed = providers.assert_status(200).body["oAuth2Providers"].as_array().unwrap();
    assert!(
        listed
            .iter()
            .all(|one| one["$id"] != "mock" && one["parameters"].as_array().unwrap().len() > 1)
    );
    server
        .guest("console")
        .get("/v1/console/variables")
        .await
        .assert(401, "general_unauthorized_scope");
}

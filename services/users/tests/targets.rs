//! Targets and usage, with an API key.

use std::time::Duration;

use testkit::{Actor, PASSWORD, Server, json};

async fn shop(server: &Server) -> Actor {
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let scopes = ["users.read", "users.write", "targets.read", "targets.write"];
    let key = server.key(&console, "shop", &scopes).await;
    let ada = json!({"userId": "ada", "email": "ada@example.com", "password": PASSWORD});
    key.post("/v1/users", ada).await.assert_status(201);
    key
}

const TARGETS: &str = "/v1/users/ada/targets";

#[tokio::test]
async fn a_server_adds_changes_and_removes_targets() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let work = json!({"targetId": "work", "providerType": "EMAIL", "identifier": "Ada@Work.example", "name": "Work"});
    let created = key.post(TARGETS, work.clone()).await;
    let created = created.assert_status(201);
    assert_eq!(
        (created.text("identifier"), created.text("name")),
        ("ada@work.example", "Work")
    );
    assert_eq!(
        (created.text("providerType"), &created.body["providerId"]),
        ("email", &json!(null))
    );
    key.post(TARGETS, work).await.assert(409, "user_target_already_exists");
    let phone = json!({"targetId": "phone", "providerType": "sms", "identifier": "+491701234567"});
    key.post(TARGETS, phone).await.assert_status(201);
    let taken = json!({"targetId": "unique()", "providerType": "push", "identifier": "ada@work.example"});
    key.post(TARGETS, taken).await.assert(409, "user_target_already_exists");

    assert_eq!(key.get(TARGETS).await.body["total"], 3);
    let sms = r#"{"method":"equal","attribute":"providerType","values":["sms"]}"#;
    let found = key.get(&format!("{TARGETS}?queries[0]={sms}&total=false")).await;
    assert_eq!(
        (&found.body["total"], &found.body["targets"][0]["$id"]),
        (&json!(0), &json!("phone"))
    );
    let unknown = r#"{"method":"equal","attribute":"secret","values":["x"]}"#;
    let refused = key.get(&format!("{TARGETS}?queries[0]={unknown}")).await;
    refused.assert(400, "general_argument_invalid");

    let path = format!("{TARGETS}/work");
    let changed = key
        .patch(&path, json!({"identifier": "ada@new.example", "name": "New"}))
        .await;
    assert_eq!(
        (changed.assert_status(200).text("identifier"), changed.text("name")),
        ("ada@new.example", "New")
    );
    assert_eq!(key.patch(&path, json!({})).await.assert_status(200).text("name"), "New");
    assert_eq!(
        key.get(&path).await.assert_status(200).text("identifier"),
        "ada@new.example"
    );
    key.delete(&path).await.assert_status(204);
    for reply in [
        key.get(&path).await,
        key.delete(&path).await,
        key.patch(&path, json!({})).await,
    ] {
        reply.assert(404, "user_target_not_found");
    }
    key.get("/v1/users/nobody/targets").await.assert(404, "user_not_found");
    // Users have these scopes too, but only for the targets of their own account.
    let mut ada = server.guest("shop");
    ada.sign_in("ada@example.com", PASSWORD).await.assert_status(201);
    for reply in [ada.get(TARGETS).await, ada.delete(&format!("{TARGETS}/phone")).await] {
        reply.assert(401, "general_unauthorized_scope");
    }
}

#[tokio::test]
async fn invalid_targets_are_refused() {
    let server = Server::start().await;
    let key = shop(&server).await;
    for (kind, identifier, error) in [
        ("email", "not an address", "general_invalid_email"),
        ("sms", "0170 1234567", "general_invalid_phone"),
        ("fax", "1", "general_argument_invalid"),
        ("push", "", "general_argument_invalid"),
    ] {
        let target = json!({"targetId": "unique()", "providerType": kind, "identifier": identifier});
        key.post(TARGETS, target).await.assert(400, error);
    }
    let provider = json!({"targetId": "push", "providerType": "push", "identifier": "token", "providerId": "fcm"});
    key.post(TARGETS, provider).await.assert(404, "provider_not_found");
    let push = json!({"targetId": "push", "providerType": "push", "identifier": "token", "providerId": ""});
    key.post(TARGETS, push).await.assert_status(201);
    let path = format!("{TARGETS}/push");
    key.patch(&path, json!({"providerId": "fcm"}))
        .await
        .assert(404, "provider_not_found");
    let own = key.get(TARGETS).await.body["targets"].clone();
    let email = own
        .as_array()
        .into_iter()
        .flatten()
        .find(|target| target["providerType"] == "email")
        .cloned();
    let path = format!(
        "{TARGETS}/{}",
        email.expect("their own")["$id"].as_str().expect("an id")
    );
    key.patch(&path, json!({"identifier": "none"}))
        .await
        .assert(400, "general_invalid_email");
}

#[tokio::test]
async fn the_default_target_follows_the_address() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let work = json!({"targetId": "work", "providerType": "email", "identifier": "ada@work.example"});
    key.post(TARGETS, work).await.assert_status(201);
    let reached = async || {
        let body = key.get(TARGETS).await.body;
        let all = body["targets"].as_array().expect("a list").iter();
        let mut all: Vec<_> = all
            .map(|target| target["identifier"].as_str().unwrap_or("").to_owned())
            .collect();
        all.sort();
        all
    };
    let moved = json!({"email": "ada@home.example"});
    key.patch("/v1/users/ada/email", moved).await.assert_status(200);
    assert_eq!(reached().await, ["ada@home.example", "ada@work.example"]);
    let taken = json!({"email": "ada@work.example"});
    key.patch("/v1/users/ada/email", taken)
        .await
        .assert(409, "user_target_already_exists");
    key.patch("/v1/users/ada/email", json!({"email": ""}))
        .await
        .assert_status(200);
    assert_eq!(reached().await, ["ada@work.example"]);
}

#[tokio::test]
async fn usage_reports_users_and_sessions_by_day_and_hour() {
    let server = Server::start().await;
    let key = shop(&server).await;
    server
        .guest("shop")
        .sign_in("ada@example.com", PASSWORD)
        .await
        .assert_status(201);
    server.advance(Duration::from_secs(2 * 86_400));
    server.user("shop", "grace").await;
    let mut ada = server.guest("shop");
    ada.sign_in("ada@example.com", PASSWORD).await.assert_status(201);
    ada.delete("/v1/account/sessions/current").await.assert_status(204);

    let month = key.get("/v1/users/usage").await;
    let month = &month.assert_status(200).body;
    assert_eq!(
        (&month["range"], &month["usersTotal"], &month["sessionsTotal"]),
        (&json!("30d"), &json!(2), &json!(2))
    );
    let of = |name: &str| -> Vec<i64> {
        let points = month[name].as_array().expect("a list").iter();
        points.map(|point| point["value"].as_i64().unwrap_or(-1)).collect()
    };
    assert_eq!((of("users").len(), &of("users")[26..]), (30, &[0, 1, 1, 2][..]));
    assert_eq!(&of("sessions")[26..], [0, 1, 0, 2]);
    assert_eq!(month["users"][29]["date"], "2026-11-23T00:00:00.000+00:00");
    let day = key.get("/v1/users/usage?range=24h").await;
    assert_eq!(day.body["sessions"][23]["value"], 2);
    assert_eq!(
        key.get("/v1/users/usage?range=90d").await.body["users"]
            .as_array()
            .map(Vec::len),
        Some(90)
    );
    key.get("/v1/users/usage?range=1y")
        .await
        .assert(400, "general_argument_invalid");
}

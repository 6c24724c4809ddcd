//! A project's set-up, as its servers change it.

use testkit::{Actor, Server, json};

const SCOPES: &[&str] = &[
    "project.read",
    "project.write",
    "keys.read",
    "keys.write",
    "platforms.read",
    "platforms.write",
    "policies.read",
    "policies.write",
    "oauth2.read",
    "oauth2.write",
    "mocks.read",
    "mocks.write",
    "users.read",
];

async fn shop(server: &Server) -> (Actor, Actor) {
    let owner = server.console_user("root").await;
    server.project(&owner, "shop").await;
    let key = server.key(&owner, "shop", SCOPES).await;
    (owner, key)
}

#[tokio::test]
async fn a_provider_is_set_up_in_its_own_words_and_never_tells_its_secret() {
    let server = Server::start().await;
    let (_, key) = shop(&server).await;
    let path = "/v1/project/oauth2/keycloak";

    let part = key
        .patch(path, json!({"clientId": "app", "clientSecret": "s3cret"}))
        .await;
    assert_eq!(part.assert_status(200).body["enabled"], false);
    let refused = key.patch(path, json!({"enabled": true})).await;
    refused.assert(400, "general_argument_invalid");
    assert!(refused.text("message").starts_with("Could not enable OAuth2 provider"));

    let whole = key
        .patch(
            path,
            json!({"endpoint": "id.example.com", "realmName": "r", "clientSecret": null, "enabled": true}),
        )
        .await;
    let expected = json!({"$id": "keycloak", "enabled": true, "clientId": "app", "clientSecret": "", "endpoint": "id.example.com", "realmName": "r"});
    assert_eq!(whole.assert_status(200).body, expected);
    assert_eq!(key.get(path).await.body, expected);
    let off = key.patch(path, json!({"enabled": false})).await;
    assert_eq!(off.assert_status(200).body["enabled"], false);

    let list = key.get("/v1/project/oauth2").await;
    let count = list.assert_status(200).body["providers"].as_array().map_or(0, Vec::len);
    assert!(count >= 40 && list.body["total"] == count, "{count}");
    key.get("/v1/project/oauth2/nobody")
        .await
        .assert(400, "general_argument_invalid");
    server
        .guest("shop")
        .get(path)
        .await
        .assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn platforms_are_of_five_kinds_and_the_older_way_sees_them_too() {
    let server = Server::start().await;
    let (owner, key) = shop(&server).await;
    for (kind, field) in [
        ("web", "hostname"),
        ("apple", "bundleIdentifier"),
        ("android", "applicationId"),
        ("windows", "packageIdentifierName"),
        ("linux", "packageName"),
    ] {
        let path = format!("/v1/project/platforms/{kind}");
        let new = key
            .post(
                &path,
                json!({"platformId": format!("p-{kind}"), "name": kind, field: "app.example.com"}),
            )
            .await;
        let new = new.assert_status(201);
        assert_eq!((new.text("type"), new.text(field)), (kind, "app.example.com"));
        let path = format!("{path}/p-{kind}");
        let changed = key
            .put(&path, json!({"name": "other", field: "other.example.com"}))
            .await;
        assert_eq!(changed.assert_status(200).text(field), "other.example.com");
        assert_eq!(
            key.get(&format!("/v1/project/platforms/p-{kind}")).await.text(field),
            "other.example.com"
        );
    }
    let wrong = key
        .put(
            "/v1/project/platforms/web/p-apple",
            json!({"name": "x", "hostname": "x.example.com"}),
        )
        .await;
    wrong.assert(404, "platform_not_found");
    let again = key
        .post(
            "/v1/project/platforms/web",
            json!({"platformId": "p-web", "name": "x", "hostname": "x.example.com"}),
        )
        .await;
    again.assert(409, "platform_already_exists");
    assert_eq!(key.get("/v1/project/platforms").await.body["total"], 5);
    assert_eq!(owner.get("/v1/projects/shop/platforms").await.body["total"], 5);
    key.delete("/v1/project/platforms/p-web").await.assert_status(204);
    key.get("/v1/project/platforms/p-web")
        .await
        .assert(404, "platform_not_found");
}

#[tokio::test]
async fn keys_work_until_they_are_revoked_or_end() {
    let server = Server::start().await;
    let (_, key) = shop(&server).await;
    let made = key
        .post(
            "/v1/project/keys",
            json!({"keyId": "second", "name": "Second", "scopes": ["users.read"]}),
        )
        .await;
    let second = server
        .guest("shop")
        .with_header("x-appwrite-key", made.assert_status(201).text("secret"));
    second.get("/v1/users").await.assert_status(200);
    second
        .get("/v1/project")
        .await
        .assert(401, "general_unauthorized_scope");
    key.put(
        "/v1/project/keys/second",
        json!({"name": "Second", "scopes": ["project.read"]}),
    )
    .await
    .assert_status(200);
    second.get("/v1/users").await.assert(401, "general_unauthorized_scope");
    second.get("/v1/project").await.assert_status(200);
    key.delete("/v1/project/keys/second").await.assert_status(204);
    second.get("/v1/project").await.assert(401, "user_unauthorized");
    let owners = key
        .post(
            "/v1/project/keys",
            json!({"keyId": "x", "name": "x", "scopes": ["projects.write"]}),
        )
        .await;
    owners.assert(400, "general_argument_invalid");

    let brief = key
        .post(
            "/v1/project/keys/ephemeral",
            json!({"scopes": ["users.read"], "duration": 60}),
        )
        .await;
    let brief = server
        .guest("shop")
        .with_header("x-appwrite-key", brief.assert_status(201).text("secret"));
    brief.get("/v1/users").await.assert_status(200);
    server.advance(std::time::Duration::from_secs(61));
    brief.get("/v1/users").await.assert(401, "project_key_expired");
}

#[tokio::test]
async fn switches_and_labels_show_in_the_project_and_hold() {
    let server = Server::start().await;
    let (_, key) = shop(&server).await;
    let off = json!({"enabled": false});
    let project = key.patch("/v1/project/auth-methods/anonymous", off.clone()).await;
    let methods = project.assert_status(200).body["authMethods"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert!(methods.contains(&json!({"$id": "anonymous", "enabled": false})));
    let guest = server.guest("shop");
    guest
        .post("/v1/account/sessions/anonymous", json!({}))
        .await
        .assert(501, "user_auth_method_unsupported");

    key.patch("/v1/project/services/teams", off.clone())
        .await
        .assert_status(200);
    guest.get("/v1/teams").await.assert(403, "general_service_disabled");
    let project = key.patch("/v1/project/protocols/websocket", off).await;
    assert_eq!(
        project.assert_status(200).body["protocols"][2],
        json!({"$id": "websocket", "enabled": false})
    );
    let labels = key.put("/v1/project/labels", json!({"labels": ["vip", "vip"]})).await;
    assert_eq!(labels.assert_status(200).body["labels"], json!(["vip"]));
    assert_eq!(key.get("/v1/project").await.body["labels"], json!(["vip"]));
}

#[tokio::test]
async fn policies_are_changed_one_by_one_and_shown_together() {
    let server = Server::start().await;
    let (_, key) = shop(&server).await;
    let set = async |name: &str, body| key.patch(&format!("/v1/project/policies/{name}"), body).await;
    set("user-limit", json!({"total": 7})).await.assert_status(200);
    assert_eq!(
        key.get("/v1/project/policies/user-limit").await.body,
        json!({"$id": "user-limit", "total": 7})
    );
    set("user-limit", json!({"total": null})).await.assert_status(200);
    assert_eq!(key.get("/v1/project/policies/user-limit").await.body["total"], 0);
    set("session-duration", json!({"duration": 4}))
        .await
        .assert(400, "general_argument_invalid");
    set("session-duration", json!({"duration": 60}))
        .await
        .assert_status(200);
    for name in [
        "password-dictionary",
        "password-personal-data",
        "session-alert",
        "session-invalidation",
        "deny-aliased-email",
        "deny-disposable-email",
        "deny-free-email",
        "deny-corporate-email",
    ] {
        set(name, json!({"enabled": true})).await.assert_status(200);
        assert_eq!(
            key.get(&format!("/v1/project/policies/{name}")).await.body["enabled"],
            true
        );
    }
    let strength = set("password-strength", json!({"uppercase": true})).await;
    assert_eq!(
        (&strength.assert_status(200).body["min"], &strength.body["uppercase"]),
        (&json!(8), &json!(true))
    );
    set("password-history", json!({"total": 5})).await.assert_status(200);
    set("session-limit", json!({"total": 2})).await.assert_status(200);
    assert_eq!(key.get("/v1/project/policies").await.body["total"], 15);
}

#[tokio::test]
async fn mock_phones_come_and_go() {
    let server = Server::start().await;
    let (_, key) = shop(&server).await;
    let path = "/v1/project/mock-phones";
    let new = json!({"number": "+491701234567", "otp": "123456"});
    key.post(path, new.clone()).await.assert_status(201);
    key.post(path, new).await.assert(409, "mock_number_already_exists");
    let one = format!("{path}/%2B491701234567");
    key.put(&one, json!({"otp": "12345"}))
        .await
        .assert(400, "general_argument_invalid");
    key.put(&one, json!({"otp": "654321"})).await.assert_status(200);
    assert_eq!(key.get(&one).await.text("otp"), "654321");
    assert_eq!(key.get(path).await.body["mockNumbers"][0]["number"], "+491701234567");
    key.delete(&one).await.assert_status(204);
    key.get(&one).await.assert(404, "mock_number_not_found");
}

#[tokio::test]
async fn the_console_is_not_set_up_by_requests() {
    let server = Server::start().await;
    let (owner, _) = shop(&server).await;
    owner.get("/v1/project").await.assert(401, "general_unauthorized_scope");
    let developer = owner.clone().administering("shop");
    developer.get("/v1/project").await.assert_status(200);
}

#[tokio::test]
async fn a_ping_is_counted_by_its_project() {
    let server = Server::start().await;
    let (_, key) = shop(&server).await;
    let pinged = server.guest("shop").get("/v1/ping").await;
    assert_eq!((pinged.status, &pinged.bytes[..]), (200, &b"Pong!"[..]));
    let project = key.get("/v1/project").await;
    assert_eq!(project.body["pingCount"], 1);
    assert_ne!(project.text("pingedAt"), "");
    for project in ["", "console", "nowhere"] {
        let nowhere = server.guest(project).get("/v1/ping").await;
        nowhere.assert(404, "project_not_found");
    }
}

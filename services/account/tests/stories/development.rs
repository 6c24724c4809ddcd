//! Redirects to a developer's own device.

use testkit::{Options, Server, json};

#[tokio::test]
async fn links_lead_to_a_developers_device_only_while_the_project_is_in_development() {
    let server = Server::with(Options {
        dev: true,
        ..Options::default()
    })
    .await;
    let owner = server.console_user("owner").await;
    server.project(&owner, "shop").await;
    server.user("shop", "ada").await;
    let user = server.user("shop", "grace").await;
    user.post("/v1/teams", json!({"teamId": "crew", "name": "Crew"}))
        .await
        .assert_status(201);
    let guest = server.guest("shop");
    let try_all = async |url: &str, status: u16| {
        let recovery = json!({"email": "ada@example.com", "url": url});
        let magic = json!({"userId": "unique()", "email": "ada@example.com", "url": url});
        let invitation = json!({"email": "new@example.com", "roles": [], "url": url});
        let replies = [
            guest.post("/v1/account/recovery", recovery).await,
            guest.post("/v1/account/tokens/magic-url", magic).await,
            user.post("/v1/account/verifications/email", json!({ "url": url }))
                .await,
            user.post("/v1/teams/crew/memberships", invitation).await,
            guest
                .get(&format!("/v1/account/sessions/oauth2/github?success={url}"))
                .await,
        ];
        for reply in replies.iter().take(4) {
            reply.assert_status(status);
        }
        if status == 400 {
            for reply in &replies {
                reply.assert(400, "general_argument_invalid");
                assert!(reply.text("message").contains("development"), "{}", reply.body);
            }
        }
    };

    // A new project of a server in development mode is in development, too.
    let project = owner.get("/v1/projects/shop").await;
    assert_eq!(project.body["development"], true);
    try_all("exp://192.168.1.5:8081", 201).await;
    try_all("http://localhost:3999/in", 201).await;

    let off = json!({"enabled": false});
    for (path, actor) in [
        ("/v1/projects/shop/development", owner.clone()),
        ("/v1/project/development", owner.clone().administering("shop")),
    ] {
        let field = if path.contains("projects") {
            json!({"status": false})
        } else {
            off.clone()
        };
        let reply = actor.patch(path, field).await;
        assert_eq!(reply.assert_status(200).body["development"], false);
    }
    for url in [
        "exp://evil.example:8081",
        "http://localhost:3999/in",
        "http://127.0.0.1:3999",
    ] {
        try_all(url, 400).await;
    }
    let platform = json!({"type": "web", "name": "Local", "hostname": "http://localhost:3999/"});
    let platform = owner.post("/v1/projects/shop/platforms", platform).await;
    assert_eq!(platform.assert_status(201).text("hostname"), "localhost");
    try_all("http://localhost:3999/in", 201).await;
}

#[tokio::test]
async fn a_new_project_is_not_in_development_on_a_server_that_is_not() {
    let server = Server::start().await;
    let owner = server.console_user("owner").await;
    server.project(&owner, "shop").await;
    let project = owner.get("/v1/projects/shop").await;
    assert_eq!(project.body["development"], false);
    let guest = server.guest("shop");
    let own_port = guest
        .get("/v1/account/sessions/oauth2/github?success=http://localhost:3999/in")
        .await;
    own_port.assert(400, "general_argument_invalid");
}

//! Email address rules of a project.

use testkit::{Actor, PASSWORD, Server, json};

use crate::shop;

async fn deny(server: &Server, owner: &Actor, what: &str, enabled: bool) {
    let key = server.key(owner, "shop", &["policies.write"]).await;
    let path = format!("/v1/project/policies/deny-{what}-email");
    key.patch(&path, json!({ "enabled": enabled })).await.assert_status(200);
}

#[tokio::test]
async fn refused_kinds_of_addresses_are_refused_everywhere() {
    let (server, owner) = shop().await;
    let grace = server.user("shop", "grace").await;
    grace
        .post("/v1/teams", json!({"teamId": "crew", "name": "Crew"}))
        .await
        .assert_status(201);
    let cases = [
        ("aliased", "ada+shop@firm.example", "user_email_not_canonical"),
        ("disposable", "ada@mailinator.com", "user_email_disposable"),
        ("free", "ada@gmail.com", "user_email_free"),
        ("corporate", "ada@gmail.com", "user_email_not_corporate"),
        ("corporate", "ada@mailinator.com", "user_email_not_corporate"),
    ];
    for (what, email, error) in cases {
        deny(&server, &owner, what, true).await;
        let guest = server.guest("shop");
        let new = json!({"userId": "unique()", "email": email, "password": PASSWORD});
        guest.post("/v1/account", new).await.assert(400, error);
        for way in ["email", "magic-url"] {
            let input = json!({"userId": "unique()", "email": email});
            guest
                .post(&format!("/v1/account/tokens/{way}"), input)
                .await
                .assert(400, error);
        }
        let change = json!({"email": email, "password": PASSWORD});
        grace.patch("/v1/account/email", change).await.assert(400, error);
        let invitation = json!({"email": email, "roles": [], "url": "http://app.example/join"});
        grace
            .post("/v1/teams/crew/memberships", invitation)
            .await
            .assert(400, error);

        // Other addresses are still accepted.
        let input = json!({"userId": "unique()", "email": format!("{what}@firm.example")});
        guest.post("/v1/account/tokens/email", input).await.assert_status(201);
        deny(&server, &owner, what, false).await;
    }
}

#[tokio::test]
async fn address_kinds_are_not_checked_for_existing_users_and_servers() {
    let (server, owner) = shop().await;
    let servers = server.key(&owner, "shop", &["users.write", "users.read"]).await;
    let email = "ada+shop@gmail.com";
    deny(&server, &owner, "aliased", true).await;
    deny(&server, &owner, "free", true).await;
    let created = servers
        .post(
            "/v1/users",
            json!({"userId": "ada", "email": email, "password": PASSWORD}),
        )
        .await;
    created.assert_status(201);
    let guest = server.guest("shop");
    let login = json!({"email": email, "password": PASSWORD});
    guest.post("/v1/account/sessions/email", login).await.assert_status(201);
    let input = json!({"userId": "unique()", "email": email});
    guest.post("/v1/account/tokens/email", input).await.assert_status(201);

    let user = servers.get("/v1/users/ada").await;
    let result = [
        "emailIsCanonical",
        "emailIsFree",
        "emailIsDisposable",
        "emailIsCorporate",
    ]
    .map(|name| &user.body[name]);
    assert_eq!(
        (user.text("emailCanonical"), result),
        (
            "ada@gmail.com",
            [&json!(false), &json!(true), &json!(false), &json!(false)]
        )
    );
    servers
        .post("/v1/users", json!({"userId": "nobody"}))
        .await
        .assert_status(201);
    let nobody = servers.get("/v1/users/nobody").await;
    assert!(nobody.body["emailCanonical"].is_null() && nobody.body["emailIsFree"].is_null());
}

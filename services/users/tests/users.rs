//! Management of users with an API key.

use testkit::{Actor, PASSWORD, Server, json};

async fn shop(server: &Server) -> Actor {
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    server
        .key(&console, "shop", &["users.read", "users.write", "sessions.write"])
        .await
}

async fn make(key: &Actor, id: &str) {
    let user = json!({"userId": id, "email": format!("{id}@example.com"), "password": PASSWORD, "name": id});
    key.post("/v1/users", user).await.assert_status(201);
}

#[tokio::test]
async fn a_server_makes_a_user_who_can_then_sign_in() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let ada = json!({"userId": "ada", "email": "Ada@Example.com", "phone": "+491701234567", "password": PASSWORD, "name": "Ada"});

    let user = key.post("/v1/users", ada.clone()).await;
    let user = user.assert_status(201);
    assert_eq!((user.text("email"), user.text("hash")), ("ada@example.com", "argon2"));
    assert!(user.text("password").starts_with("$argon2id$"));
    assert_eq!(
        user.body["hashOptions"],
        json!({"type": "argon2", "memoryCost": 64, "timeCost": 1, "threads": 1})
    );
    assert_eq!(user.body["targets"].as_array().map(Vec::len), Some(2));
    key.post("/v1/users", ada).await.assert(409, "user_already_exists");

    let mut client = server.guest("shop");
    client.sign_in("ada@example.com", PASSWORD).await.assert_status(201);
    let account = client.get("/v1/account").await;
    assert!(account.assert_status(200).body.get("password").is_none());
    client.get("/v1/users").await.assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn lists_answer_queries_and_search() {
    let server = Server::start().await;
    let key = shop(&server).await;
    for id in ["ada", "alan", "grace"] {
        make(&key, id).await;
    }
    key.put("/v1/users/grace/labels", json!({"labels": ["vip", "vip", "navy"]}))
        .await
        .assert_status(200);

    let all = key.get("/v1/users").await;
    assert_eq!(
        (&all.body["total"], all.body["users"].as_array().map(Vec::len)),
        (&json!(3), Some(3))
    );
    assert_eq!(all.body["users"][0]["targets"][0]["identifier"], "ada@example.com");
    assert_eq!(key.get("/v1/users?search=al").await.body["users"][0]["$id"], "alan");
    let vips = r#"{"method":"contains","attribute":"labels","values":["vip"]}"#;
    let vips = key.get(&format!("/v1/users?queries[0]={vips}")).await;
    assert_eq!(
        vips.assert_status(200).body["users"][0]["labels"],
        json!(["vip", "navy"])
    );
    let order = r#"{"method":"orderAsc","attribute":"labels"}"#;
    key.get(&format!("/v1/users?queries[0]={order}"))
        .await
        .assert(400, "general_argument_invalid");
    key.put("/v1/users/grace/labels", json!({"labels": ["v i p"]}))
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn changes_apply_to_the_users_sessions_immediately() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let ada = server.user("shop", "ada").await;

    key.patch("/v1/users/ada/name", json!({"name": "Countess"}))
        .await
        .assert_status(200);
    assert_eq!(ada.get("/v1/account").await.text("name"), "Countess");
    key.patch("/v1/users/ada/prefs", json!({"prefs": {"theme": "dark"}}))
        .await
        .assert_status(200);
    assert_eq!(ada.get("/v1/account/prefs").await.body, json!({"theme": "dark"}));
    key.patch("/v1/users/ada/email", json!({"email": "new@example.com"}))
        .await
        .assert_status(200);
    key.patch("/v1/users/ada/email", json!({}))
        .await
        .assert(400, "general_argument_invalid");
    key.patch("/v1/users/ada/verification", json!({"emailVerification": true}))
        .await
        .assert_status(200);
    assert_eq!(ada.get("/v1/account").await.body["emailVerification"], true);
    key.patch("/v1/users/ada/email", json!({"email": ""}))
        .await
        .assert_status(200);
    assert_eq!(ada.get("/v1/account").await.body["targets"], json!([]));

    key.patch("/v1/users/ada/status", json!({"status": false}))
        .await
        .assert_status(200);
    assert_eq!(ada.get("/v1/account").await.body["type"], "user_blocked");
    key.delete("/v1/users/ada").await.assert_status(204);
    key.get("/v1/users/ada").await.assert(404, "user_not_found");
}

#[tokio::test]
async fn a_password_set_by_a_server_counts_and_keeps_the_projects_rules() {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let key = server
        .key(&console, "shop", &["users.write", "users.read", "policies.write"])
        .await;
    make(&key, "ada").await;
    let strength = "/v1/project/policies/password-strength";
    key.patch(strength, json!({"min": 12, "number": true}))
        .await
        .assert_status(200);

    let path = "/v1/users/ada/password";
    for weak in ["short1", "long but no digit"] {
        key.patch(path, json!({"password": weak}))
            .await
            .assert(400, "general_argument_invalid");
    }
    key.patch(path, json!({"password": "long enough, with 1"}))
        .await
        .assert_status(200);
    let mut client = server.guest("shop");
    client
        .sign_in("ada@example.com", PASSWORD)
        .await
        .assert(401, "user_invalid_credentials");
    client
        .sign_in("ada@example.com", "long enough, with 1")
        .await
        .assert_status(201);
}

#[tokio::test]
async fn server_tokens_and_sessions_sign_in() {
    let server = Server::start().await;
    let key = shop(&server).await;
    make(&key, "ada").await;

    let token = key
        .post("/v1/users/ada/tokens", json!({"length": 12, "expire": 60}))
        .await;
    let secret = token.assert_status(201).text("secret").to_owned();
    assert_eq!(secret.len(), 12);
    let claim = json!({"userId": "ada", "secret": secret});
    let mut client = server.guest("shop");
    let session = client.post("/v1/account/sessions/token", claim.clone()).await;
    client.store_cookies(session.assert_status(201));
    client.get("/v1/account").await.assert_status(200);
    server
        .guest("shop")
        .post("/v1/account/sessions/token", claim)
        .await
        .assert(401, "user_invalid_token");

    let session = key.post("/v1/users/ada/sessions", json!({})).await;
    let secret = session.assert_status(201).text("secret").to_owned();
    assert_eq!(session.text("provider"), "server");
    let app = server.guest("shop").with_header("x-appwrite-session", &secret);
    assert_eq!(app.get("/v1/account").await.text("$id"), "ada");

    let sessions = key.get("/v1/users/ada/sessions").await;
    assert_eq!(
        (&sessions.body["total"], &sessions.body["sessions"][0]["secret"]),
        (&json!(2), &json!(""))
    );
    let path = format!("/v1/users/ada/sessions/{}", session.text("$id"));
    key.delete(&path).await.assert_status(204);
    key.delete(&path).await.assert(404, "user_session_not_found");
    app.get("/v1/account").await.assert(401, "general_unauthorized_scope");
    key.delete("/v1/users/ada/sessions").await.assert_status(204);
    client
        .get("/v1/account")
        .await
        .assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_jwt_authenticates_the_user_until_it_expires() {
    let server = Server::start().await;
    let key = shop(&server).await;
    make(&key, "ada").await;
    let jwt = key.post("/v1/users/ada/jwts", json!({"duration": 60})).await;
    let client = server
        .guest("shop")
        .with_header("x-appwrite-jwt", jwt.assert_status(201).text("jwt"));
    client.get("/v1/account").await.assert_status(200);
    server.advance(std::time::Duration::from_secs(61));
    client.get("/v1/account").await.assert(401, "user_jwt_invalid");
}

#[tokio::test]
async fn user_logs_and_identities_are_listed() {
    let server = Server::start().await;
    let key = shop(&server).await;
    make(&key, "ada").await;
    server.advance(std::time::Duration::from_secs(1));
    key.patch("/v1/users/ada/name", json!({"name": "Countess"}))
        .await
        .assert_status(200);

    let logs = key.get("/v1/users/ada/logs").await;
    assert_eq!(
        (&logs.body["total"], &logs.body["logs"][0]["event"]),
        (&json!(2), &json!("user.update"))
    );
    assert_eq!(
        key.get("/v1/users/identities").await.body,
        json!({"total": 0, "identities": []})
    );
    key.delete("/v1/users/identities/none")
        .await
        .assert(404, "user_identity_not_found");
    assert_eq!(key.get("/v1/users/ada/memberships").await.body["total"], 0);
}

#[tokio::test]
async fn organization_members_cannot_access_console_users() {
    let server = Server::start().await;
    let owner = server.console_user("root").await;
    owner
        .post("/v1/teams", json!({"teamId": "mine", "name": "Mine"}))
        .await
        .assert_status(201);

    owner
        .get("/v1/users?teamId=mine")
        .await
        .assert(401, "general_unauthorized_scope");
    let token = owner.post("/v1/users/root/tokens", json!({"teamId": "mine"})).await;
    token.assert(401, "general_unauthorized_scope");
}

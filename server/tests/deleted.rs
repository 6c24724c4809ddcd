//! IDs of deleted users and teams: whoever gets one of them later inherits nothing.

use testkit::{Actor, PASSWORD, Server, json};

const TABLE: &str = "/v1/tablesdb/main/tables/posts";
const SCOPES: [&str; 9] = [
    "databases.write",
    "tables.write",
    "columns.write",
    "rows.read",
    "rows.write",
    "users.read",
    "users.write",
    "teams.read",
    "teams.write",
];

/// A project `shop` with a table of rows with permissions, and a key of it.
async fn shop() -> (Server, Actor) {
    let server = Server::start().await;
    let owner = server.console_user("root").await;
    server.project(&owner, "shop").await;
    let key = server.key(&owner, "shop", &SCOPES).await;
    key.post("/v1/tablesdb", json!({"databaseId": "main", "name": "Main"}))
        .await
        .assert_status(201);
    let table = json!({"tableId": "posts", "name": "Posts", "rowSecurity": true});
    key.post("/v1/tablesdb/main/tables", table).await.assert_status(201);
    let column = json!({"key": "text", "size": 10, "required": false});
    key.post(&format!("{TABLE}/columns/string"), column)
        .await
        .assert_status(202);
    (server, key)
}

fn sign_up(id: &str) -> testkit::Value {
    json!({"userId": id, "email": format!("{id}@again.example"), "password": PASSWORD})
}

#[tokio::test]
async fn the_id_of_a_deleted_user_is_free_once_no_permission_names_it() {
    let (server, key) = shop().await;
    server.user("shop", "bob_x").await;
    let row = json!({"rowId": "r", "data": {"text": "x"}, "permissions": ["update(\"user:bob_x\")"]});
    key.post(&format!("{TABLE}/rows"), row).await.assert_status(201);
    key.delete("/v1/users/bob_x").await.assert_status(204);

    let guest = server.guest("shop");
    let refused = guest.post("/v1/account", sign_up("bob_x")).await;
    refused.assert(409, "user_already_exists");
    assert!(
        refused.text("message").contains("permissions still name it"),
        "{}",
        refused.body
    );
    server.user("shop", "bobbx").await;

    let again = key.post("/v1/users", json!({"userId": "bob_x"})).await;
    again.assert_status(201);
    key.delete("/v1/users/bob_x").await.assert_status(204);
    key.delete(&format!("{TABLE}/rows/r")).await.assert_status(204);
    guest.post("/v1/account", sign_up("bob_x")).await.assert_status(201);
}

#[tokio::test]
async fn the_id_of_a_deleted_team_is_free_once_no_permission_names_it() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let staff = json!({"teamId": "staff", "name": "Staff"});
    ada.post("/v1/teams", staff.clone()).await.assert_status(201);
    let table = json!({"name": "Posts", "permissions": ["read(\"team:staff/owner\")"]});
    key.put(TABLE, table).await.assert_status(200);
    ada.delete("/v1/teams/staff").await.assert_status(204);

    let eve = server.user("shop", "eve").await;
    eve.post("/v1/teams", staff.clone())
        .await
        .assert(409, "team_already_exists");
    key.put(TABLE, json!({"name": "Posts", "permissions": []}))
        .await
        .assert_status(200);
    eve.post("/v1/teams", staff).await.assert_status(201);
}

#[tokio::test]
async fn a_token_of_a_deleted_user_is_not_one_of_a_later_user_with_the_same_id() {
    let (server, key) = shop().await;
    key.post("/v1/users", json!({"userId": "bob"})).await.assert_status(201);
    let token = key.post("/v1/users/bob/jwts", json!({})).await;
    let bearer = server.guest("shop").with_header("x-appwrite-jwt", token.text("jwt"));
    assert_eq!(bearer.get("/v1/account").await.assert_status(200).text("$id"), "bob");
    key.delete("/v1/users/bob").await.assert_status(204);
    server.advance(std::time::Duration::from_secs(1));
    key.post("/v1/users", json!({"userId": "bob"})).await.assert_status(201);
    assert_eq!(bearer.get("/v1/account").await.status, 401);
}

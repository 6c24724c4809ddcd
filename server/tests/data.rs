//! Recovery from a crash, and equal results on both engines.

use testkit::{Server, json};

#[tokio::test]
async fn a_database_without_a_project_row_is_not_accessible() {
    let server = Server::start().await;
    let ada = server.console_user("ada").await;
    server.project(&ada, "shop").await;
    // A project's database is created before its row; this is the state after a crash between the two.
    server.running.app.engine.create("ghost").await.expect("a database");

    assert_eq!(ada.get("/v1/projects").await.body["total"], 1);
    ada.get("/v1/projects/ghost").await.assert(404, "project_not_found");
    let guest = server.guest("ghost");
    guest.get("/v1/account").await.assert(404, "project_not_found");
    let account = json!({"userId": "eve", "email": "eve@example.com", "password": testkit::PASSWORD});
    guest
        .post("/v1/account", account)
        .await
        .assert(404, "project_not_found");
    ada.clone()
        .administering("ghost")
        .get("/v1/users")
        .await
        .assert(404, "project_not_found");

    // The id can still be used: creating a project with it succeeds and starts without data.
    let again = json!({"projectId": "ghost", "name": "Ghost", "teamId": "team-of-shop"});
    ada.post("/v1/projects", again).await.assert_status(201);
    let users = ada.clone().administering("ghost").get("/v1/users").await;
    assert_eq!(users.assert_status(200).body["total"], 0);
}

#[tokio::test]
async fn lists_sort_by_code_point_on_every_engine() {
    let server = Server::start().await;
    let ada = server.console_user("ada").await;
    server.project(&ada, "shop").await;
    let key = server.key(&ada, "shop", &["users.read", "users.write"]).await;
    for name in ["b", "é", "B", "a", "a b", "Z", "ab"] {
        key.post("/v1/users", json!({"userId": "unique()", "name": name}))
            .await
            .assert_status(201);
    }
    let names = async |path: &str| -> Vec<String> {
        let users = key.get(path).await.assert_status(200).body["users"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        users
            .iter()
            .filter_map(|user| user["name"].as_str().map(str::to_owned))
            .collect()
    };
    let by_name = "queries[]=%7B%22method%22%3A%22orderAsc%22%2C%22attribute%22%3A%22name%22%7D";
    assert_eq!(
        names(&format!("/v1/users?{by_name}")).await,
        ["B", "Z", "a", "a b", "ab", "b", "é"]
    );
    let above = "queries[]=%7B%22method%22%3A%22greaterThan%22%2C%22attribute%22%3A%22name%22%2C%22values%22%3A%5B%22a%22%5D%7D";
    assert_eq!(
        names(&format!("/v1/users?{by_name}&{above}")).await,
        ["a b", "ab", "b", "é"]
    );
}

//! Health, as a monitor sees it.

use testkit::Server;

#[tokio::test]
async fn anybody_learns_the_version_and_only_servers_learn_more() {
    let server = Server::start().await;
    let owner = server.console_user("ada").await;
    server.project(&owner, "shop").await;
    let guest = server.guest("shop");

    let version = guest.get("/v1/health/version").await;
    assert_eq!(version.assert_status(200).text("version"), api::VERSION);
    guest
        .get("/v1/health/db")
        .await
        .assert(401, "general_unauthorized_scope");

    let monitor = server.key(&owner, "shop", &[]).await;
    for path in ["", "/storage", "/storage/local"] {
        let status = monitor.get(&format!("/v1/health{path}")).await;
        assert_eq!(status.assert_status(200).text("status"), "pass");
    }
    for path in ["db", "cache", "pubsub"] {
        let list = monitor.get(&format!("/v1/health/{path}")).await;
        assert_eq!(list.assert_status(200).body["statuses"][0]["status"], "pass");
    }
    let time = monitor.get("/v1/health/time").await;
    assert!(time.assert_status(200).body["remoteTime"].is_i64());
}

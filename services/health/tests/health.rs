//! Health endpoints.

use std::time::Duration;

use testkit::{Server, json};

#[tokio::test]
async fn only_the_version_is_public() {
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

    let monitor = server.key(&owner, "shop", &["health.read"]).await;
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

#[tokio::test]
async fn queue_sizes_and_failed_jobs_are_reported() {
    let server = Server::start().await;
    let owner = server.console_user("ada").await;
    server.project(&owner, "shop").await;
    let monitor = server.key(&owner, "shop", &["health.read"]).await;
    for queue in [
        "mails",
        "databases",
        "migrations",
        "failed/v1-mails",
        "failed/V1-DATABASE",
    ] {
        let reply = monitor.get(&format!("/v1/health/queue/{queue}")).await;
        assert_eq!(reply.assert_status(200).body["size"], 0, "{queue}");
    }

    // A notification that cannot be decrypted fails permanently; one due tomorrow waits.
    let tomorrow = server.clock.now().plus(Duration::from_secs(24 * 60 * 60));
    let shop = server.running.app.engine.database("shop");
    let enqueued = shop.write(move |tx| {
        for due in [None, Some(tomorrow)] {
            tx.enqueue("letter", &json!({"letter": "x"}), due)?;
        }
        Ok::<_, db::Error>(())
    });
    enqueued.await.expect("two jobs");
    let failed = "/v1/health/queue/failed/v1-mails";
    while monitor.get(failed).await.body["size"] != 1 {
        tokio::task::yield_now().await;
    }
    let mails = monitor.get("/v1/health/queue/mails?threshold=2").await;
    assert_eq!(mails.assert_status(200).body["size"], 1);
    let too_long = monitor.get("/v1/health/queue/mails?threshold=1").await;
    too_long.assert(503, "health_queue_size_exceeded");
    let too_long = monitor.get(&format!("{failed}?threshold=1")).await;
    too_long.assert(503, "health_queue_size_exceeded");
    let databases = monitor.get("/v1/health/queue/databases").await;
    assert_eq!(databases.assert_status(200).body["size"], 0);

    let nowhere = monitor.get("/v1/health/queue/failed/v1-nothing").await;
    nowhere.assert(400, "general_argument_invalid");
    let guest = server.guest("shop").get("/v1/health/queue/mails").await;
    guest.assert(401, "general_unauthorized_scope");
}

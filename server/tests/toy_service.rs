//! An additional service: its declared endpoints, jobs, schedules, caches, health checks, tasks and stop hooks all
//! work.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use testkit::toy::{self, Recorded};
use testkit::{Options, Server, json, wait_for};
use tokio_tungstenite::tungstenite::Message;

const SHOP: &str = "shop";

/// Waits until the schedule is stored with its first due time: advancing the clock earlier would not fire it.
async fn scheduled(server: &Server) {
    let console = server.running.app.projects.database();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let count = console
            .read(|tx| tx.sql_one::<i64>("SELECT count(*) FROM _schedules WHERE name = 'toy.hourly'", &[]))
            .await;
        if count.expect("the schedules") == 1 {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "nothing is scheduled");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn all_declared_parts_of_a_service_run() {
    let recorded = Arc::<Recorded>::default();
    let server = Server::with_services(Options::default(), vec![toy::service(&recorded)]).await;
    let owner = server.console_user("ada").await;
    server.project(&owner, SHOP).await;
    let guest = server.guest(SHOP);

    // An endpoint, its table, its event, and the job that it enqueues, which invalidates the cached value.
    let note = json!({"noteId": "one", "text": "hello"});
    guest.post("/v1/toy/notes", note.clone()).await.assert_status(201);
    let path = "/v1/toy/notes/one";
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while guest.get(path).await.body["text"] != "HELLO" {
        assert!(tokio::time::Instant::now() < deadline, "the job's work is not seen");
        tokio::task::yield_now().await;
    }
    assert_eq!(recorded.remembered.lock().get("one").map(String::as_str), Some("HELLO"));
    assert_eq!(recorded.commits.load(Ordering::SeqCst), 1);
    let shop = server.running.app.engine.database(SHOP);
    let names: Vec<String> = db::testing::change_log(&shop)
        .await
        .iter()
        .map(|one| one.event.name())
        .collect();
    assert_eq!(names, ["notes.one.create"]);

    // The endpoint is listed in the OpenAPI document.
    let document = guest.get("/v1/openapi.json").await;
    assert!(document.body["paths"]["/toy/notes"]["post"].is_object());

    // A schedule fires once per due time, and not earlier.
    scheduled(&server).await;
    assert_eq!(recorded.ticks.load(Ordering::SeqCst), 0);
    server.advance(Duration::from_secs(2 * 60 * 60));
    server.running.wake_schedules();
    wait_for("a tick", || (recorded.ticks.load(Ordering::SeqCst) == 1).then_some(())).await;

    // A site, a health check, a task, a switch that disables the service.
    assert_eq!(guest.get("/toy").await.bytes, b"<h1>Toy</h1>");
    let key = server.key(&owner, SHOP, &["health.read"]).await;
    let status = async || key.get("/v1/health/services").await.body["statuses"][0].clone();
    assert_eq!(
        (status().await["name"].clone(), status().await["status"].clone()),
        (json!("toy"), json!("pass"))
    );
    recorded.unhealthy.store(true, Ordering::SeqCst);
    assert_eq!(status().await["status"], "fail");
    wait_for("the task", || recorded.running.load(Ordering::SeqCst).then_some(())).await;
    let off = json!({"service": "sites", "status": false});
    owner
        .patch(&format!("/v1/projects/{SHOP}/service"), off)
        .await
        .assert_status(200);
    guest.get(path).await.assert(403, "general_service_disabled");

    // The stop hook.
    let Server { running, .. } = server;
    running.stop().await;
    assert!(recorded.stopped.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_schedule_runs_once_on_two_nodes() {
    let recorded = Arc::<Recorded>::default();
    let server = Server::with_services(Options::default(), vec![toy::service(&recorded)]).await;
    let hourly = || vec![jobs::Schedule::cron("toy.hourly", "0 * * * *", "toy.tick").expect("a pattern")];
    scheduled(&server).await;
    let console = server.running.app.projects.database();
    let others: Vec<_> = (0..4)
        .map(|_| jobs::Scheduler::start(console.clone(), hourly()))
        .collect();
    for hour in 1..=5 {
        server.advance(Duration::from_secs(60 * 60));
        others.iter().for_each(jobs::Scheduler::wake);
        server.running.wake_schedules();
        wait_for("a tick", || {
            (recorded.ticks.load(Ordering::SeqCst) >= hour).then_some(())
        })
        .await;
    }
    for other in others {
        other.stop().await;
    }
    // A job is removed after its handler has run: when the queue is empty, a duplicate would have run as well.
    loop {
        let left: i64 = console
            .read(|tx| tx.sql_one("SELECT count(*) FROM _jobs WHERE kind = 'toy.tick'", &[]))
            .await
            .expect("the queue");
        if left == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(recorded.ticks.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn websocket_upgrades_pass_the_same_guard() {
    let recorded = Arc::<Recorded>::default();
    let server = Server::with_services(Options::default(), vec![toy::service(&recorded)]).await;
    let owner = server.console_user("ada").await;
    server.project(&owner, SHOP).await;
    let port = server.running.address.port();
    let url = format!("ws://localhost:{port}/v1/toy/socket?project={SHOP}");
    let (mut socket, reply) = tokio_tungstenite::connect_async(&url).await.expect("a socket");
    assert_eq!(reply.status().as_u16(), 101);
    for text in ["hello", &"x".repeat(50_000)] {
        socket.send(Message::text(text)).await.expect("sent");
        assert_eq!(
            socket.next().await.expect("an answer").expect("a message"),
            Message::text(text)
        );
    }
    // A message that is too large closes the socket; the server continues.
    socket.send(Message::text("x".repeat(100_000))).await.expect("sent");
    assert!(!matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    let unknown = format!("ws://localhost:{port}/v1/toy/socket?project=nowhere");
    let refused = tokio_tungstenite::connect_async(&unknown)
        .await
        .expect_err("no such project");
    assert!(refused.to_string().contains("404"), "{refused}");
    // A request without a WebSocket handshake is refused with 400.
    server
        .guest(SHOP)
        .get("/v1/toy/socket")
        .await
        .assert(400, "general_argument_invalid");
}

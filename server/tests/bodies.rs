//! Bodies: read only after authorization, limited by the memory budget, sent only to clients that read, and compressed
//! unless they contain a secret.

use std::io::Read as _;
use std::time::Duration;

use testkit::{Actor, Method, Options, Server, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SHOP: &str = "shop";
/// Text size of one row of [`large_rows`], in bytes.
const ROW: usize = 700_000;

/// Creates a project with a publicly readable table, and returns an actor with a key of the project.
async fn shop(server: &Server) -> Actor {
    let owner = server.console_user("ada").await;
    server.project(&owner, SHOP).await;
    let scopes = [
        "databases.write",
        "tables.write",
        "columns.write",
        "rows.read",
        "rows.write",
        "users.write",
    ];
    let key = server.key(&owner, SHOP, &scopes).await;
    key.post("/v1/tablesdb", json!({"databaseId": "d", "name": "D"}))
        .await
        .assert_status(201);
    let table = json!({"tableId": "t", "name": "T", "permissions": ["read(\"any\")"]});
    key.post("/v1/tablesdb/d/tables", table).await.assert_status(201);
    let column = json!({"key": "text", "required": false});
    key.post("/v1/tablesdb/d/tables/t/columns/longtext", column)
        .await
        .assert_status(202);
    key
}

async fn large_rows(key: &Actor, count: usize) {
    for number in 0..count {
        let row = json!({"rowId": format!("r{number}"), "data": {"text": "x".repeat(ROW)}});
        key.post("/v1/tablesdb/d/tables/t/rows", row).await.assert_status(201);
    }
}

const LIST: &str = "/v1/tablesdb/d/tables/t/rows";

fn get_list() -> String {
    format!("GET {LIST} HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: {SHOP}\r\n\r\n")
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.running.address).await.expect("a connection")
}

/// Reads from a socket until the data contains a text; returns all data read.
async fn read_until(socket: &mut TcpStream, text: &str) -> String {
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains(text) {
        let read = socket.read(&mut piece).await.expect("a socket");
        assert!(read > 0, "{text:?} did not come: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..read]);
    }
    String::from_utf8_lossy(&seen).into_owned()
}

#[tokio::test]
async fn unauthorized_calls_are_refused_before_the_body_is_read() {
    let server = Server::start().await;
    shop(&server).await;
    // The announced body is never sent: a reply shows that the server does not wait for it.
    for (project, path, status) in [
        ("nowhere", LIST, "404"),
        (SHOP, "/v1/users", "401"),
        ("console", "/v1/projects", "401"),
    ] {
        let mut socket = connect(&server).await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nx-appwrite-project: {project}\r\n\
             content-type: application/json\r\ncontent-length: 1000000\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.expect("a socket");
        let answer = read_until(&mut socket, "\"type\":").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{project} {path}: {answer}"
        );
    }
    assert_eq!(server.running.app.memory.used(), 0);
}

#[tokio::test]
async fn body_limit_is_smaller_for_clients_than_for_servers() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let table = json!({"name": "T", "permissions": ["create(\"any\")", "read(\"any\")"]});
    key.put("/v1/tablesdb/d/tables/t", table).await;
    let row = |size: usize| json!({"rowId": "unique()", "data": {"text": "x".repeat(size)}});
    let user = server.user(SHOP, "alan").await;
    let guest = server.guest(SHOP);
    for (who, actor, fits, exceeds) in [
        ("guest", &guest, 900_000, 1_100_000),
        ("user", &user, 3_900_000, 4_300_000),
        ("key", &key, 9_000_000, 70_000_000),
    ] {
        let reply = actor.post(LIST, row(fits)).await;
        assert_eq!(reply.status, 201, "{who}: {}", reply.body["message"]);
        let reply = actor.post(LIST, row(exceeds)).await;
        assert_eq!(reply.status, 413, "{who}: {}", reply.body["message"]);
    }
}

#[tokio::test]
async fn json_that_exceeds_the_memory_budget_is_refused_alone() {
    let server = Server::with(Options {
        body_memory: Some(16 << 20),
        ..Options::default()
    })
    .await;
    let key = shop(&server).await;
    let small = vec!["{\"a\":1}"; 120_000].join(",");
    let body = format!("{{\"rows\":[{small}]}}");
    let path = LIST;
    let reply = key.send_text(Method::POST, path, "application/json", &body).await;
    reply.assert(503, "general_server_busy");
    assert_eq!(reply.headers["retry-after"], "1");
    assert_eq!(server.running.app.memory.used(), 0);
    assert_eq!(key.get(path).await.status, 200);
}

#[tokio::test]
async fn unread_replies_are_bounded_and_closed() {
    let server = Server::with(Options {
        body_memory: Some(48 << 20),
        ..Options::default()
    })
    .await;
    let key = shop(&server).await;
    large_rows(&key, 12).await;
    let memory = &server.running.app.memory;
    let mut sockets = Vec::new();
    for _ in 0..24 {
        let mut socket = connect(&server).await;
        socket.write_all(get_list().as_bytes()).await.expect("a socket");
        sockets.push(socket);
    }
    // Each client gets a head: 200 with a list, or 503 if the budget is used up.
    let mut heads = Vec::new();
    for socket in &mut sockets {
        heads.push(read_until(socket, "\r\n\r\n").await);
        assert!(memory.used() <= 48 << 20, "{}", memory.used());
    }
    let lists = heads.iter().filter(|head| head.starts_with("HTTP/1.1 200")).count();
    let refused = heads.iter().filter(|head| head.starts_with("HTTP/1.1 503")).count();
    assert!(
        lists >= 1 && refused >= 1 && lists + refused == 24,
        "{lists} lists, {refused} refused"
    );
    // Requests to another project are answered meanwhile.
    assert_eq!(server.guest("console").get("/v1/health/version").await.status, 200);
    // A client that reads nothing for 30 s is disconnected, and the memory of its reply is released.
    tokio::time::pause();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(600);
    while memory.used() > 0 {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{} bytes are still held",
            memory.used()
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::resume();
    drop(sockets);
    assert_eq!(key.get(LIST).await.bytes.len() / ROW, 12);
}

fn unpacked(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain),
        "zstd" => {
            plain = zstd::decode_all(bytes).expect("zstd");
            Ok(plain.len())
        }
        other => panic!("{other} is none of ours"),
    }
    .expect("it can be unpacked");
    plain
}

#[tokio::test]
async fn replies_are_compressed_unless_they_contain_a_secret() {
    let server = Server::start().await;
    let key = shop(&server).await;
    large_rows(&key, 1).await;
    let guest = server.guest(SHOP);
    for path in [LIST, "/v1/openapi.json", "/v1/locale/countries"] {
        let plain = guest.get(path).await;
        assert!(!plain.headers.contains_key("content-encoding"));
        for (asked, encoding) in [
            ("gzip", "gzip"),
            ("br, gzip;q=0.5", "br"),
            ("gzip, deflate, br, zstd", "zstd"),
        ] {
            let reply = guest.clone().with_header("accept-encoding", asked).get(path).await;
            let sent = reply
                .headers
                .get("content-encoding")
                .map(|value| value.to_str().expect("text"));
            assert_eq!(sent, Some(encoding), "{path}");
            assert!(
                reply.bytes.len() < plain.bytes.len() / 2,
                "{path} {encoding}: {}",
                reply.bytes.len()
            );
            assert!(unpacked(encoding, &reply.bytes) == plain.bytes, "{path} {encoding}");
            let vary: Vec<_> = reply.headers.get_all("vary").iter().collect();
            assert!(vary.iter().any(|value| *value == "Accept-Encoding"), "{vary:?}");
        }
    }
    // A reply with a session's secret or a password hash must not be compressed with text that an attacker controls
    // (BREACH).
    let asked = key.clone().with_header("accept-encoding", "gzip");
    let user = json!({"userId": "u", "email": "u@example.com", "password": "long enough", "name": "n".repeat(128)});
    asked.post("/v1/users", user).await.assert_status(201);
    let session = asked.post("/v1/users/u/sessions", json!({})).await;
    assert!(!session.text("secret").is_empty() && !session.headers.contains_key("content-encoding"));
    let endpoints = server.running.router.endpoints();
    for id in [
        "users.get",
        "account.listSessions",
        "account.createJWT",
        "projects.listKeys",
        "users.list",
    ] {
        let endpoint = endpoints.iter().find(|one| one.declaration.id == id).expect(id);
        assert!(!endpoint.is_compressible(), "{id} answers secrets");
    }
}

#[tokio::test]
async fn client_address_behind_a_proxy_comes_from_trusted_headers_only() {
    let server = Server::with(Options {
        rate_limits: true,
        ..Options::default()
    })
    .await;
    shop(&server).await;
    // The limit is ten per minute and address: a forged header must not change the address.
    let mut last = 0;
    for number in 0..12 {
        let guest = server
            .guest(SHOP)
            .with_header("x-forwarded-for", &format!("203.0.113.{number}"));
        let wrong = json!({"email": "a@example.com", "password": "not the password"});
        last = guest.post("/v1/account/sessions/email", wrong).await.status;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn an_endpoint_is_called_by_its_id_with_the_same_guard() {
    let server = Server::start().await;
    let key = shop(&server).await;
    large_rows(&key, 1).await;
    let head = |name: &'static str, value: &str| {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-appwrite-project", SHOP.parse().expect("a header"));
        headers.insert(name, value.parse().expect("a header"));
        api::Request::new(
            Method::POST,
            "/v1/graphql".to_owned(),
            String::new(),
            headers,
            ([127, 0, 0, 1].into(), &api::Proxies::default()),
            server.clock.now(),
        )
    };
    let input = json!({"databaseId": "d", "tableId": "t", "rowId": "r0"});
    let input = input.as_object().expect("an object");
    let router = &server.running.router;
    let reply = router
        .dispatch("tablesDB.getRow", &head("x-a", "b"), input.clone())
        .await
        .expect("a row");
    let body: testkit::Value = serde_json::from_slice(reply.body.as_bytes().expect("bytes")).expect("JSON");
    assert_eq!(body["$id"], "r0");
    let refused = router
        .dispatch("tablesDB.deleteRow", &head("x-a", "b"), input.clone())
        .await;
    assert_eq!(refused.expect_err("a guest").status(), 401);
    let unknown = router
        .dispatch("tablesDB.nothing", &head("x-a", "b"), input.clone())
        .await;
    assert_eq!(unknown.expect_err("no such endpoint").status(), 404);
}

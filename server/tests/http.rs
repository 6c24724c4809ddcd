//! Malformed HTTP from unauthenticated clients: no 5xx, and the next request is answered normally.

use testkit::{Server, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A raw HTTP response.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("no answer: {text:?}")),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    #[track_caller]
    fn assert(&self, status: u16, type_name: &str) {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        assert_eq!(
            (self.status, body["type"].as_str()),
            (status, Some(type_name)),
            "{} {}",
            self.head,
            self.body
        );
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.running.address).await.expect("a connection")
}

/// Sends bytes and reads until the server closes the connection.
async fn send(server: &Server, bytes: impl AsRef<[u8]>) -> Answer {
    let mut socket = connect(server).await;
    // The server may close the connection before everything is sent.
    let _ = socket.write_all(bytes.as_ref()).await;
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    Answer::parse(&String::from_utf8_lossy(&answer))
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}

fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-appwrite-project: console\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

async fn assert_well(server: &Server) {
    assert_eq!(send(server, get("/v1/health/version")).await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_a_reason() {
    let server = Server::start().await;
    for size in [(1 << 20) + 1, 6 << 20] {
        let reply = send(&server, post("/v1/account", &vec![b' '; size])).await;
        reply.assert(413, "general_argument_invalid");
    }
    // A body whose announced length is too large is refused without waiting for it.
    let endless = "POST /v1/account HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\n";
    send(&server, endless).await.assert(413, "general_argument_invalid");
    // A chunked body is refused once it exceeds the limit.
    let mut chunked =
        b"POST /v1/account HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
            .to_vec();
    for _ in 0..40 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&vec![b' '; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    send(&server, chunked).await.assert(413, "general_argument_invalid");
    assert_well(&server).await;
}

#[tokio::test]
async fn headers_are_bounded() {
    let server = Server::start().await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n",
        "x-a: b\r\n".repeat(5_000)
    );
    let path = get(&format!("/{}", "a".repeat(200_000)));
    for request in [long, many, path] {
        let reply = send(&server, request).await;
        assert!(matches!(reply.status, 414 | 431), "{}", reply.head);
    }
    assert_well(&server).await;
}

#[tokio::test]
async fn a_client_that_sends_headers_too_slowly_is_disconnected() {
    let server = Server::start().await;
    let mut socket = connect(&server).await;
    socket
        .write_all(b"GET / HTTP/1.1\r\nhost: loc")
        .await
        .expect("a socket");
    // With paused time tokio advances the clock to the next timer whenever all tasks are idle.
    tokio::time::pause();
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.expect("an end");
    tokio::time::resume();
    assert!(
        rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"),
        "{}",
        String::from_utf8_lossy(&rest)
    );
    assert_well(&server).await;
}

#[tokio::test]
async fn a_body_that_arrives_too_slowly_is_refused() {
    let server = Server::start().await;
    let mut socket = connect(&server).await;
    let begun = "POST /v1/account HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 10\r\n\r\n{";
    socket.write_all(begun.as_bytes()).await.expect("a socket");
    tokio::time::pause();
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.expect("an end");
    tokio::time::resume();
    Answer::parse(&String::from_utf8_lossy(&rest)).assert(400, "general_argument_invalid");
    assert_well(&server).await;
}

#[tokio::test]
async fn invalid_json_is_a_client_error() {
    let server = Server::start().await;
    let deep = "[".repeat(100_000);
    let deep_object = format!("{{\"userId\":{}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let bodies: [&[u8]; 9] = [
        b"{",
        b"{\"userId\": }",
        b"nonsense",
        b"[1]",
        b"\"text\"",
        b"{\"userId\":\"\xff\xfe\"}",
        deep.as_bytes(),
        deep_object.as_bytes(),
        b"{\"userId\":1e999}",
    ];
    for body in bodies {
        let reply = send(&server, post("/v1/account", body)).await;
        reply.assert(400, "general_argument_invalid");
    }
    let nul = b"{\"userId\":\"a\\u0000b\",\"email\":\"a@b.cd\",\"password\":\"long enough\",\"name\":\"\\u0000\"}";
    send(&server, post("/v1/account", nul))
        .await
        .assert(400, "general_argument_invalid");
    assert_well(&server).await;
}

#[tokio::test]
async fn a_connection_stays_open_after_a_client_error() {
    let server = Server::start().await;
    let mut socket = connect(&server).await;
    let bad = String::from_utf8(post("/v1/account", b"{"))
        .expect("text")
        .replace("connection: close\r\n", "");
    socket
        .write_all(format!("{bad}{}", get("/v1/health/version")).as_bytes())
        .await
        .expect("a socket");
    let mut answers = String::new();
    socket.read_to_string(&mut answers).await.expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 400").count(), 1, "{answers}");
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 1, "{answers}");
}

#[tokio::test]
async fn odd_queries_are_read_or_refused() {
    let server = Server::start().await;
    let many: String = (0..10_000).map(|n| format!("a{n}=1&")).collect();
    let deep = format!("a{}=1", "[b]".repeat(500));
    let queries = [
        many.get(..60_000).unwrap_or(&many).to_owned(),
        deep,
        "%".to_owned(),
        "%ff%fe=%00".to_owned(),
        "queries[]=%7B".to_owned(),
        "a[99999999999999999999][b]=1".to_owned(),
        "&&&=&[]=&[=&]=".to_owned(),
        "project=..%2f..%2fconsole".to_owned(),
        "project[]=shop".to_owned(),
        "mode=admin&project=console".to_owned(),
    ];
    for query in queries {
        for path in [
            "/v1/account",
            "/v1/health/version",
            "/v1/account/sessions/oauth2/github",
        ] {
            let reply = send(&server, get(&format!("{path}?{query}"))).await;
            assert!(reply.status < 500, "{path} {query:.80}: {} {}", reply.head, reply.body);
        }
    }
    assert_well(&server).await;
}

#[tokio::test]
async fn unusual_targets_and_methods_are_not_found() {
    let server = Server::start().await;
    let targets = [
        "/v1/../../etc/passwd",
        "/../../../../etc/passwd",
        "/console/..%2f..%2f..%2fetc/passwd",
        "/v1/%2e%2e/%2e%2e/etc/passwd",
        "/v1/account/%00",
        "/v1/account/%ff%fe",
        "//v1/account",
        "/v1//account",
        "/v1/account/sessions/%2e%2e",
        "http://evil.example/v1/nothing",
    ];
    for target in targets {
        let reply = send(&server, get(target)).await;
        assert!(matches!(reply.status, 400 | 401 | 404), "{target}: {}", reply.head);
        assert!(!reply.body.contains("root:"), "{target}");
    }
    for line in [
        "BREW /v1/account",
        "TRACE /v1/account",
        "CONNECT localhost:80",
        "OPTIONS *",
        "get /v1/account",
    ] {
        let request = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let reply = send(&server, request).await;
        assert!(reply.status < 500, "{line}: {}", reply.head);
    }
    for broken in [
        "GET / HTTP/9.9\r\n\r\n",
        "nonsense\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\n",
    ] {
        let reply = send(&server, broken).await;
        assert!(reply.status == 400 || reply.status == 505, "{broken:?}: {}", reply.head);
    }
    assert_well(&server).await;
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = Server::start().await;
    for path in ["/v1/health/version", "/v1/account", "/", "/v1/openapi.json", "/nothing"] {
        let (get, head) = (
            send(&server, get(path)).await,
            send(&server, get(path).replacen("GET", "HEAD", 1)).await,
        );
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn every_reply_has_a_request_id() {
    let server = Server::start().await;
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/v1/health/version", "/v1/account", "/", "/nothing", "/v1/openapi.json"] {
        let reply = send(&server, get(path)).await;
        assert!(
            ids.insert(reply.header("x-request-id").expect("an id").to_owned()),
            "{path}"
        );
    }
    let named = get("/v1/account").replace("connection", "x-request-id: from-the-proxy.1\r\nconnection");
    assert_eq!(
        send(&server, named).await.header("x-request-id"),
        Some("from-the-proxy.1")
    );
    let forged = get("/v1/account").replace("connection", "x-request-id: \"}, {\"forged\": 1\r\nconnection");
    assert_eq!(
        send(&server, forged).await.header("x-request-id").map(str::len),
        Some(16)
    );
}

#[tokio::test]
async fn a_request_has_exactly_one_host() {
    let server = Server::start().await;
    let head = "GET /v1/health/version HTTP/1.1\r\nconnection: close\r\n";
    for hosts in ["", "host: a.example\r\nhost: b.example\r\n"] {
        let refused = send(&server, format!("{head}{hosts}\r\n")).await;
        refused.assert(400, "general_bad_request");
    }
    let old = "GET /v1/health/version HTTP/1.0\r\nconnection: close\r\n\r\n";
    assert_eq!(send(&server, old).await.status, 200);
}

#[tokio::test]
async fn replies_are_not_stored_by_caches() {
    let server = Server::start().await;
    let answered = send(&server, get("/v1/locale")).await;
    assert_eq!(answered.header("cache-control"), Some("private, no-store"));
}

//! Requests that the client refuses or limits, and secrets that it never prints.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use outbound::{Cidr, Error, Method, Outbound, Reach, Request, Settings, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that replies to every connection with these bytes, and reports the requests.
async fn server(reply: Vec<u8>) -> (u16, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = socket.read(&mut request).await.unwrap_or(0);
            let _ = sender.send(String::from_utf8_lossy(&request[..length]).into_owned());
            let _ = socket.write_all(&reply).await;
        }
    });
    (port, receiver)
}

fn get(url: &str) -> Request {
    Request::new(Method::GET, Url::parse(url).unwrap())
}

fn with(allow: &[&str]) -> Outbound {
    let allow = allow.iter().map(|network| network.parse().unwrap()).collect();
    Outbound::new(Settings {
        allow,
        timeout: Duration::from_secs(2),
        max_body: 100,
        ..Settings::default()
    })
}

#[tokio::test]
async fn no_spelling_of_a_private_address_is_reached() {
    let outbound = with(&[]);
    for host in [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "0.0.0.0",
        "１２７.0.0.1",
    ] {
        let error = outbound
            .send(get(&format!("https://{host}/?secret=1")))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{host}: {error}");
        let error = outbound
            .send(get(&format!("http://{host}/?secret=1")))
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Forbidden(_) | Error::NotSecure(_)),
            "{host}: {error}"
        );
    }
}

#[tokio::test]
async fn only_https_without_credentials_in_the_url() {
    let outbound = with(&["127.0.0.0/8"]);
    let refused = |url: &str| outbound.check(&Url::parse(url).unwrap(), Reach::Checked).unwrap_err();
    assert!(matches!(refused("http://8.8.8.8/"), Error::NotSecure(_)));
    assert!(matches!(refused("ftp://example.com/"), Error::NotHttp));
    assert!(matches!(refused("file:///etc/passwd"), Error::NotHttp));
    assert!(matches!(refused("https://user:pass@example.com/"), Error::UserInfo(_)));
    assert!(matches!(refused("https://10.0.0.1/"), Error::Forbidden(_)));
    assert!(
        outbound
            .check(&Url::parse("http://127.0.0.1/").unwrap(), Reach::Checked)
            .is_ok()
    );
    let strict = with(&[]);
    assert!(
        strict
            .check(&Url::parse("http://example.com/").unwrap(), Reach::Checked)
            .is_err()
    );
    assert!(
        strict
            .check(&Url::parse("http://127.0.0.1:1/").unwrap(), Reach::Operator)
            .is_ok()
    );
}

#[tokio::test]
async fn a_permitted_network_is_reached_by_address_and_by_name() {
    let (port, mut seen) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
    let outbound = with(&["127.0.0.0/8"]);
    for host in ["127.0.0.1", "localhost"] {
        let reply = outbound.send(get(&format!("http://{host}:{port}/a"))).await.unwrap();
        assert_eq!((reply.status, reply.body.as_ref()), (200, b"ok".as_ref()));
    }
    let request = seen.recv().await.unwrap();
    assert!(
        request.contains(&format!("user-agent: Ferrite/{}", env!("CARGO_PKG_VERSION"))),
        "{request}"
    );
    let mut request = get(&format!("http://127.0.0.1:{port}/a"));
    request.reach = Reach::Operator;
    assert_eq!(with(&[]).send(request).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let (port, _) =
        server(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let reply = with(&["127.0.0.1"])
        .send(get(&format!("http://127.0.0.1:{port}/")))
        .await
        .unwrap();
    assert_eq!(reply.status, 302);
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused_with_or_without_a_length() {
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n{}", "x".repeat(101));
    let streamed = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n80\r\n{}\r\n",
        "x".repeat(128)
    );
    for reply in [announced, streamed] {
        let (port, _) = server(reply.into_bytes()).await;
        let error = with(&["127.0.0.1"])
            .send(get(&format!("http://127.0.0.1:{port}/")))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge(_, 100)), "{error}");
    }
}

#[tokio::test]
async fn requests_time_out_and_errors_do_not_contain_the_query() {
    let (port, _) = server(Vec::new()).await;
    let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hanging_port = hanging.local_addr().unwrap().port();
    let outbound = Outbound::new(Settings {
        allow: Cidr::loopback().to_vec(),
        timeout: Duration::from_millis(200),
        max_body: 100,
        ..Settings::default()
    });
    for url in [
        format!("http://127.0.0.1:{port}/?code=hunter2"),
        format!("http://127.0.0.1:{hanging_port}/?code=hunter2"),
        "http://127.0.0.1:1/?code=hunter2".to_owned(),
        format!("https://127.0.0.1:{port}/?code=hunter2"),
    ] {
        let error = outbound.send(get(&url)).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    assert!(!format!("{:?}", get("https://example.com/?code=hunter2")).contains("hunter2"));
}

#[tokio::test]
async fn public_addresses_are_allowed_over_http_and_private_ones_refused() {
    let (port, mut visits) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let outbound = with(&[]);
    let public = Url::parse("http://example.com/a.png").unwrap();
    assert!(outbound.check(&public, Reach::Web).is_ok());
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.1.2.3",
        "169.254.169.254",
    ] {
        let mut request = get(&format!("http://{host}:{port}/"));
        request.reach = Reach::Web;
        assert!(
            matches!(outbound.send(request).await, Err(Error::Forbidden(_))),
            "{host}"
        );
    }
    assert!(visits.try_recv().is_err());
    // Requests that require https are refused, even if others may use http.
    assert!(matches!(
        outbound.check(&public, Reach::Checked),
        Err(Error::NotSecure(_))
    ));
    assert!(matches!(
        outbound.send(get("http://example.com/")).await,
        Err(Error::NotSecure(_))
    ));
}

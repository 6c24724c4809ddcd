//! Screenshots, with a mock browser service.

use std::sync::{Arc, Mutex};

use crate::remote::halves;
use image::ImageFormat;
use testkit::{Actor, Options, Server, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Bodies of the requests to the browser service, in order.
type Asked = Arc<Mutex<Vec<Value>>>;

/// A mock browser service whose screenshots are half red and half blue.
async fn browser() -> (url::Url, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let reply = Asked::default();
    let kept = Arc::clone(&reply);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut chunk = [0; 8192];
            let body = loop {
                let length = socket.read(&mut chunk).await.expect("bytes");
                request.extend_from_slice(&chunk[..length]);
                let text = String::from_utf8_lossy(&request);
                assert!(text.starts_with("POST /v1/screenshots "), "{text}");
                if let Some((_, body)) = text.split_once("\r\n\r\n")
                    && let Ok(body) = body.parse::<Value>()
                {
                    break body;
                }
            };
            kept.lock().expect("a lock").push(body);
            let picture = halves(40, 20, ImageFormat::Png);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                picture.len()
            );
            let _ = socket.write_all(&[head.as_bytes(), &picture].concat()).await;
        }
    });
    (format!("http://{address}/v1").parse().expect("a URL"), reply)
}

async fn shop(browser: Option<url::Url>) -> (Server, Actor) {
    let options = Options {
        browser,
        // The test pages are on the loopback address, which is otherwise blocked.
        outbound_allow: vec!["127.0.0.1/32"],
        ..Options::default()
    };
    let server = Server::with(options).await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let guest = server.guest("shop");
    (server, guest)
}

#[tokio::test]
async fn screenshots_are_refused_without_a_browser() {
    let (_server, guest) = shop(None).await;
    let refused = guest.get("/v1/avatars/screenshots?url=http://127.0.0.1/").await;
    refused.assert(501, "general_not_implemented");
    assert!(refused.text("message").contains("browser service"), "{}", refused.body);
}

#[tokio::test]
async fn screenshot_parameters_are_passed_to_the_browser() {
    let (url, reply) = browser().await;
    let (_server, guest) = shop(Some(url)).await;
    let path = "/v1/avatars/screenshots?url=http://127.0.0.1:9/page&theme=DARK&viewportWidth=390&viewportHeight=700&scale=1.5\
                &fullpage=true&locale=de-DE&timezone=Europe/Berlin&latitude=52.5&longitude=13.4&accuracy=10&touch=1&sleep=2\
                &permissions[0]=geolocation&userAgent=Mine&headers[X-Mine]=yes&width=20&height=10";
    let shot = guest.get(path).await;
    shot.assert_status(200);
    assert_eq!(shot.header("content-type"), Some("image/png"));
    let picture = image::load_from_memory(&shot.bytes).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (20, 10));
    let wished = reply.lock().expect("a lock")[0].clone();
    assert_eq!(
        wished,
        testkit::json!({
            "url": "http://127.0.0.1:9/page", "theme": "dark", "headers": {"X-Mine": "yes"}, "sleep": 2000, "waitUntil": "load",
            "viewport": {"width": 390, "height": 700}, "deviceScaleFactor": 1.5, "fullPage": true, "hasTouch": true,
            "locale": "de-DE", "timezoneId": "Europe/Berlin", "userAgent": "Mine",
            "geolocation": {"latitude": 52.5, "longitude": 13.4, "accuracy": 10.0}, "permissions": ["geolocation"],
        })
    );
    // The image is cached: the browser service gets no second request.
    guest.get(path).await.assert_status(200);
    assert_eq!(reply.lock().expect("a lock").len(), 1);
}

#[tokio::test]
async fn a_screenshot_has_the_requested_format() {
    let (url, _) = browser().await;
    let (_server, guest) = shop(Some(url)).await;
    for (output, kind, magic) in [
        ("jpg", "image/jpeg", &b"\xff\xd8"[..]),
        ("webp", "image/webp", b"RIFF"),
        ("png", "image/png", b"\x89PNG"),
    ] {
        let shot = guest
            .get(&format!(
                "/v1/avatars/screenshots?url=http://127.0.0.1/&output={output}&quality=50"
            ))
            .await;
        shot.assert_status(200);
        assert_eq!(shot.header("content-type"), Some(kind));
        assert!(shot.bytes.starts_with(magic), "{output}");
    }
}

#[tokio::test]
async fn private_addresses_and_invalid_parameters_are_refused() {
    let (url, reply) = browser().await;
    let (_server, guest) = shop(Some(url)).await;
    for page in [
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://[::1]/",
        "http://nowhere.invalid/",
    ] {
        let refused = guest.get(&format!("/v1/avatars/screenshots?url={page}")).await;
        refused.assert(404, "avatar_remote_url_failed");
    }
    for input in [
        "scale=9",
        "scale=x",
        "viewportWidth=0",
        "latitude=91",
        "theme=blue",
        "sleep=11",
        "output=heic",
        "permissions[0]=everything",
        "width=2001",
    ] {
        let refused = guest
            .get(&format!("/v1/avatars/screenshots?url=http://127.0.0.1/&{input}"))
            .await;
        refused.assert(400, "general_argument_invalid");
    }
    assert!(reply.lock().expect("a lock").is_empty());
}

//! Remote images: fetching, resizing, caching, and invalid or malicious replies.

use std::time::Duration;

use crate::remote::{Page, Remote, halves, html, ok, redirect};
use image::ImageFormat;
use testkit::{Actor, Options, Reply, Server};

async fn server_with(options: Options) -> (Server, Actor) {
    let server = Server::with(options).await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let guest = server.guest("shop");
    (server, guest)
}

/// A server that may fetch from the loopback addresses, which are otherwise blocked.
async fn open() -> (Server, Actor) {
    server_with(Options {
        outbound_allow: vec!["127.0.0.0/8"],
        ..Options::default()
    })
    .await
}

fn picture(reply: &Reply) -> image::RgbaImage {
    reply.assert_status(200);
    assert_eq!(reply.header("content-type"), Some("image/png"));
    image::load_from_memory(&reply.bytes).expect("a picture").into_rgba8()
}

const SVG: &str = r##"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" onload="alert(1)">
    <script>alert(1)</script><rect width="8" height="8" fill="#0f0"/></svg>"##;

#[tokio::test]
async fn a_remote_image_is_resized() {
    let remote = Remote::serving([
        ("/a.png", ok("image/png", &halves(200, 100, ImageFormat::Png))),
        ("/a.svg", ok("image/svg+xml", SVG.as_bytes())),
        // The declared media type is ignored.
        ("/a?b=1", ok("text/plain", &halves(10, 10, ImageFormat::Png))),
    ])
    .await;
    let (_server, guest) = open().await;
    for (path, size) in [
        ("/a.png", (400, 400)),
        ("/a.png&width=50&height=80", (50, 80)),
        ("/a.png&width=50&height=0", (50, 25)),
        ("/a.png&width=0&height=0", (200, 100)),
        ("/a.svg&width=16&height=16", (16, 16)),
        ("/a?b=1&width=20&height=20", (20, 20)),
    ] {
        let reply = guest
            .get(&format!("/v1/avatars/image?url={}{path}", remote.origin))
            .await;
        assert_eq!(picture(&reply).dimensions(), size, "{path}");
        assert_eq!(reply.header("cache-control"), Some("private, max-age=2592000"));
    }
    let cut = picture(
        &guest
            .get(&format!(
                "/v1/avatars/image?url={}&width=50&height=80",
                remote.at("/a.png")
            ))
            .await,
    );
    assert_eq!(
        (cut.get_pixel(5, 5).0, cut.get_pixel(45, 5).0),
        ([255, 0, 0, 255], [0, 0, 255, 255])
    );
}

#[tokio::test]
async fn an_image_is_fetched_once_a_day() {
    let remote = Remote::serving([("/a.png", ok("image/png", &halves(20, 20, ImageFormat::Png)))]).await;
    let (server, guest) = open().await;
    let path = format!("/v1/avatars/image?url={}", remote.at("/a.png"));
    let (a, b, c) = tokio::join!(guest.get(&path), guest.get(&path), guest.get(&path));
    for reply in [&a, &b, &c] {
        picture(reply);
    }
    let hits = [a, b, c]
        .iter()
        .filter(|reply| reply.header("x-appwrite-cache") == Some("hit"))
        .count();
    assert_eq!((remote.visits(), hits), (1, 2));
    server.advance(Duration::from_secs(23 * 3600));
    assert_eq!(guest.get(&path).await.header("x-appwrite-cache"), Some("hit"));
    server.advance(Duration::from_secs(2 * 3600));
    assert_eq!(guest.get(&path).await.header("x-appwrite-cache"), Some("miss"));
    assert_eq!(remote.visits(), 2);
}

#[tokio::test]
async fn nothing_is_fetched_from_a_private_address_in_any_spelling() {
    let remote = Remote::serving([("/", ok("image/png", &halves(20, 20, ImageFormat::Png)))]).await;
    let port = remote.origin.rsplit(':').next().expect("a port");
    let (_server, guest) = server_with(Options::default()).await;
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "[fd00::1]",
        "0.0.0.0",
        "user:secret@127.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            for what in ["image", "favicon"] {
                let path = format!("/v1/avatars/{what}?url={scheme}://{host}:{port}/");
                let reply = guest.get(&path).await;
                reply.assert(404, "avatar_remote_url_failed");
                assert!(!reply.text("message").contains(host), "{path}: {}", reply.body);
            }
        }
    }
    assert_eq!(remote.visits(), 0);
}

#[tokio::test]
async fn redirects_to_public_addresses_are_followed() {
    let drawn = || ok("image/png", &halves(20, 20, ImageFormat::Png));
    let secret = Remote::serving_at("127.0.0.2", [("/", drawn())]).await;
    let cdn = Remote::serving([
        ("/i.png", drawn()),
        ("/page/", html("<link rel=icon href=i.png>")),
        ("/page/i.png", drawn()),
    ])
    .await;
    let remote = Remote::serving([
        ("/a", redirect(&cdn.at("/i.png"))),
        ("/page", redirect(&cdn.at("/page/"))),
        ("/inwards", redirect(&secret.at("/"))),
        ("/file", redirect("file:///etc/passwd")),
        ("/round", redirect("/round")),
    ])
    .await;
    let (_server, guest) = server_with(Options {
        outbound_allow: vec!["127.0.0.1/32"],
        ..Options::default()
    })
    .await;
    let ask = async |what: &str, path: &str| guest.get(&format!("/v1/avatars/{what}?url={}", remote.at(path))).await;
    picture(&ask("image", "/a").await);
    // Relative links are resolved against the page's final URL.
    picture(&ask("favicon", "/page").await);
    for path in ["/inwards", "/file", "/round"] {
        ask("image", path).await.assert(404, "avatar_remote_url_failed");
        ask("favicon", path).await.assert(404, "avatar_remote_url_failed");
    }
    assert_eq!(secret.visits(), 0);
}

#[tokio::test]
async fn icons_at_private_addresses_are_not_fetched() {
    let secret = Remote::serving_at(
        "127.0.0.2",
        [("/i.png", ok("image/png", &halves(20, 20, ImageFormat::Png)))],
    )
    .await;
    let link = format!("<link rel=icon href='{}'>", secret.at("/i.png"));
    let remote = Remote::serving([("/", html(&link))]).await;
    let (_server, guest) = server_with(Options {
        outbound_allow: vec!["127.0.0.1/32"],
        ..Options::default()
    })
    .await;
    guest
        .get(&format!("/v1/avatars/favicon?url={}", remote.at("/")))
        .await
        .assert(404, "avatar_icon_not_found");
    assert_eq!(
        (remote.visits(), secret.visits()),
        (2, 0),
        "the page, and its own /favicon.ico"
    );
}

#[tokio::test]
async fn invalid_and_oversized_images_are_refused() {
    let mut bomb = halves(4, 4, ImageFormat::Bmp);
    // The header declares 60,000 by 60,000 pixels; decoded, the image would need more than 10 GB.
    bomb[18..26].copy_from_slice(&[0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0]);
    let laughs = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg">{}</svg>"##,
        (1..40).fold("<g id='a0'/>".to_owned(), |svg, level| {
            svg + &format!(
                "<g id='a{level}'>{}</g>",
                format!("<use href='#a{}'/>", level - 1).repeat(10)
            )
        })
    );
    let remote = Remote::serving([
        ("/bomb", ok("image/bmp", &bomb)),
        ("/laughs", ok("image/svg+xml", laughs.as_bytes())),
        ("/html", html("")),
        ("/empty", ok("image/png", b"")),
        ("/half", ok("image/png", &halves(99, 99, ImageFormat::Png)[..120])),
    ])
    .await;
    let (_server, guest) = open().await;
    for path in ["/bomb", "/laughs", "/html", "/empty", "/half"] {
        let reply = guest.get(&format!("/v1/avatars/image?url={}", remote.at(path))).await;
        assert_eq!(
            (reply.status, reply.text("type")),
            (404, "avatar_image_not_found"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn failing_and_oversized_responses_are_refused() {
    let endless = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n".to_vec();
    let remote = Remote::serving([
        ("/large", Page::Replies(endless)),
        ("/torn", Page::Replies(b"HTTP/1.1 200 O".to_vec())),
    ])
    .await;
    let (_server, guest) = open().await;
    for path in ["/large", "/torn", "/missing"] {
        for what in ["image", "favicon"] {
            let reply = guest.get(&format!("/v1/avatars/{what}?url={}", remote.at(path))).await;
            reply.assert(404, "avatar_remote_url_failed");
        }
    }
    guest
        .get("/v1/avatars/image?url=http://[")
        .await
        .assert(404, "avatar_remote_url_failed");
    guest
        .get("/v1/avatars/image?url=http://127.0.0.1:1/")
        .await
        .assert(404, "avatar_remote_url_failed");
}

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    let remote = Remote::serving([("/", Page::Hangs)]).await;
    let (_server, guest) = server_with(Options {
        outbound_allow: vec!["127.0.0.0/8"],
        image_timeout: Some(Duration::from_millis(100)),
        ..Options::default()
    })
    .await;
    for what in ["image", "favicon"] {
        let path = format!("/v1/avatars/{what}?url={}", remote.at("/"));
        guest.get(&path).await.assert(404, "avatar_remote_url_failed");
    }
}

#[tokio::test]
async fn failures_are_not_cached() {
    let remote = Remote::serving([("/html", html(""))]).await;
    let (_server, guest) = open().await;
    let path = format!("/v1/avatars/image?url={}", remote.at("/html"));
    for visits in 1..=2 {
        guest.get(&path).await.assert(404, "avatar_image_not_found");
        assert_eq!(remote.visits(), visits);
    }
}

#[tokio::test]
async fn the_best_icon_of_a_site_is_used() {
    let ico = halves(32, 32, ImageFormat::Ico);
    let remote = Remote::serving([
        (
            "/png",
            html("<link rel='shortcut icon' href='/i.ico'><link rel=icon sizes=64x64 href=i.png>"),
        ),
        (
            "/svg",
            html("<link rel=icon href=/i.svg><link rel=icon sizes=64x64 href=i.png>"),
        ),
        ("/bad", html("<link rel=icon href=/gone.svg>")),
        ("/none", html("")),
        ("/i.png", ok("image/png", &halves(64, 64, ImageFormat::Png))),
        ("/i.svg", ok("image/svg+xml", SVG.as_bytes())),
        ("/favicon.ico", ok("image/vnd.microsoft.icon", &ico)),
    ])
    .await;
    let (_server, guest) = open().await;
    let icon = async |path: &str| guest.get(&format!("/v1/avatars/favicon?url={}", remote.at(path))).await;

    assert_eq!(picture(&icon("/png").await).dimensions(), (56, 56));
    let drawn = picture(&icon("/svg").await);
    assert_eq!(
        (drawn.dimensions(), drawn.get_pixel(28, 28).0),
        ((56, 56), [0, 255, 0, 255])
    );
    for path in ["/none", "/bad"] {
        let usual = icon(path).await;
        assert_eq!(
            (usual.header("content-type"), &usual.bytes),
            (Some("image/x-icon"), &ico),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_site_without_a_readable_icon_gives_not_found() {
    let remote = Remote::serving([("/", html("")), ("/favicon.ico", html(""))]).await;
    let drawn = Remote::serving([
        ("/", html("<link rel=icon href=/i.svg>")),
        (
            "/i.svg",
            ok(
                "image/svg+xml",
                b"<svg xmlns='http://www.w3.org/2000/svg'><unclosed></svg>",
            ),
        ),
    ])
    .await;
    let (_server, guest) = open().await;
    let icon = async |remote: &Remote| guest.get(&format!("/v1/avatars/favicon?url={}", remote.at("/"))).await;
    icon(&remote).await.assert(404, "avatar_icon_not_found");
    icon(&drawn).await.assert(400, "avatar_svg_sanitization_failed");
}

//! Built-in and generated images.

use testkit::{Actor, Reply, Server, json};

/// A guest of a project.
async fn guest() -> (Server, Actor) {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let guest = server.guest("shop");
    (server, guest)
}

/// Decodes the PNG of a reply.
fn picture(reply: &Reply) -> image::RgbaImage {
    reply.assert_status(200);
    assert_eq!(reply.header("content-type"), Some("image/png"));
    image::load_from_memory(&reply.bytes).expect("a picture").into_rgba8()
}

#[tokio::test]
async fn cards_browsers_and_flags_have_the_size_that_is_asked_for() {
    let (_server, guest) = guest().await;
    for (path, size) in [
        ("credit-cards/visa", (100, 100)),
        ("credit-cards/targeta-shopping?width=90&height=60", (90, 60)),
        ("browsers/ff?width=32&height=32&quality=90", (32, 32)),
        ("flags/de", (100, 100)),
        ("flags/DE?width=40&height=0", (40, 30)),
        ("flags/xk?width=0&height=30", (40, 30)),
        ("browsers/CH?width=0&height=0", (256, 256)),
        ("flags/np?width=2000&height=2000", (2000, 2000)),
    ] {
        let reply = guest.get(&format!("/v1/avatars/{path}")).await;
        assert_eq!(picture(&reply).dimensions(), size, "{path}");
    }
    let flag = picture(&guest.get("/v1/avatars/flags/fr").await);
    assert!(flag.pixels().all(|pixel| pixel[3] == 255), "a flag fills its picture");
    let card = picture(&guest.get("/v1/avatars/credit-cards/visa").await);
    assert_eq!(
        (card.get_pixel(50, 2)[3], card.get_pixel(50, 50)[3]),
        (0, 255),
        "a card is shown whole"
    );
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused() {
    let (_server, guest) = guest().await;
    for path in [
        "flags/zz",
        "flags/visa",
        "credit-cards/de",
        "browsers/netscape",
        "flags/de?width=2001",
        "flags/de?height=-1",
        "flags/de?quality=101",
        "qr",
        "qr?text=a&size=0",
        "qr?text=a&size=1001",
        "qr?text=a&margin=11",
        "initials?background=red",
        "initials?width=2001",
        "image",
        "image?url=ftp://example.com/",
        "favicon?url=nonsense",
    ] {
        let reply = guest.get(&format!("/v1/avatars/{path}")).await;
        assert_eq!(
            (reply.status, reply.text("type")),
            (400, "general_argument_invalid"),
            "{path}"
        );
    }
    let long = "a".repeat(513);
    guest
        .get(&format!("/v1/avatars/qr?text={long}"))
        .await
        .assert(400, "general_argument_invalid");
    guest
        .get(&format!("/v1/avatars/initials?name={}", &long[..129]))
        .await
        .assert(400, "general_argument_invalid");
}

#[tokio::test]
async fn images_have_cache_headers_and_etags() {
    let (_server, guest) = guest().await;
    for (path, keep) in [
        ("flags/de", "private, max-age=2592000"),
        ("qr?text=a", "private, max-age=3888000"),
        ("initials?name=Ada", "private, max-age=3888000"),
    ] {
        let path = format!("/v1/avatars/{path}");
        let first = guest.get(&path).await;
        assert_eq!(
            (first.header("cache-control"), first.header("x-appwrite-cache")),
            (Some(keep), Some("miss"))
        );
        let second = guest.get(&path).await;
        assert_eq!(
            (second.header("x-appwrite-cache"), &second.bytes),
            (Some("hit"), &first.bytes)
        );

        let tag = first.header("etag").expect("a tag");
        let known = guest
            .clone()
            .with_header("if-none-match", &format!("\"other\", W/{tag}"))
            .get(&path)
            .await;
        assert_eq!(
            (known.status, known.bytes.len(), known.header("etag")),
            (304, 0, Some(tag))
        );
        assert_eq!(known.header("cache-control"), Some(keep));
        guest
            .clone()
            .with_header("if-none-match", "\"other\"")
            .get(&path)
            .await
            .assert_status(200);
    }
}

#[tokio::test]
async fn a_picture_in_a_page_needs_no_header() {
    let (_server, guest) = guest().await;
    let bare = guest.with_header("x-appwrite-project", "");
    let in_page = bare
        .clone()
        .with_header("referer", "https://unknown.example/")
        .with_header("sec-fetch-dest", "image");
    picture(&in_page.get("/v1/avatars/flags/de?project=shop").await);
    bare.get("/v1/avatars/flags/de?project=nowhere")
        .await
        .assert(404, "project_not_found");
}

#[tokio::test]
async fn a_qr_code_is_as_large_as_is_asked_for_and_may_be_downloaded() {
    let (_server, guest) = guest().await;
    let reply = guest
        .get("/v1/avatars/qr?text=https://example.com&size=250&margin=4")
        .await;
    assert_eq!(picture(&reply).dimensions(), (250, 250));
    assert_eq!(reply.header("content-disposition"), None);
    let reply = guest.get("/v1/avatars/qr?text=%E4%B8%96%E7%95%8C&download=1").await;
    assert_eq!(picture(&reply).dimensions(), (400, 400));
    assert_eq!(
        reply.header("content-disposition"),
        Some("attachment; filename=\"qr.png\"")
    );
}

#[tokio::test]
async fn initials_come_from_the_name_or_the_caller() {
    let (server, guest) = guest().await;
    let ada = server.user("shop", "ada").await;
    let initials = async |actor: &Actor, query: &str| {
        let reply = actor
            .get(&format!("/v1/avatars/initials?width=60&height=60&{query}"))
            .await;
        assert_eq!(picture(&reply).dimensions(), (60, 60));
        reply
    };
    let named = initials(&guest, "name=ada").await;
    let own = initials(&ada, "").await;
    assert_eq!(own.bytes, named.bytes);
    assert_eq!(
        own.header("cache-control"),
        Some("private, no-cache"),
        "another may sign in"
    );

    ada.patch("/v1/account/name", json!({"name": "Grace Hopper"}))
        .await
        .assert_status(200);
    let renamed = initials(&ada, "").await;
    assert_eq!(renamed.bytes, initials(&guest, "name=Grace+Hopper").await.bytes);
    ada.patch("/v1/account/name", json!({"name": ""}))
        .await
        .assert_status(200);
    assert_eq!(
        initials(&ada, "").await.bytes,
        initials(&guest, "name=ada@example.com").await.bytes
    );

    let nobody = picture(&initials(&guest, "").await);
    assert!(nobody.pixels().all(|pixel| pixel == nobody.get_pixel(0, 0)));
    let coloured = picture(&initials(&guest, "name=x&background=0af").await);
    assert_eq!(coloured.get_pixel(0, 0).0, [0, 0xaa, 0xff, 255]);
}

#[tokio::test]
async fn names_in_any_script_are_drawn() {
    let (_server, guest) = guest().await;
    for name in [
        "Лев",
        "عمر",
        "世界",
        "%F0%9F%98%80",
        "%F3%A0%80%81",
        "%CC%81",
        "_",
        "-%20-",
        "%E2%80%AE%D7%90",
    ] {
        let reply = guest
            .get(&format!("/v1/avatars/initials?name={name}&width=50&height=0"))
            .await;
        assert_eq!(picture(&reply).dimensions(), (50, 50), "{name}");
    }
}

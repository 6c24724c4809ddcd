//! Cookies of the host: whatever others there are, a good session counts, and a blocked user's session locks nobody out.

use testkit::{Actor, PASSWORD, Reply, Server, json};

use crate::shop;

/// The values of the session cookies that a reply sets, by name.
fn cookie(reply: &Reply, name: &str) -> String {
    let lines = reply.headers.get_all("set-cookie").iter();
    let mut own = lines.filter_map(|line| line.to_str().ok()?.split(';').next()?.strip_prefix(&format!("{name}=")));
    own.next_back().expect("the cookie").to_owned()
}

async fn session_of(server: &Server, name: &str) -> String {
    let mut guest = server.guest("shop");
    let reply = guest.sign_in(&format!("{name}@example.com"), PASSWORD).await;
    cookie(reply.assert_status(201), "a_session_shop")
}

fn with(server: &Server, cookies: &str) -> Actor {
    server.guest("shop").with_header("cookie", cookies)
}

#[tokio::test]
async fn other_cookies_do_not_matter_to_a_session() {
    let (server, _) = shop().await;
    server.user("shop", "ada").await;
    let good = session_of(&server, "ada").await;
    let wrong = "eyJpZCI6ImFkYSIsInNlY3JldCI6Indyb25nIn0=";
    let many: String = (0..150).map(|number| format!("other{number}=x; ")).collect();
    for cookies in [
        format!("a_session_shop={good}"),
        format!("a_session_shop=; a_session_shop={good}"),
        format!("a_session_shop={wrong}; a_session_shop={good}"),
        format!("a_session_shop={good}; a_session_shop={wrong}"),
        format!("a_session_shop={wrong}; a_session_shop_legacy={good}"),
        format!("a_session_shop=rubbish; a_session_shop_legacy={good}"),
        format!("a_session_other={wrong}; a_session_shop={good}"),
        format!("name=J\u{fc}rgen; a_session_shop={good}; \"quoted; =; ;;novalue; b=\"c;d\""),
        format!("{many}a_session_shop={good}"),
    ] {
        let account = with(&server, &cookies).get("/v1/account").await;
        assert_eq!(account.assert_status(200).text("$id"), "ada", "{cookies}");
    }
    let header = with(&server, &format!("a_session_shop={wrong}")).with_header("x-appwrite-session", &good);
    header.get("/v1/account").await.assert_status(200);
}

#[tokio::test]
async fn a_blocked_users_cookie_does_not_lock_the_browser() {
    let (server, owner) = shop().await;
    server.user("shop", "ada").await;
    server.user("shop", "grace").await;
    let blocked = format!("a_session_shop={}", session_of(&server, "ada").await);
    let good = session_of(&server, "grace").await;
    let key = server.key(&owner, "shop", &["users.write"]).await;
    key.patch("/v1/users/ada/status", json!({"status": false}))
        .await
        .assert_status(200);
    let browser = with(&server, &blocked);

    browser.get("/v1/account").await.assert(401, "user_blocked");
    browser.get("/v1/locale/languages").await.assert_status(200);
    let sign_up = json!({"userId": "alan", "email": "alan@example.com", "password": PASSWORD});
    browser.post("/v1/account", sign_up).await.assert_status(201);
    let sign_in = json!({"email": "grace@example.com", "password": PASSWORD});
    browser
        .post("/v1/account/sessions/email", sign_in)
        .await
        .assert_status(201);
    let both = with(&server, &format!("{blocked}; a_session_shop={good}"));
    assert_eq!(both.get("/v1/account").await.text("$id"), "grace");

    let logout = browser.delete("/v1/account/sessions/current").await;
    logout.assert_status(204);
    let cleared = logout.headers.get_all("set-cookie").iter();
    assert!(
        cleared
            .into_iter()
            .any(|line| line.as_bytes().starts_with(b"a_session_shop=;"))
    );
    browser
        .get("/v1/account")
        .await
        .assert(401, "general_unauthorized_scope");
}

#[tokio::test]
async fn a_preflight_names_the_headers_of_current_sdks() {
    let (server, _) = shop().await;
    let preflight = server
        .guest("shop")
        .with_header("origin", "https://app.example")
        .send("OPTIONS".parse().expect("a method"), "/v1/account", None)
        .await;
    let allowed = preflight.header("access-control-allow-headers").expect("a list");
    for header in [
        "X-Appwrite-Impersonate-User-Id",
        "X-Appwrite-Impersonate-User-Email",
        "X-Appwrite-Impersonate-User-Phone",
        "X-SDK-Profile",
    ] {
        assert!(allowed.contains(header), "{header} is missing in {allowed}");
    }
    assert_eq!(preflight.header("access-control-max-age"), Some("86400"));
}

#[tokio::test]
async fn a_key_reads_the_servers_health_only_with_its_scope() {
    let (server, owner) = shop().await;
    let other = server.key(&owner, "shop", &["rows.read"]).await;
    let own = server.key(&owner, "shop", &["health.read"]).await;
    for path in ["/v1/health", "/v1/health/db", "/v1/health/time"] {
        other.get(path).await.assert(401, "general_unauthorized_scope");
        own.get(path).await.assert_status(200);
    }
}

//! Platforms, and the pages that they let in.

use testkit::json;

use crate::shop;

#[tokio::test]
async fn a_page_of_a_platform_may_call_until_the_platform_is_removed() {
    let (server, owner) = shop().await;
    let page = server.guest("shop").with_header("origin", "https://app.example.com");
    let account = json!({"userId": "unique()", "email": "grace@example.com", "password": testkit::PASSWORD});
    page.post("/v1/account", account.clone())
        .await
        .assert(403, "general_unknown_origin");

    let made = owner
        .post(
            "/v1/projects/shop/platforms",
            json!({"type": "web", "name": "App", "hostname": "app.example.com"}),
        )
        .await;
    made.assert_status(201);
    let reply = page.post("/v1/account", account.clone()).await;
    reply.assert_status(201);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        Some("https://app.example.com")
    );

    let path = format!("/v1/projects/shop/platforms/{}", made.text("$id"));
    assert_eq!(owner.get(&path).await.text("hostname"), "app.example.com");
    assert_eq!(owner.get("/v1/projects/shop/platforms").await.body["total"], 1);
    owner
        .put(&path, json!({"name": "App", "hostname": "new.example.com"}))
        .await
        .assert_status(200);
    page.post("/v1/account", account.clone())
        .await
        .assert(403, "general_unknown_origin");
    owner.delete(&path).await.assert_status(204);
    owner.delete(&path).await.assert(404, "platform_not_found");
    owner.get(&path).await.assert(404, "platform_not_found");
}

#[tokio::test]
async fn a_platform_that_could_never_match_is_refused() {
    let (server, owner) = shop().await;
    for body in [
        json!({"type": "web", "name": "App"}),
        json!({"type": "toaster", "name": "App", "hostname": "a.example"}),
        json!({"type": "scheme", "name": "App", "key": "javascript"}),
        json!({"type": "web", "name": "", "hostname": "a.example"}),
    ] {
        owner
            .post("/v1/projects/shop/platforms", body)
            .await
            .assert(400, "general_argument_invalid");
    }
    // Another project's platform is out of reach, though its id be known.
    server.project(&owner, "other").await;
    let body = json!({"type": "web", "name": "App", "hostname": "a.example"});
    let made = owner.post("/v1/projects/other/platforms", body).await;
    let path = format!("/v1/projects/shop/platforms/{}", made.text("$id"));
    owner.delete(&path).await.assert(404, "platform_not_found");
}

//! Push targets.

use testkit::{Actor, Server, json};

const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.1 Mobile/15E148 Safari/604.1";

async fn shop() -> (Server, Actor) {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let ada = server.user("shop", "ada").await;
    (server, ada.with_header("user-agent", IPHONE))
}

#[tokio::test]
async fn a_push_target_is_deleted_with_its_session() {
    let (server, ada) = shop().await;
    let device = json!({"targetId": "phone", "identifier": "token-1"});
    let created = ada.post("/v1/account/targets/push", device.clone()).await;
    let created = created.assert_status(201);
    assert_eq!(
        (
            created.text("$id"),
            created.text("userId"),
            created.text("providerType")
        ),
        ("phone", "ada", "push")
    );
    assert_eq!(
        (created.text("identifier"), created.text("name")),
        ("token-1", "Apple iPhone")
    );
    assert_eq!(created.body["expired"], false);
    ada.post("/v1/account/targets/push", device)
        .await
        .assert(409, "user_target_already_exists");
    let same = json!({"targetId": "unique()", "identifier": "token-1"});
    ada.post("/v1/account/targets/push", same)
        .await
        .assert(409, "user_target_already_exists");
    let token = json!({"identifier": "token-2"});
    let changed = ada.put("/v1/account/targets/phone/push", token).await;
    assert_eq!(changed.assert_status(200).text("identifier"), "token-2");
    let targets = ada.get("/v1/account").await.body["targets"].clone();
    assert_eq!(targets.as_array().map(Vec::len), Some(2));

    let mut again = server.guest("shop");
    again
        .sign_in("ada@example.com", testkit::PASSWORD)
        .await
        .assert_status(201);
    let tablet = json!({"targetId": "tablet", "identifier": "token-3"});
    again.post("/v1/account/targets/push", tablet).await.assert_status(201);
    ada.delete("/v1/account/sessions/current").await.assert_status(204);
    let left = again.get("/v1/account").await.body["targets"].clone();
    let left: Vec<_> = left
        .as_array()
        .into_iter()
        .flatten()
        .map(|target| target["identifier"].clone())
        .collect();
    assert_eq!(left, [json!("ada@example.com"), json!("token-3")]);
    again.delete("/v1/account/targets/tablet/push").await.assert_status(204);
    again
        .delete("/v1/account/targets/tablet/push")
        .await
        .assert(404, "user_target_not_found");
}

#[tokio::test]
async fn targets_of_other_users_and_of_other_types_are_not_accessible() {
    let (server, ada) = shop().await;
    let device = json!({"targetId": "phone", "identifier": "token-1"});
    ada.post("/v1/account/targets/push", device).await.assert_status(201);
    let email = ada.get("/v1/account").await.body["targets"][0]["$id"].clone();
    let alan = server.user("shop", "alan").await;
    let token = json!({"identifier": "token-2"});
    alan.put("/v1/account/targets/phone/push", token.clone())
        .await
        .assert(404, "user_target_not_found");
    alan.delete("/v1/account/targets/phone/push")
        .await
        .assert(404, "user_target_not_found");
    let path = format!("/v1/account/targets/{}/push", email.as_str().expect("an id"));
    ada.put(&path, token).await.assert(404, "user_target_not_found");
    let provider = json!({"targetId": "other", "identifier": "token-3", "providerId": "fcm"});
    ada.post("/v1/account/targets/push", provider)
        .await
        .assert(404, "provider_not_found");
    let nothing = json!({"targetId": "other", "identifier": ""});
    ada.post("/v1/account/targets/push", nothing)
        .await
        .assert(400, "general_argument_invalid");
}

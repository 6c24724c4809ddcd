//! Recovery codes.

use testkit::{Value, json};

use crate::support::{answer, challenge, code, enable_mfa, set_up, shop, sign_in};

const CODES: &str = "/v1/account/mfa/recovery-codes";

fn codes(body: &Value) -> Vec<String> {
    let codes = body["recoveryCodes"].as_array().expect("a list").iter();
    codes.map(|code| code.as_str().expect("a text").to_owned()).collect()
}

#[tokio::test]
async fn recovery_codes_are_created_once_and_each_is_valid_once() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    set_up(&server, &ada).await;
    ada.patch(CODES, json!({})).await.assert(401, "user_challenge_required");
    let created = ada.post(CODES, json!({})).await;
    let created = codes(&created.assert_status(200).body);
    assert_eq!(created.len(), 6);
    assert!(
        created
            .iter()
            .all(|code| code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    );
    ada.post(CODES, json!({}))
        .await
        .assert(409, "user_recovery_codes_already_exists");
    assert_eq!(ada.get("/v1/account/mfa/factors").await.body["recoveryCode"], true);
    enable_mfa(&ada).await;

    let lost = sign_in(&server, "ada").await;
    let reply = challenge(&lost, "recoverycode").await;
    let session = answer(&lost, &reply, &format!(" {} ", created[2].to_uppercase())).await;
    assert_eq!(
        session.assert_status(200).body["factors"],
        json!(["password", "recoverycode"])
    );
    let left = lost.get(CODES).await;
    let left = codes(&left.assert_status(200).body);
    assert_eq!((left.len(), left.contains(&created[2])), (5, false));
    let again = sign_in(&server, "ada").await;
    let reply = challenge(&again, "recoverycode").await;
    answer(&again, &reply, &created[2])
        .await
        .assert(401, "user_invalid_token");
    answer(&again, &reply, &created[0]).await.assert_status(200);

    let fresh = codes(&lost.patch(CODES, json!({})).await.assert_status(200).body);
    assert_eq!(
        (fresh.len(), fresh.iter().any(|code| created.contains(code))),
        (6, false)
    );
    assert_eq!(codes(&key.get("/v1/users/ada/mfa/recovery-codes").await.body), fresh);
}

#[tokio::test]
async fn the_last_recovery_code_can_be_used() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let created = codes(&ada.post(CODES, json!({})).await.body);
    for code in &created {
        let reply = challenge(&ada, "recoverycode").await;
        answer(&ada, &reply, code).await.assert_status(200);
    }
    assert_eq!(ada.get("/v1/account/mfa/factors").await.body["recoveryCode"], false);
    ada.get(CODES).await.assert(404, "user_recovery_codes_not_found");
    ada.patch(CODES, json!({}))
        .await
        .assert(404, "user_recovery_codes_not_found");
    ada.post(CODES, json!({})).await.assert_status(200);
}

#[tokio::test]
async fn concurrent_uses_of_one_code_succeed_once() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let created = codes(&ada.post(CODES, json!({})).await.body);
    let (left, right) = (sign_in(&server, "ada").await, sign_in(&server, "ada").await);
    let (at_left, at_right) = (
        challenge(&left, "recoverycode").await,
        challenge(&right, "recoverycode").await,
    );
    let (one, other) = tokio::join!(
        answer(&left, &at_left, &created[0]),
        answer(&right, &at_right, &created[0])
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let reply = challenge(&ada, "recoverycode").await;
    answer(&ada, &reply, &created[1]).await.assert_status(200);
    assert_eq!(codes(&ada.get(CODES).await.body), created[2..]);
}

#[tokio::test]
async fn a_server_creates_recovery_codes_for_users() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let path = "/v1/users/ada/mfa/recovery-codes";
    key.get(path).await.assert(404, "user_recovery_codes_not_found");
    key.put(path, json!({}))
        .await
        .assert(404, "user_recovery_codes_not_found");
    let created = codes(&key.patch(path, json!({})).await.assert_status(200).body);
    key.patch(path, json!({}))
        .await
        .assert(409, "user_recovery_codes_already_exists");
    let fresh = codes(&key.put(path, json!({})).await.assert_status(200).body);
    assert_ne!(created, fresh);
    let reply = challenge(&ada, "recoverycode").await;
    answer(&ada, &reply, &created[0])
        .await
        .assert(401, "user_invalid_token");
    answer(&ada, &reply, &fresh[0]).await.assert_status(200);
    let nobody = key.patch("/v1/users/nobody/mfa/recovery-codes", json!({})).await;
    nobody.assert(404, "user_not_found");
}

#[tokio::test]
async fn codes_are_stored_encrypted() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let created = codes(&ada.post(CODES, json!({})).await.body);
    let secret = set_up(&server, &ada).await;
    let shop = server.running.app.engine.database("shop");
    let stored: (String, String) = shop
        .read(|tx| {
            let codes = tx.sql_one::<String>("SELECT codes FROM recovery_codes", &[])?;
            Ok::<_, db::Error>((codes, tx.sql_one::<String>("SELECT secret FROM authenticators", &[])?))
        })
        .await
        .expect("the rows");
    assert!(created.iter().all(|code| !stored.0.contains(code)));
    assert!(!stored.1.contains(&secret));
    assert_eq!(code(&server, &secret, 0).len(), 6);
}

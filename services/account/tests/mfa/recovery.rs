//! Recovery codes.

use testkit::{Value, json};

use crate::support::{answer, challenge, code, demand, set_up, shop, sign_in};

const CODES: &str = "/v1/account/mfa/recovery-codes";

fn codes(body: &Value) -> Vec<String> {
    let codes = body["recoveryCodes"].as_array().expect("a list").iter();
    codes.map(|code| code.as_str().expect("a text").to_owned()).collect()
}

#[tokio::test]
async fn codes_are_made_once_and_each_opens_one_session() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    set_up(&server, &ada).await;
    ada.patch(CODES, json!({})).await.assert(401, "user_challenge_required");
    let made = ada.post(CODES, json!({})).await;
    let made = codes(&made.assert_status(200).body);
    assert_eq!(made.len(), 6);
    assert!(
        made.iter()
            .all(|code| code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    );
    ada.post(CODES, json!({}))
        .await
        .assert(409, "user_recovery_codes_already_exists");
    assert_eq!(ada.get("/v1/account/mfa/factors").await.body["recoveryCode"], true);
    demand(&ada).await;

    let lost = sign_in(&server, "ada").await;
    let asked = challenge(&lost, "recoverycode").await;
    let session = answer(&lost, &asked, &format!(" {} ", made[2].to_uppercase())).await;
    assert_eq!(
        session.assert_status(200).body["factors"],
        json!(["password", "recoverycode"])
    );
    let left = lost.get(CODES).await;
    let left = codes(&left.assert_status(200).body);
    assert_eq!((left.len(), left.contains(&made[2])), (5, false));
    let again = sign_in(&server, "ada").await;
    let asked = challenge(&again, "recoverycode").await;
    answer(&again, &asked, &made[2]).await.assert(401, "user_invalid_token");
    answer(&again, &asked, &made[0]).await.assert_status(200);

    let fresh = codes(&lost.patch(CODES, json!({})).await.assert_status(200).body);
    assert_eq!((fresh.len(), fresh.iter().any(|code| made.contains(code))), (6, false));
    assert_eq!(codes(&key.get("/v1/users/ada/mfa/recovery-codes").await.body), fresh);
}

#[tokio::test]
async fn the_last_code_leaves_none() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let made = codes(&ada.post(CODES, json!({})).await.body);
    for code in &made {
        let asked = challenge(&ada, "recoverycode").await;
        answer(&ada, &asked, code).await.assert_status(200);
    }
    assert_eq!(ada.get("/v1/account/mfa/factors").await.body["recoveryCode"], false);
    ada.get(CODES).await.assert(404, "user_recovery_codes_not_found");
    ada.patch(CODES, json!({}))
        .await
        .assert(404, "user_recovery_codes_not_found");
    ada.post(CODES, json!({})).await.assert_status(200);
}

#[tokio::test]
async fn one_code_at_two_doors_at_once_opens_one() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let made = codes(&ada.post(CODES, json!({})).await.body);
    let (left, right) = (sign_in(&server, "ada").await, sign_in(&server, "ada").await);
    let (at_left, at_right) = (
        challenge(&left, "recoverycode").await,
        challenge(&right, "recoverycode").await,
    );
    let (one, other) = tokio::join!(answer(&left, &at_left, &made[0]), answer(&right, &at_right, &made[0]));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let asked = challenge(&ada, "recoverycode").await;
    answer(&ada, &asked, &made[1]).await.assert_status(200);
    assert_eq!(codes(&ada.get(CODES).await.body), made[2..]);
}

#[tokio::test]
async fn a_server_makes_codes_for_its_users() {
    let (server, key) = shop().await;
    let ada = server.user("shop", "ada").await;
    let path = "/v1/users/ada/mfa/recovery-codes";
    key.get(path).await.assert(404, "user_recovery_codes_not_found");
    key.put(path, json!({}))
        .await
        .assert(404, "user_recovery_codes_not_found");
    let made = codes(&key.patch(path, json!({})).await.assert_status(200).body);
    key.patch(path, json!({}))
        .await
        .assert(409, "user_recovery_codes_already_exists");
    let fresh = codes(&key.put(path, json!({})).await.assert_status(200).body);
    assert_ne!(made, fresh);
    let asked = challenge(&ada, "recoverycode").await;
    answer(&ada, &asked, &made[0]).await.assert(401, "user_invalid_token");
    answer(&ada, &asked, &fresh[0]).await.assert_status(200);
    let nobody = key.patch("/v1/users/nobody/mfa/recovery-codes", json!({})).await;
    nobody.assert(404, "user_not_found");
}

#[tokio::test]
async fn codes_lie_sealed() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let made = codes(&ada.post(CODES, json!({})).await.body);
    let secret = set_up(&server, &ada).await;
    let shop = server.running.app.engine.database("shop");
    let stored: (String, String) = shop
        .read(|tx| {
            let codes = tx.sql_one::<String>("SELECT codes FROM recovery_codes", &[])?;
            Ok::<_, db::Error>((codes, tx.sql_one::<String>("SELECT secret FROM authenticators", &[])?))
        })
        .await
        .expect("the rows");
    assert!(made.iter().all(|code| !stored.0.contains(code)));
    assert!(!stored.1.contains(&secret));
    assert_eq!(code(&server, &secret, 0).len(), 6);
}

//! Replies that must not tell who has an account.

use std::time::Duration;

use testkit::{Reply, code_of, json};

use crate::shop;

/// The members of a reply whose values do not differ by chance.
fn shape(reply: &Reply) -> (u16, Vec<String>, String) {
    let members = reply.body.as_object().expect("an object");
    (
        reply.status,
        members.keys().cloned().collect(),
        reply.text("secret").to_owned(),
    )
}

#[tokio::test]
async fn a_recovery_is_answered_alike_for_known_blocked_and_unknown_addresses() {
    let (server, owner) = shop().await;
    server.user("shop", "ada").await;
    server.user("shop", "blocked").await;
    let key = server.key(&owner, "shop", &["users.write", "sessions.write"]).await;
    key.patch("/v1/users/blocked/status", json!({"status": false}))
        .await
        .assert_status(200);
    let guest = server.guest("shop");
    let wish = |name: &str| json!({"email": format!("{name}@example.com"), "url": "https://app.example/new-password"});

    let known = guest.post("/v1/account/recovery", wish("ada")).await;
    let blocked = guest.post("/v1/account/recovery", wish("blocked")).await;
    let unknown = guest.post("/v1/account/recovery", wish("nobody")).await;

    known.assert_status(201);
    assert_eq!(shape(&known), shape(&unknown));
    assert_eq!(shape(&known), shape(&blocked));
    for reply in [&known, &blocked] {
        let id = reply.text("userId");
        assert!(!["ada", "blocked"].contains(&id), "{id}");
    }
    server.mail_to("ada@example.com").await;
    let inbox = server.running.app.notifier.post().inbox.clone().expect("an inbox");
    assert_eq!(inbox.mails().len(), 1, "mail to somebody who must not get one");
    // A server may know who exists.
    key.post("/v1/account/recovery", wish("nobody"))
        .await
        .assert(404, "user_not_found");
    key.post("/v1/account/recovery", wish("blocked"))
        .await
        .assert(401, "user_blocked");
}

#[tokio::test]
async fn a_code_tells_nobody_the_id_of_a_user_and_is_claimed_by_the_id_of_its_reply() {
    let (server, owner) = shop().await;
    server.user("shop", "ada").await;
    let key = server.key(&owner, "shop", &["users.write", "sessions.write"]).await;
    let guest = server.guest("shop");
    for (path, chosen) in [
        ("/v1/account/tokens/email", "unique()"),
        ("/v1/account/tokens/email", "probe"),
        ("/v1/account/tokens/magic-url", "unique()"),
    ] {
        server.empty_inbox();
        let known = guest
            .post(path, json!({"userId": chosen, "email": "ada@example.com"}))
            .await;
        known.assert_status(201);
        assert_ne!(known.text("userId"), "ada");
        let mail = server.mail_to("ada@example.com").await;
        if chosen == "probe" {
            assert_eq!(known.text("userId"), "probe");
            let code = code_of(&mail.text);
            let proof = json!({"userId": "probe", "secret": code});
            let session = guest.post("/v1/account/sessions/token", proof.clone()).await;
            session.assert_status(201);
            assert_eq!(session.text("userId"), "ada");
            guest
                .post("/v1/account/sessions/token", proof)
                .await
                .assert(401, "user_invalid_token");
        }
    }
    // The ID of another user is refused, whether the address is known or not.
    server.user("shop", "grace").await;
    for address in ["ada@example.com", "nobody@example.com"] {
        let wish = json!({"userId": "grace", "email": address});
        guest
            .post("/v1/account/tokens/email", wish)
            .await
            .assert(409, "user_already_exists");
    }
    let shown = key
        .post(
            "/v1/account/tokens/email",
            json!({"userId": "unique()", "email": "ada@example.com"}),
        )
        .await;
    assert_eq!(shown.text("userId"), "ada");
}

#[tokio::test]
async fn one_guess_is_compared_with_the_code_of_one_user_only() {
    let (server, _) = shop().await;
    server.user("shop", "ada").await;
    server.user("shop", "grace").await;
    let guest = server.guest("shop");
    for name in ["ada", "grace"] {
        let wish = json!({"userId": "probe", "email": format!("{name}@example.com")});
        guest.post("/v1/account/tokens/email", wish).await.assert_status(201);
        server.advance(Duration::from_millis(1));
    }
    let older = code_of(&server.mail_to("ada@example.com").await.text);
    let newer = code_of(&server.mail_to("grace@example.com").await.text);
    let claim = async |code: &str| {
        let proof = json!({"userId": "probe", "secret": code});
        guest.post("/v1/account/sessions/token", proof).await
    };

    if older != newer {
        claim(&older).await.assert(401, "user_invalid_token");
    }
    assert_eq!(claim(&newer).await.assert_status(201).text("userId"), "grace");
}

#[tokio::test]
async fn an_address_of_a_provider_account_is_taken_at_sign_up() {
    let (server, _) = shop().await;
    server.user("shop", "ada").await;
    let again = json!({"userId": "unique()", "email": "ada@example.com", "password": testkit::PASSWORD});
    server
        .guest("shop")
        .post("/v1/account", again)
        .await
        .assert(409, "user_already_exists");
}

//! Guessing of passwords and codes: bounded for each caller, without locking anybody out.

use testkit::{Actor, Options, PASSWORD, Server, json};

use crate::shop;

/// A server with rate limits behind a proxy, whose project `shop` has the user Ada.
async fn limited() -> (Server, Actor) {
    let server = Server::with(Options {
        dev: true,
        rate_limits: true,
        trusted_proxies: vec!["127.0.0.0/8", "::1/128"],
        ..Options::default()
    })
    .await;
    let owner = server.console_user("owner").await;
    server.project(&owner, "shop").await;
    server.user("shop", "ada").await;
    (server, owner)
}

/// A guest of `shop` at an address.
fn at(server: &Server, address: &str) -> Actor {
    server.guest("shop").with_header("x-forwarded-for", address)
}

#[tokio::test]
async fn wrong_guesses_of_others_do_not_lock_the_owner_out() {
    let (server, _) = limited().await;
    let mut attacker = at(&server, "203.0.113.1");
    for _ in 0..10 {
        attacker
            .sign_in("ada@example.com", "not her password")
            .await
            .assert(401, "user_invalid_credentials");
    }
    attacker
        .sign_in("ada@example.com", "not her password")
        .await
        .assert(429, "general_rate_limit_exceeded");

    let mut ada = at(&server, "198.51.100.7");
    ada.sign_in("ada@example.com", PASSWORD).await.assert_status(201);

    // Many callers slow further sign-ins down, which are still possible.
    for caller in 2..5 {
        let mut attacker = at(&server, &format!("203.0.113.{caller}"));
        for _ in 0..7 {
            attacker.sign_in("ada@example.com", "not her password").await;
        }
    }
    for address in ["198.51.100.7", "198.51.100.8"] {
        let mut ada = at(&server, address);
        ada.sign_in("ada@example.com", PASSWORD).await.assert_status(201);
    }
}

#[tokio::test]
async fn one_caller_cannot_try_a_password_on_many_accounts() {
    let (server, _) = limited().await;
    let mut attacker = at(&server, "203.0.113.1");
    for account in 0..50 {
        attacker
            .sign_in(&format!("user{account}@example.com"), "a common password")
            .await
            .assert(401, "user_invalid_credentials");
    }
    attacker
        .sign_in("user50@example.com", "a common password")
        .await
        .assert(429, "general_rate_limit_exceeded");
    let code = json!({"userId": "ada", "secret": "123456"});
    attacker
        .post("/v1/account/sessions/token", code)
        .await
        .assert(429, "general_rate_limit_exceeded");
    at(&server, "203.0.113.2")
        .sign_in("ada@example.com", PASSWORD)
        .await
        .assert_status(201);
}

#[tokio::test]
async fn a_change_of_address_or_number_is_no_way_to_guess_the_password() {
    let (server, _) = limited().await;
    let mut ada = at(&server, "198.51.100.7");
    ada.sign_in("ada@example.com", PASSWORD).await.assert_status(201);
    for (path, mut change) in [
        ("/v1/account/email", json!({"email": "new@example.com"})),
        ("/v1/account/phone", json!({"phone": "+15550100"})),
    ] {
        change["password"] = json!("not her password");
        for _ in 0..10 {
            ada.patch(path, change.clone())
                .await
                .assert(401, "user_invalid_credentials");
        }
        ada.patch(path, change).await.assert(429, "general_rate_limit_exceeded");
    }
}

#[tokio::test]
async fn rules_for_new_passwords_do_not_keep_imported_users_out() {
    let (server, owner) = shop().await;
    let key = server.key(&owner, "shop", &["users.read", "users.write"]).await;
    // MD5 of "cat".
    let imported = json!({"userId": "old", "email": "old@example.com", "password": "d077f244def8a70e5ea758bd8352fcd8"});
    key.post("/v1/users/md5", imported).await.assert_status(201);
    let mut old = server.guest("shop");

    old.sign_in("old@example.com", "cat").await.assert_status(201);

    let email = json!({"email": "older@example.com", "password": "cat"});
    old.patch("/v1/account/email", email).await.assert_status(200);
    let short = json!({"password": "dog", "oldPassword": "cat"});
    old.patch("/v1/account/password", short)
        .await
        .assert(400, "general_argument_invalid");
    let long = json!({"password": "correct dog battery", "oldPassword": "cat"});
    old.patch("/v1/account/password", long).await.assert_status(200);
    // A first password is a new one.
    let mut nobody = server.guest("shop");
    let session = nobody.post("/v1/account/sessions/anonymous", json!({})).await;
    nobody.store_cookies(&session);
    let email = json!({"email": "nobody@example.com", "password": "cat"});
    let refused = nobody.patch("/v1/account/email", email).await;
    refused.assert(400, "general_argument_invalid");
    assert!(refused.text("message").contains("password"), "{}", refused.body);
}

#[tokio::test]
async fn a_hash_that_takes_more_than_a_second_is_not_imported() {
    let (server, owner) = shop().await;
    let key = server.key(&owner, "shop", &["users.read", "users.write"]).await;
    let rest = "$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq";
    for (cost, status) in [(10, 201), (13, 201), (14, 400), (16, 400)] {
        let email = format!("cost{cost}@example.com");
        let user = json!({"userId": "unique()", "email": email, "password": format!("$2y${cost}{rest}")});
        key.post("/v1/users/bcrypt", user).await.assert_status(status);
    }
    let scrypt = json!({
        "userId": "unique()", "email": "scrypt@example.com", "password": "00".repeat(64), "passwordSalt": "salt",
        "passwordCpu": 131_072, "passwordMemory": 8, "passwordParallel": 4, "passwordLength": 64,
    });
    let refused = key.post("/v1/users/scrypt", scrypt).await;
    refused.assert(400, "general_argument_invalid");
    assert!(refused.text("message").contains("passwordParallel"), "{}", refused.body);
}

#[tokio::test]
async fn other_sessions_end_with_a_change_of_the_password_in_a_new_project() {
    let (server, owner) = shop().await;
    let ada = server.user("shop", "ada").await;
    let mut elsewhere = server.guest("shop");
    elsewhere.sign_in("ada@example.com", PASSWORD).await.assert_status(201);

    let change = json!({"password": "a brand new one", "oldPassword": PASSWORD});
    ada.patch("/v1/account/password", change).await.assert_status(200);

    ada.get("/v1/account").await.assert_status(200);
    elsewhere
        .get("/v1/account")
        .await
        .assert(401, "general_unauthorized_scope");
    let project = owner.get("/v1/projects/shop").await;
    assert_eq!(project.body["authInvalidateSessions"], true);
}

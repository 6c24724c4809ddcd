//! Users with authenticator apps.

use std::time::Duration;

use testkit::{Actor, Options, PASSWORD, Reply, Server, json};

/// Length of a TOTP step.
pub(crate) const STEP: Duration = Duration::from_secs(30);

/// A server with the project `shop`, and an API key that manages its users.
pub(crate) async fn shop() -> (Server, Actor) {
    let options = Options {
        dev: true,
        ..Options::default()
    };
    let server = Server::with(options).await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let scopes = [
        "users.read",
        "users.write",
        "policies.write",
        "targets.read",
        "targets.write",
    ];
    let key = server.key(&console, "shop", &scopes).await;
    (server, key)
}

/// The code that the user's app shows at `steps` TOTP steps from now.
pub(crate) fn code(server: &Server, secret: &str, steps: i64) -> String {
    let step = secrets::totp::step(server.clock.now()) + steps;
    secrets::totp::code(secret, step).expect("a secret in base32")
}

/// A code that is invalid for all accepted steps (-1, 0 and 1).
pub(crate) fn wrong_code(server: &Server, secret: &str) -> String {
    let near: Vec<String> = (-1..=1).map(|steps| code(server, secret, steps)).collect();
    let mut all = (0..1_000_000).map(|number| format!("{number:06}"));
    all.find(|code| !near.contains(code)).expect("one of a million")
}

/// Sets up an authenticator app and returns its secret.
pub(crate) async fn set_up(server: &Server, user: &Actor) -> String {
    let created = user.post("/v1/account/mfa/authenticators/totp", json!({})).await;
    let secret = created.assert_status(200).text("secret").to_owned();
    let body = json!({"otp": code(server, &secret, 0)});
    let verified = user.put("/v1/account/mfa/authenticators/totp", body).await;
    verified.assert_status(200);
    secret
}

/// Creates a challenge and returns its ID.
pub(crate) async fn challenge(user: &Actor, factor: &str) -> String {
    let reply = user.post("/v1/account/mfa/challenges", json!({"factor": factor})).await;
    reply.assert_status(200).text("$id").to_owned()
}

/// Completes a challenge with a code.
pub(crate) async fn answer(user: &Actor, challenge: &str, otp: &str) -> Reply {
    user.put(
        "/v1/account/mfa/challenges",
        json!({"challengeId": challenge, "otp": otp}),
    )
    .await
}

/// Creates another session for a user of `shop`.
pub(crate) async fn sign_in(server: &Server, name: &str) -> Actor {
    let mut user = server.guest("shop");
    user.sign_in(&format!("{name}@example.com"), PASSWORD)
        .await
        .assert_status(201);
    user
}

/// Enables multi-factor authentication.
pub(crate) async fn enable_mfa(user: &Actor) {
    user.patch("/v1/account/mfa", json!({"mfa": true}))
        .await
        .assert_status(200);
}

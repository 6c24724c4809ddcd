//! Account tests that need mail or SMS; they check the messages that were sent.

mod addresses;
mod alerts;
mod codes;
mod cookies;
mod development;
mod enumeration;
mod guesses;
mod links;
mod recovery;
mod squatting;
mod verification;

use testkit::{Actor, Options, Server, json};

/// A server in dev mode, with the project `shop` and the web platform `app.example`.
async fn shop() -> (Server, Actor) {
    let server = Server::with(Options {
        dev: true,
        ..Options::default()
    })
    .await;
    let owner = server.console_user("owner").await;
    server.project(&owner, "shop").await;
    let platform = json!({"type": "web", "name": "App", "hostname": "app.example"});
    owner
        .post("/v1/projects/shop/platforms", platform)
        .await
        .assert_status(201);
    (server, owner)
}

//! Stories of the account that need mail or SMS, told by what a reader finds in their inbox.

mod addresses;
mod alerts;
mod codes;
mod links;
mod recovery;
mod verification;

use testkit::{Actor, Options, Server, json};

/// A server that is being tried out, with the project `shop`, which `app.example` may call.
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

//! Stories of owners and their projects, told over HTTP to a real server.
#![allow(clippy::unwrap_used)]

mod keys;
mod mail;
mod oauth2;
mod platforms;
mod projects;
mod settings;

use testkit::{Actor, Options, Server};

/// A server whose console is open, with an owner and a project of theirs.
async fn shop() -> (Server, Actor) {
    shop_on(Options::default()).await
}

/// The same, on a server that is otherwise.
async fn shop_on(options: Options) -> (Server, Actor) {
    let server = Server::with(Options {
        console_open: true,
        ..options
    })
    .await;
    let owner = server.console_user("ada").await;
    server.project(&owner, "shop").await;
    (server, owner)
}

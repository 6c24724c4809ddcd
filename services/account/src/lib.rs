//! The account: a user as they see themselves.
//!
//! Signing up and in (with a password, anonymously, with a one-time token, or through another service by OAuth2), what the
//! user may change of themselves, their sessions, identities and log. The server's view of users is `users`.
//!
//! Not here: what a sign-in links to (`identity::linking`), the OAuth2 protocol (`oauth`), the words of mails (`notifier`).

mod anonymous;
mod identities;
mod jwts;
pub mod landing;
mod logs;
mod mfa;
pub mod oauth2;
mod profile;
mod recovery;
mod routes;
mod sessions;
mod sign_up;
mod targets;
mod tokens;
mod verifications;

use std::sync::Arc;

use projects::oauth::TestRouting;

/// What the account's endpoints share.
#[derive(Debug, Clone)]
pub struct State {
    /// The OAuth2 providers.
    pub registry: Arc<oauth::Registry>,
    /// The OAuth2 client.
    pub client: oauth::Client,
    /// Where calls to providers go instead, on a server that is being tried out.
    pub test_routing: TestRouting,
}

/// The service.
pub fn service(state: State) -> api::Service {
    api::Service::new(state, routes::routes())
}

//! Development identity provider, which imitates OAuth2 providers.
//!
//! With `--dev`, logins through any provider can be tested without a registered app, a secret or a network. The OAuth
//! client sends every call of `https://H/P` to `/dev/idp/_host/H/P` of this server, and this crate responds like the
//! provider at `H`: it checks requests by the provider's record, shows a page to choose a test user and a fault to
//! simulate, and replies in the provider's format.
//!
//! The requirements of a provider come from its record ([`oauth::Provider`]), the format of its replies from
//! `replies.json`. An operator's custom provider has no sample there: its replies contain the fields that its record
//! reads ([`oauth::Imitation`]).
//!
//! [`mock`] is the separate test provider used by Appwrite's own end-to-end tests.
//!
//! Not here: the OAuth client and its rewriting of URLs (`oauth`). All state is bounded and only in memory; no real
//! accounts are involved.

mod authorize;
mod client_auth;
mod consent;
mod credentials;
mod discovery;
mod errors;
mod expiring_map;
mod form;
mod index;
mod keys;
pub mod mock;
mod page;
mod pattern;
mod people;
mod provider_replies;
mod reply;
mod samples;
mod state;
mod token;
mod userinfo;

pub use credentials::{CLIENT_ID, StoredCredentials, credentials};
pub use state::PATH;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use kernel::clock::Clock;
use oauth::Registry;

use crate::index::{Found, Role};
use crate::state::State;

/// Maximum size of a request body, in bytes; a JSON Web Token as client secret is the longest expected value.
const MAX_BODY: usize = 64 * 1024;

/// Imitates all providers of a registry.
pub struct DevIdp {
    state: State,
}

impl std::fmt::Debug for DevIdp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DevIdp")
    }
}

impl DevIdp {
    /// Builds the index of providers and generates a signing key.
    ///
    /// # Panics
    /// If the operating system provides no randomness.
    pub fn new(registry: Arc<Registry>, clock: Clock) -> Self {
        Self {
            state: State::new(&registry, clock),
        }
    }

    /// Handles a request whose path begins with [`PATH`].
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        if request.body().len() > MAX_BODY {
            return reply::text(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long.");
        }
        let path = request.uri().path();
        let Some(rest) = path.strip_prefix(PATH) else {
            return page::missing(path);
        };
        if let Some(address) = rest.strip_prefix("/_host/") {
            return self.imitate(address, &request).await;
        }
        match (rest, request.method()) {
            ("" | "/", &Method::GET) => page::home(&self.state),
            ("/people.json", &Method::GET) => people::list(),
            ("/continue", &Method::POST) => consent::decide(&self.state, &request),
            _ => page::missing(path),
        }
    }

    /// Responds like the provider with this address.
    async fn imitate(&self, address: &str, request: &Request<Bytes>) -> Response<Bytes> {
        let found = self.state.index.find(&format!("https://{address}"), request);
        let Some(Found { role, .. }) = found.first() else {
            return page::unknown_address(address);
        };
        match role {
            Role::Authorize => authorize::show(&self.state, &found, address, request),
            Role::Token | Role::Refresh => token::answer(&self.state, &found, request).await,
            Role::Userinfo(_) => userinfo::answer(&self.state, &found, request),
            Role::Discovery => discovery::metadata(&self.state, &found, address),
            Role::Jwks => reply::json(StatusCode::OK, &self.state.signer.key_set()),
        }
    }
}

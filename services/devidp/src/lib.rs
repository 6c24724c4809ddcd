//! The identity provider of development.
//!
//! With `--dev` a person can try a login through any provider without an app, a secret or a network. The OAuth client then
//! sends every call of `https://H/P` to `/dev/idp/_host/H/P` of this server, and this crate answers as the provider at `H`
//! would: it demands what the provider's record says that the provider demands, shows a page on which to choose who to be
//! and what should go wrong, and replies in the provider's own shapes.
//!
//! What a provider demands comes from its record ([`oauth::Provider`]); what its replies look like comes from
//! `replies.json`. A provider of the operator's own has no sample there: its replies are what its record reads
//! ([`oauth::Imitation`]).
//!
//! [`mock`] is something else: the test provider that Appwrite's own end-to-end tests drive.
//!
//! Not here: the OAuth client and its rewriting of URLs (`oauth`). Everything is kept in memory and bounded, and nothing
//! survives a restart: no real account is behind any of it.

mod authorize;
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
mod portrait;
mod proof;
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

/// A request's body may be this long; a JSON Web Token as a client secret is the longest thing that comes.
const MAX_BODY: usize = 64 * 1024;

/// Imitates every provider of a registry.
pub struct DevIdp {
    state: State,
}

impl std::fmt::Debug for DevIdp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DevIdp")
    }
}

impl DevIdp {
    /// Reads the providers and makes a signing key.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn new(registry: Arc<Registry>, clock: Clock) -> Self {
        Self {
            state: State::new(&registry, clock),
        }
    }

    /// Answers a request whose path begins with [`PATH`].
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

    /// Answers as the provider whose address this is.
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

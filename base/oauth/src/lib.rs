//! One OAuth 2.0 and OpenID Connect client for every provider.
//!
//! A provider is data: a TOML file in `providers/`, or a file of the operator with the same keys. The client only reads
//! the fields and has no code for particular providers. It builds the authorize URL, exchanges the code, verifies the
//! id_token, fetches the user's profile, refreshes tokens, verifies id_tokens of native apps, and checks a
//! configuration before it is used.
//!
//! The rules are those of RFC 9700 (best current practice), RFC 6749, RFC 7636 (PKCE), RFC 9207 (`iss`), OpenID Connect
//! Core 1.0 and RFC 8725 (JWT best practice); each is referenced at the code that implements it.
//!
//! Not here: storage of the attempt between authorization and callback, the state and its cookie, linking to users,
//! sessions.

mod authorize;
mod cache;
mod check;
mod client;
mod credentials;
mod error;
mod exchange;
mod expression;
mod id_token;
mod jwks;
mod jws;
mod metadata;
mod native;
mod probe;
mod profile;
mod provider;
mod reader;
mod record;
mod record_parts;
mod refresh;
mod registry;
mod reply;
mod settings;
mod template;
mod text;
mod token_call;
mod tokens;
mod trace;

pub use authorize::{Authorization, Start};
pub use check::{Check, Report, State};
pub use client::Client;
pub use credentials::Credentials;
pub use error::{Error, Reason};
pub use exchange::Callback;
pub use expression::{Condition, Documents, Expr, Imitation};
pub use native::NativeSignIn;
pub use outbound::Url;
pub use provider::*;
pub use registry::{LoadError, Registry};
pub use settings::{Requirement, SettingsShape, Stored};
pub use template::{NAMES, Template};
pub use tokens::{Login, Profile, Tokens};
pub use trace::{Outcome, Step, Trace};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `bytes` random bytes in base64url.
pub(crate) fn random(bytes: usize) -> String {
    let mut chance = vec![0; bytes];
    // The system's generator does not fail once it is seeded; an attempt without randomness must not begin.
    #[allow(clippy::expect_used)]
    getrandom::fill(&mut chance).expect("the system gives no random bytes");
    URL_SAFE_NO_PAD.encode(chance)
}

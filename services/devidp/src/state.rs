//! State of the provider: pending authorization requests, codes and tokens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::clock::{Clock, Timestamp};
use oauth::{Provider, Registry};
use serde_json::Value;

use crate::expiring_map::ExpiringMap;
use crate::index::Index;
use crate::keys::Signer;
use crate::pattern::Captures;
use crate::people::{Fault, Person};
use crate::samples::{self, Sample};

/// Mount path.
pub const PATH: &str = "/dev/idp";

/// Lifetime of an open consent page.
const PAGE: Duration = Duration::from_secs(3600);
/// Lifetime of a code. RFC 6749 4.1.2 recommends at most ten minutes; most providers use less.
const CODE: Duration = Duration::from_secs(300);
/// Lifetime of tokens whose provider does not specify it.
const LONG: Duration = Duration::from_secs(30 * 24 * 3600);

/// State of [`crate::DevIdp`].
pub(crate) struct State {
    pub(crate) index: Index,
    pub(crate) samples: BTreeMap<String, Sample>,
    pub(crate) signer: Signer,
    pub(crate) clock: Clock,
    pub(crate) waiting: ExpiringMap<Arc<AuthorizeRequest>>,
    pub(crate) codes: ExpiringMap<Arc<Grant>>,
    pub(crate) access: ExpiringMap<Access>,
    pub(crate) refresh: ExpiringMap<Arc<Grant>>,
    /// ID of the provider of the last sign-in at each host, since a metadata URL alone may be ambiguous.
    pub(crate) hosts: ExpiringMap<String>,
}

/// Authorization request of an app.
#[derive(Debug)]
pub(crate) struct AuthorizeRequest {
    pub(crate) provider: Arc<Provider>,
    /// Captured parts of the authorization URL: a tenant, a domain.
    pub(crate) captures: Captures,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) scopes: Vec<String>,
    /// PKCE challenge, always of method S256.
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    /// Whether the response is sent as a form (`response_mode=form_post`).
    pub(crate) form_post: bool,
}

/// Authorization granted by a person.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) authorization: Arc<AuthorizeRequest>,
    pub(crate) person: Person,
    pub(crate) fault: Fault,
    /// Non-standard parameters of the callback.
    pub(crate) extras: Captures,
}

/// A valid access token.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) grant: Arc<Grant>,
    /// The client secret that was sent, if any; some userinfo calls must repeat it.
    pub(crate) client_secret: Option<String>,
    /// The token reply; the URLs of some userinfo calls contain parts of it.
    pub(crate) reply: Arc<Value>,
}

impl State {
    pub(crate) fn new(registry: &Registry, clock: Clock) -> Self {
        Self {
            index: Index::new(registry),
            samples: samples::load(),
            signer: Signer::new(),
            clock,
            waiting: ExpiringMap::new(PAGE),
            codes: ExpiringMap::new(CODE),
            access: ExpiringMap::new(LONG),
            refresh: ExpiringMap::new(LONG),
            hosts: ExpiringMap::new(LONG),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sample replies of the provider, if known.
    pub(crate) fn sample(&self, provider: &Provider) -> Option<&Sample> {
        self.samples.get(&provider.id)
    }

    /// Lifetime of a provider's access token.
    pub(crate) fn life(provider: &Provider) -> Duration {
        match provider.expires_in {
            0 => LONG,
            seconds => Duration::from_secs(seconds),
        }
    }
}

//! DNS resolver that returns only allowed addresses: the client connects to the checked address, so DNS rebinding (a
//! name that changes its address between check and use) has no effect.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::client::Reach;
use crate::error::Refusal;
use crate::{Cidr, is_public};

/// Addresses that a client may connect to.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) reach: Reach,
    /// Whether public addresses are allowed: always over https; over plain http only for [`Reach::Web`].
    pub(crate) public: bool,
    pub(crate) allow: Arc<[Cidr]>,
}

impl Rule {
    pub(crate) fn permits(&self, address: std::net::IpAddr) -> bool {
        match self.reach {
            Reach::Operator => true,
            Reach::Checked | Reach::Web => {
                (self.public && is_public(address)) || self.allow.iter().any(|network| network.contains(address))
            }
        }
    }
}

/// The system's resolver, filtered by a rule.
pub(crate) struct Resolver(pub(crate) Rule);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let rule = self.0.clone();
        Box::pin(async move {
            // Port 0: the client replaces it by the URL's port.
            let found: Vec<SocketAddr> = match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => found.collect(),
                Err(_) => return Err(Refusal::Unresolved.into()),
            };
            if found.is_empty() {
                return Err(Refusal::Unresolved.into());
            }
            let permitted: Vec<SocketAddr> = found.into_iter().filter(|found| rule.permits(found.ip())).collect();
            if permitted.is_empty() {
                return Err(Refusal::Forbidden.into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

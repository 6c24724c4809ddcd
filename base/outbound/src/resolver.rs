//! Names to addresses, of which only permitted ones come out: the client connects to what was checked, so a name
//! that changes its address between check and use (DNS rebinding) gains nothing.

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
    /// Whether a public address is good enough, as it is over https; over plain http it is where nothing is secret.
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
            // Port 0: the client puts the URL's own port in its place.
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

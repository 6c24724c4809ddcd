//! Fetching of URLs given by users.

use std::sync::Arc;

use bytes::Bytes;
use outbound::{HeaderValue, Method, Outbound, Reach, Request, Url, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Maximum number of bodies in memory at once.
const MAX_CONCURRENT: usize = 12;
/// Maximum number of redirects: e.g. from http to https, to www and to a localized page.
const REDIRECTS: usize = 3;

/// HTTP client with a limited number of concurrent fetches.
#[derive(Debug, Clone)]
pub(crate) struct Fetcher {
    outbound: Outbound,
    permits: Arc<Semaphore>,
}

/// Permit to hold a fetched body in memory, released on drop.
#[derive(Debug)]
pub(crate) struct Permit {
    _permit: OwnedSemaphorePermit,
}

impl Fetcher {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self {
            outbound,
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT)),
        }
    }

    /// Waits for a permit to fetch.
    pub(crate) async fn permit(&self) -> Result<Permit, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|error| Error::Unreachable(error.into()))?;
        Ok(Permit { _permit: permit })
    }

    /// Returns an error for a URL whose host is not a public address.
    pub(crate) async fn check(&self, url: &Url) -> Result<(), Error> {
        let unreachable = |error: outbound::Error| Error::Unreachable(error.into());
        let host = self.outbound.check(url, Reach::Web).map_err(unreachable)?;
        let port = url.port_or_known_default().unwrap_or(443);
        let found = self
            .outbound
            .resolve(host.trim_matches(['[', ']']), port, Reach::Web)
            .await;
        found.map(|_| ()).map_err(unreachable)
    }

    /// Sends a request to one of the operator's own servers. A status other than 2xx is an error.
    pub(crate) async fn send(&self, _: &Permit, request: Request) -> Result<Bytes, Error> {
        let reply = self.outbound.send(request).await;
        let reply = reply.map_err(|error| Error::Unreachable(error.into()))?;
        match reply.status {
            200..=299 => Ok(reply.body),
            status => Err(Error::Refused(status)),
        }
    }

    /// Fetches a body and returns it with the final URL. Each redirect is a new request that passes the address guard
    /// again.
    pub(crate) async fn get(&self, _: &Permit, mut url: Url, accept: &'static str) -> Result<(Bytes, Url), Error> {
        for _ in 0..=REDIRECTS {
            let mut request = Request::new(Method::GET, url.clone());
            request.reach = Reach::Web;
            request.headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            let reply = self.outbound.send(request).await;
            let reply = reply.map_err(|error| Error::Unreachable(error.into()))?;
            match reply.status {
                200 => return Ok((reply.body, url)),
                status @ (301 | 302 | 303 | 307 | 308) => {
                    let location = reply.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
                    let next = location.and_then(|to| url.join(to).ok());
                    url = next.ok_or(Error::Refused(status))?;
                }
                status => return Err(Error::Refused(status)),
            }
        }
        Err(Error::TooManyRedirects)
    }
}

/// Parses a URL given by a user.
pub(crate) fn parse(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|error| Error::Unreachable(error.into()))
}

//! Fetching of URLs given by users.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use outbound::{HeaderValue, Method, Outbound, Reach, Reply, Request, Url, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::error::Error;
use crate::places::{Share, Shares};

/// Maximum number of bodies in memory at once.
const MAX_CONCURRENT: usize = 24;
/// Maximum number of fetches of one caller at once, and from one host.
const OF_CALLER: usize = 4;
const FROM_HOST: usize = 6;
/// Longest wait for a place.
const WAIT: Duration = Duration::from_secs(10);
/// Maximum number of redirects: e.g. from http to https, to www and to a localized page.
const REDIRECTS: usize = 3;

/// HTTP client with a limited number of concurrent fetches.
#[derive(Debug, Clone)]
pub(crate) struct Fetcher {
    outbound: Outbound,
    /// Time limit of one fetch, with all its redirects.
    limit: Duration,
    places: Arc<Semaphore>,
    of_callers: Shares,
    from_hosts: Shares,
}

/// Permit of a caller to fetch and to hold a fetched body in memory, released on drop.
#[derive(Debug)]
pub(crate) struct Permit {
    _place: OwnedSemaphorePermit,
    _share: Share,
    /// End of all fetches under this permit.
    deadline: Instant,
}

impl Fetcher {
    pub(crate) fn new(outbound: Outbound, limit: Duration) -> Self {
        Self {
            outbound,
            limit,
            places: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            of_callers: Shares::new(OF_CALLER),
            from_hosts: Shares::new(FROM_HOST),
        }
    }

    /// Waits for a permit of a caller (`Request::network`) to fetch. Fails with [`Error::Busy`] after [`WAIT`].
    pub(crate) async fn permit(&self, caller: &str) -> Result<Permit, Error> {
        let waiting = async {
            // A caller's own share first: who waits for it keeps nobody else from a place.
            let share = self.of_callers.take(caller).await;
            let place = Arc::clone(&self.places).acquire_owned().await;
            Ok::<_, Error>((share, place.map_err(|_| Error::Busy)?))
        };
        let (share, place) = tokio::time::timeout(WAIT, waiting).await.map_err(|_| Error::Busy)??;
        Ok(Permit {
            _place: place,
            _share: share,
            deadline: Instant::now() + self.limit,
        })
    }

    /// Sends a request, within the time of the permit and the places of the host.
    async fn send_within_limits(&self, permit: &Permit, request: Request) -> Result<Reply, Error> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let sending = async {
            let _place = self.from_hosts.take(&host).await;
            self.outbound.send(request).await
        };
        let sent = tokio::time::timeout_at(permit.deadline, sending).await;
        let sent = sent.map_err(|elapsed| Error::Unreachable(elapsed.into()))?;
        sent.map_err(|error| Error::Unreachable(error.into()))
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
    pub(crate) async fn get(&self, permit: &Permit, mut url: Url, accept: &'static str) -> Result<(Bytes, Url), Error> {
        for _ in 0..=REDIRECTS {
            let mut request = Request::new(Method::GET, url.clone());
            request.reach = Reach::Web;
            request.headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            let reply = self.send_within_limits(permit, request).await?;
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

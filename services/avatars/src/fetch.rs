//! Fetching what a user names.

use std::sync::Arc;

use bytes::Bytes;
use outbound::{HeaderValue, Method, Outbound, Reach, Request, Url, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// How many bodies are held at once, each of which may be large.
const AT_ONCE: usize = 12;

/// Fetches, a bounded number at a time.
#[derive(Debug, Clone)]
pub(crate) struct Fetcher {
    outbound: Outbound,
    places: Arc<Semaphore>,
}

/// The right to hold what is fetched in memory, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _place: OwnedSemaphorePermit,
}

impl Fetcher {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self {
            outbound,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Waits until something may be fetched.
    pub(crate) async fn place(&self) -> Result<Place, Error> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| Error::Unreachable(error.into()))?;
        Ok(Place { _place: place })
    }

    /// Fetches a body. Anything but success is a failure, also a redirect: it could lead anywhere.
    pub(crate) async fn get(&self, _: &Place, url: Url, accept: &'static str) -> Result<Bytes, Error> {
        let mut request = Request::new(Method::GET, url);
        request.reach = Reach::Web;
        request.headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        let reply = self.outbound.send(request).await;
        let reply = reply.map_err(|error| Error::Unreachable(error.into()))?;
        match reply.status {
            200 => Ok(reply.body),
            status => Err(Error::Refused(status)),
        }
    }
}

/// The address that a user wrote.
pub(crate) fn parse(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|error| Error::Unreachable(error.into()))
}

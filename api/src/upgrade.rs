//! Connections that are handed over from HTTP to another protocol.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};

/// Both directions of a connection.
pub trait Duplex: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Duplex for T {}

/// A connection that was handed over.
pub type Io = Pin<Box<dyn Duplex>>;
type Handover = Pin<Box<dyn Future<Output = io::Result<Io>> + Send>>;

/// Access to a request's connection after the reply to it was sent. It can be taken once.
pub struct Upgrade(pub(crate) Mutex<Option<Handover>>);

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upgrade(…)")
    }
}

impl Upgrade {
    /// An upgrade to a connection that becomes available once the reply was sent.
    pub fn new(handover: impl Future<Output = io::Result<Io>> + Send + 'static) -> Self {
        Self(Mutex::new(Some(Box::pin(handover))))
    }
}

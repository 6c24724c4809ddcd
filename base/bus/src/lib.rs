//! The bus: what one part of the server tells every other part, in this process and on every node; and the counters that
//! rate limits share.
//!
//! A message is a hint, never the truth: whoever must not miss a thing reads the change log, and the bus only says that
//! there is something to read. So [`Bus::publish`] never waits and never fails, and a subscriber who may have missed
//! messages (it was slow, or the connection to Redis was cut) is told so with [`Delivery::Gap`]: a cache answers that by
//! forgetting what it holds, a reader by reading from where it stopped. A message may come twice after a reconnection.
//!
//! On one node the bus is a table of channels. On several it is Redis or Valkey as well: the publisher's own node is
//! served directly, so that a node sees its own changes at once and goes on working while Redis is away.

mod counters;
mod hub;
mod listener;
mod outbox;
mod remote;
mod table;

use std::sync::Arc;

use bytes::Bytes;

pub use counters::{Count, Counters};
pub use hub::{Delivery, Receiver};

/// Location of the bus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Settings {
    /// In this process: for one node.
    #[default]
    Local,
    /// Over Redis or Valkey: for several nodes.
    Redis {
        /// `redis://[user:password@]host[:port][/database]`. The database's number is part of every name, so that two
        /// installations with different numbers can share a server.
        url: String,
    },
}

/// Why the bus cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be read. It is not repeated here, as it may hold a password.
    #[error("the bus address is not a redis:// URL that can be used: {0}")]
    Address(String),
    /// The server does not answer, or refuses us.
    #[error("the bus server does not answer: {0}")]
    Unreachable(String),
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// [`Bus::connect`] was called outside of a tokio runtime.
    #[error("the bus needs a tokio runtime to connect in")]
    NoRuntime,
}

/// A handle to the bus; clones share it. When the last one is dropped, its connections end and so do its receivers.
#[derive(Clone)]
pub struct Bus {
    hub: Arc<hub::Hub>,
    remote: Option<Arc<remote::Remote>>,
}

impl Bus {
    /// Opens the bus. Redis is connected to in the background, and again whenever the connection is lost: nodes and Redis
    /// may start in any order. [`Bus::check`] tells whether it answers.
    pub fn connect(settings: Settings) -> Result<Self, Error> {
        let hub = Arc::new(hub::Hub::default());
        let remote = match settings {
            Settings::Local => None,
            Settings::Redis { url } => Some(Arc::new(remote::Remote::open(&url, &hub)?)),
        };
        Ok(Self { hub, remote })
    }

    /// Tells everyone who subscribed to the topic, on every node, this one included. Never blocks.
    pub fn publish(&self, topic: &str, message: &[u8]) {
        self.hub.deliver(topic, || Bytes::copy_from_slice(message));
        if let Some(remote) = &self.remote {
            remote.outbox.post(topic, message);
        }
    }

    /// Hears, from now on, what is published to the topic.
    pub fn subscribe(&self, topic: &str) -> Receiver {
        hub::Hub::subscribe(&self.hub, topic)
    }

    /// A fresh set of counters, shared with the other nodes where the bus is.
    pub fn counters(&self) -> Counters {
        Counters::new(self.remote.clone())
    }

    /// Whether messages reach the other nodes just now.
    pub async fn check(&self) -> Result<(), Error> {
        match &self.remote {
            None => Ok(()),
            Some(remote) => remote.check().await,
        }
    }
}

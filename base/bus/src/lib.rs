//! Message bus between the parts of the server, in this process and across nodes; and shared counters for rate limits.
//!
//! Messages are hints without guaranteed delivery: a consumer that must see every change reads the change log, and the
//! bus only signals that there are new entries. Therefore [`Bus::publish`] never waits and never fails. A subscriber
//! that may have missed messages (it was too slow, or the connection to Redis was lost) receives [`Delivery::Gap`]: a
//! cache then clears its content, a log reader continues reading from its last position. A message may be delivered
//! twice after a reconnection.
//!
//! On one node the bus is a table of channels. On several nodes messages also go through Redis or Valkey. Subscribers
//! on the publisher's own node are served directly, so that a node sees its own changes at once and keeps working while
//! Redis is unreachable.

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
    /// In this process only: for a single node.
    #[default]
    Local,
    /// Over Redis or Valkey: for several nodes.
    Redis {
        /// `redis://[user:password@]host[:port][/database]`. The database number is part of every channel and key name,
        /// so that installations with different numbers can share a server.
        url: String,
    },
}

/// Errors of opening or checking the bus.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be parsed. The message does not repeat it, because it may contain a password.
    #[error("the bus address is not a redis:// URL that can be used: {0}")]
    Address(String),
    /// The server does not answer or refuses the connection.
    #[error("the bus server does not answer: {0}")]
    Unreachable(String),
    /// The operating system's random number generator failed.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// [`Bus::connect`] was called outside of a tokio runtime.
    #[error("the bus needs a tokio runtime to connect in")]
    NoRuntime,
}

/// Handle to the bus; clones share it. When the last one is dropped, its connections and receivers are closed.
#[derive(Clone)]
pub struct Bus {
    hub: Arc<hub::Hub>,
    remote: Option<Arc<remote::Remote>>,
}

impl Bus {
    /// Opens the bus. Redis is connected to in the background, and again whenever the connection is lost: nodes and
    /// Redis may start in any order. [`Bus::check`] reports whether it answers.
    pub fn connect(settings: Settings) -> Result<Self, Error> {
        let hub = Arc::new(hub::Hub::default());
        let remote = match settings {
            Settings::Local => None,
            Settings::Redis { url } => Some(Arc::new(remote::Remote::open(&url, &hub)?)),
        };
        Ok(Self { hub, remote })
    }

    /// Sends a message to all subscribers of the topic on all nodes, including this one. Never blocks.
    pub fn publish(&self, topic: &str, message: &[u8]) {
        self.hub.deliver(topic, || Bytes::copy_from_slice(message));
        if let Some(remote) = &self.remote {
            remote.outbox.post(topic, message);
        }
    }

    /// Subscribes to the topic; messages published from now on are received.
    pub fn subscribe(&self, topic: &str) -> Receiver {
        hub::Hub::subscribe(&self.hub, topic)
    }

    /// New set of counters, shared with the other nodes if the bus is.
    pub fn counters(&self) -> Counters {
        Counters::new(self.remote.clone())
    }

    /// Checks that messages can reach the other nodes now (Redis answers PING).
    pub async fn check(&self) -> Result<(), Error> {
        match &self.remote {
            None => Ok(()),
            Some(remote) => remote.check().await,
        }
    }
}

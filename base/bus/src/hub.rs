//! The topics of this process.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use parking_lot::RwLock;
use tokio::sync::broadcast;

/// Messages that a topic buffers for its slowest subscriber: about 10 KiB per topic.
const BACKLOG: usize = 256;

/// An item of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A message.
    Message(Bytes),
    /// Messages may have been lost before this point: nothing learned from the bus can be assumed to be current.
    Gap,
}

/// Topics with at least one subscriber in this process.
#[derive(Default)]
pub(crate) struct Hub {
    topics: RwLock<HashMap<Box<str>, broadcast::Sender<Delivery>>>,
}

impl Hub {
    /// Sends a message to the topic's subscribers. `message` is called only if there are any.
    pub(crate) fn deliver(&self, topic: &str, message: impl FnOnce() -> Bytes) {
        if let Some(sender) = self.topics.read().get(topic) {
            // An error means that the last subscriber is being dropped at this moment.
            let _ = sender.send(Delivery::Message(message()));
        }
    }

    /// Sends [`Delivery::Gap`] to every subscriber of every topic.
    pub(crate) fn gap(&self) {
        for sender in self.topics.read().values() {
            let _ = sender.send(Delivery::Gap);
        }
    }

    pub(crate) fn subscribe(self: &Arc<Self>, topic: &str) -> Receiver {
        let inner = {
            let mut topics = self.topics.write();
            let sender = topics
                .entry(topic.into())
                .or_insert_with(|| broadcast::channel(BACKLOG).0);
            sender.subscribe()
        };
        Receiver {
            hub: Arc::downgrade(self),
            topic: topic.into(),
            inner: Some(inner),
        }
    }

    fn remove_if_unused(&self, topic: &str) {
        let mut topics = self.topics.write();
        if topics.get(topic).is_some_and(|sender| sender.receiver_count() == 0) {
            topics.remove(topic);
        }
    }
}

/// Subscription to one topic; dropping it unsubscribes.
pub struct Receiver {
    hub: Weak<Hub>,
    topic: Box<str>,
    inner: Option<broadcast::Receiver<Delivery>>,
}

impl Receiver {
    /// Waits for the next delivery; `None` once the bus is gone. Cancel-safe: no delivery is lost if the future is
    /// dropped.
    pub async fn recv(&mut self) -> Option<Delivery> {
        match self.inner.as_mut()?.recv().await {
            Ok(delivery) => Some(delivery),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Delivery::Gap),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // Unsubscribe before checking: of two receivers dropped concurrently, the later one finds no receivers left.
        self.inner = None;
        if let Some(hub) = self.hub.upgrade() {
            hub.remove_if_unused(&self.topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> Delivery {
        Delivery::Message(Bytes::from_static(text.as_bytes()))
    }

    #[tokio::test]
    async fn messages_reach_only_subscribers_of_the_topic() {
        let hub = Arc::new(Hub::default());
        let (mut one, mut two, mut other) = (hub.subscribe("a"), hub.subscribe("a"), hub.subscribe("b"));
        hub.deliver("a", || Bytes::from_static(b"hello"));
        hub.deliver("b", || Bytes::from_static(b"bye"));
        assert_eq!(one.recv().await, Some(text("hello")));
        assert_eq!(two.recv().await, Some(text("hello")));
        assert_eq!(other.recv().await, Some(text("bye")));
        drop(hub);
        assert_eq!(one.recv().await, None);
    }

    #[tokio::test]
    async fn a_slow_subscriber_receives_a_gap() {
        let hub = Arc::new(Hub::default());
        let mut slow = hub.subscribe("a");
        for _ in 0..=BACKLOG {
            hub.deliver("a", || Bytes::from_static(b"x"));
        }
        assert_eq!(slow.recv().await, Some(Delivery::Gap));
        assert_eq!(slow.recv().await, Some(text("x")));
    }

    #[test]
    fn a_topic_without_subscribers_is_removed() {
        let hub = Arc::new(Hub::default());
        let (one, two) = (hub.subscribe("a"), hub.subscribe("a"));
        drop(one);
        assert_eq!(hub.topics.read().len(), 1);
        drop(two);
        assert!(hub.topics.read().is_empty());
        hub.deliver("a", || unreachable!("nobody listens"));
    }
}

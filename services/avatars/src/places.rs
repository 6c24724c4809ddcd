//! Places for fetches: a number for all, and a smaller one for each caller and each remote host, so that neither a
//! caller nor a host that does not answer takes the places of others.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places of one key, such as a caller or a host.
#[derive(Debug, Clone)]
pub(crate) struct Shares {
    each: usize,
    by_key: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

/// A place of a key, released on drop.
#[derive(Debug)]
pub(crate) struct Share {
    shares: Shares,
    key: String,
    permit: Option<OwnedSemaphorePermit>,
}

impl Shares {
    /// `each` places for every key.
    pub(crate) fn new(each: usize) -> Self {
        Self {
            each,
            by_key: Arc::default(),
        }
    }

    /// Waits for a place of a key.
    pub(crate) async fn take(&self, key: &str) -> Share {
        // Dropped if the caller leaves while it waits, which forgets a key that nobody uses.
        let mut share = Share {
            shares: self.clone(),
            key: key.to_owned(),
            permit: None,
        };
        let places = {
            let mut by_key = self.by_key.lock();
            let places = by_key
                .entry(key.to_owned())
                .or_insert_with(|| Arc::new(Semaphore::new(self.each)));
            Arc::clone(places)
        };
        // The semaphore is never closed.
        share.permit = places.acquire_owned().await.ok();
        share
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut by_key = self.shares.by_key.lock();
        self.permit = None;
        // The map holds one reference; each user or waiter has another.
        if by_key
            .get(&self.key)
            .is_some_and(|places| Arc::strong_count(places) == 1)
        {
            by_key.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_has_its_places_and_is_forgotten_after_use() {
        let shares = Shares::new(1);
        let first = shares.take("a").await;
        let _other = shares.take("b").await;
        let mut second = Box::pin(shares.take("a"));
        let is_waiting =
            std::future::poll_fn(|context| std::task::Poll::Ready(second.as_mut().poll(context).is_pending()));
        assert!(is_waiting.await);
        drop(first);
        drop(second.await);
        assert_eq!(shares.by_key.lock().keys().collect::<Vec<_>>(), ["b"]);
    }
}

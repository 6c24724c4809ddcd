//! Bounded map of expiring entries with unguessable keys.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use kernel::clock::Timestamp;
use parking_lot::Mutex;

/// Maximum number of entries; the oldest is evicted.
const MAX: usize = 4096;

/// Map of entries that expire.
pub(crate) struct ExpiringMap<T> {
    life: Duration,
    inner: Mutex<Inner<T>>,
}

struct Inner<T> {
    entries: HashMap<String, (T, Timestamp)>,
    order: VecDeque<String>,
}

impl<T: Clone> ExpiringMap<T> {
    /// Creates an empty map with this default lifetime of entries.
    pub(crate) fn new(life: Duration) -> Self {
        Self {
            life,
            inner: Mutex::new(Inner {
                entries: HashMap::new(),
                order: VecDeque::new(),
            }),
        }
    }

    /// Inserts an entry with the default lifetime.
    pub(crate) fn put(&self, key: &str, value: T, now: Timestamp) {
        self.put_for(key, value, now, self.life);
    }

    /// Inserts an entry with the given lifetime.
    pub(crate) fn put_for(&self, key: &str, value: T, now: Timestamp, life: Duration) {
        let mut inner = self.inner.lock();
        inner.order.retain(|known| known != key);
        while inner.order.len() >= MAX
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.entries.remove(&oldest);
        }
        inner.order.push_back(key.to_owned());
        inner.entries.insert(key.to_owned(), (value, now.plus(life)));
    }

    /// Returns the value of a key if it has not expired.
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Option<T> {
        let inner = self.inner.lock();
        let (value, expires) = inner.entries.get(key)?;
        (now < *expires).then(|| value.clone())
    }

    /// Removes and returns the value of a key, so that it can be used only once.
    pub(crate) fn take(&self, key: &str, now: Timestamp) -> Option<T> {
        let mut inner = self.inner.lock();
        let (value, expires) = inner.entries.remove(key)?;
        inner.order.retain(|known| known != key);
        (now < expires).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_expire_are_taken_once_and_are_bounded() {
        let expiring_map = ExpiringMap::new(Duration::from_secs(60));
        let now = Timestamp::from_millis(0);
        expiring_map.put("a", 1, now);
        assert_eq!(expiring_map.get("a", now), Some(1));
        assert_eq!(expiring_map.get("a", now.plus(Duration::from_secs(60))), None);
        assert_eq!(
            (expiring_map.take("a", now), expiring_map.take("a", now)),
            (Some(1), None)
        );
        for n in 0..=MAX {
            expiring_map.put("again", n, now);
            expiring_map.put(&n.to_string(), n, now);
        }
        // The oldest entry was evicted; an entry that was inserted again counts as new.
        assert_eq!(
            (expiring_map.get("1", now), expiring_map.get("2", now)),
            (None, Some(2))
        );
        assert_eq!(expiring_map.get("again", now), Some(MAX));
    }
}

//! A bounded memory of things read from a database, that never keeps what a commit has made stale.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache as Inner;

/// Slots of generation counters; two keys that share one only cost each other a read.
const SLOTS: usize = 256;

/// Remembers values by a text key; the ones used longest ago go first.
///
/// Whoever reads from the database takes a [`Ticket`] before, and hands it back with the value: when the key was
/// forgotten in between, the value may be older than the commit and is not kept.
pub struct Cache<V> {
    inner: Inner<String, Arc<V>>,
    generations: Box<[AtomicU64]>,
    hasher: RandomState,
}

/// Generation of a key before a read.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    slot: usize,
    generation: u64,
}

impl<V> fmt::Debug for Cache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

impl<V> Cache<V> {
    /// Remembers up to `capacity` values.
    pub fn new(capacity: usize) -> Self {
        Self {
            inner: Inner::new(capacity),
            generations: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }

    /// The cached value.
    pub fn get(&self, key: &str) -> Option<Arc<V>> {
        self.inner.get(key)
    }

    /// Taken before a read whose result is to be remembered.
    pub fn ticket(&self, key: &str) -> Ticket {
        let slot = self.slot(key);
        Ticket {
            slot,
            generation: self.generations[slot].load(Ordering::SeqCst),
        }
    }

    /// Remembers a value, unless its key was forgotten since the ticket was taken.
    pub fn put(&self, ticket: Ticket, key: String, value: Arc<V>) {
        let fresh = || self.generations[ticket.slot].load(Ordering::SeqCst) == ticket.generation;
        if fresh() {
            self.inner.insert(key.clone(), value);
            if !fresh() {
                self.inner.remove(key.as_str());
            }
        }
    }

    /// Forgets a value, and refuses those that are being read at this moment.
    pub fn forget(&self, key: &str) {
        self.generations[self.slot(key)].fetch_add(1, Ordering::SeqCst);
        self.inner.remove(key);
    }

    /// Forgets everything: for when it is not known what changed.
    pub fn forget_all(&self) {
        self.outdate_all();
        self.inner.clear();
    }

    /// Forgets the values of all keys that begin so.
    pub fn forget_prefix(&self, prefix: &str) {
        self.outdate_all();
        self.inner.retain(|key, _| !key.starts_with(prefix));
    }

    /// Refuses every value that is being read at this moment.
    fn outdate_all(&self) {
        self.generations.iter().for_each(|generation| {
            generation.fetch_add(1, Ordering::SeqCst);
        });
    }

    fn slot(&self, key: &str) -> usize {
        usize::try_from(self.hasher.hash_one(key) % SLOTS as u64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_read_before_a_commit_is_not_kept_after_it() {
        let cache = Cache::new(8);
        let early = cache.ticket("ada");
        cache.forget("ada");
        cache.put(early, "ada".into(), Arc::new(1));
        assert!(cache.get("ada").is_none());
        let later = cache.ticket("ada");
        cache.put(later, "ada".into(), Arc::new(2));
        assert_eq!(cache.get("ada").as_deref(), Some(&2));
        cache.forget_prefix("b");
        assert!(cache.get("ada").is_some());
        cache.forget_prefix("a");
        assert!(cache.get("ada").is_none());
    }
}

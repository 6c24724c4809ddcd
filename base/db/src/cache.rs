//! A bounded cache of values read from a database that never stores values made stale by a commit.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache as Inner;

/// Number of generation counters; if two keys share one, invalidating one key costs at most an extra read of the other.
const SLOTS: usize = 256;

/// Cache with string keys and least-recently-used eviction.
///
/// A reader takes a [`Ticket`] before it reads from the database and passes it to [`Cache::put`] with the value: if the
/// key was invalidated meanwhile, the value may be older than the commit and is not stored.
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
    /// Creates a cache of up to `capacity` values.
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

    /// Must be called before a read whose result is to be cached.
    pub fn ticket(&self, key: &str) -> Ticket {
        let slot = self.slot(key);
        Ticket {
            slot,
            generation: self.generations[slot].load(Ordering::SeqCst),
        }
    }

    /// Stores a value, unless its key was invalidated since the ticket was taken.
    pub fn put(&self, ticket: Ticket, key: String, value: Arc<V>) {
        let fresh = || self.generations[ticket.slot].load(Ordering::SeqCst) == ticket.generation;
        if fresh() {
            self.inner.insert(key.clone(), value);
            if !fresh() {
                self.inner.remove(key.as_str());
            }
        }
    }

    /// Invalidates a key, including values of it that are being read at this moment.
    pub fn forget(&self, key: &str) {
        self.generations[self.slot(key)].fetch_add(1, Ordering::SeqCst);
        self.inner.remove(key);
    }

    /// Invalidates everything: for when it is not known what changed.
    pub fn forget_all(&self) {
        self.outdate_all();
        self.inner.clear();
    }

    /// Invalidates all keys with this prefix.
    pub fn forget_prefix(&self, prefix: &str) {
        self.outdate_all();
        self.inner.retain(|key, _| !key.starts_with(prefix));
    }

    /// Voids all outstanding tickets.
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
    fn a_value_read_before_a_commit_is_not_cached_after_it() {
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

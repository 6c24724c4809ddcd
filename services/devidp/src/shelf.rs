//! What is kept for a while under an unguessable key: bounded, so that nobody can fill the memory.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use kernel::clock::Timestamp;
use parking_lot::Mutex;

/// More than this is not kept: the oldest goes.
const MAX: usize = 4096;

/// Things that expire.
pub(crate) struct Shelf<T> {
    life: Duration,
    inner: Mutex<Inner<T>>,
}

struct Inner<T> {
    things: HashMap<String, (T, Timestamp)>,
    order: VecDeque<String>,
}

impl<T: Clone> Shelf<T> {
    /// An empty shelf for things that live so long.
    pub(crate) fn new(life: Duration) -> Self {
        Self {
            life,
            inner: Mutex::new(Inner {
                things: HashMap::new(),
                order: VecDeque::new(),
            }),
        }
    }

    /// Keeps a thing under a key.
    pub(crate) fn put(&self, key: &str, thing: T, now: Timestamp) {
        self.put_for(key, thing, now, self.life);
    }

    /// Keeps a thing for a time of its own.
    pub(crate) fn put_for(&self, key: &str, thing: T, now: Timestamp, life: Duration) {
        let mut inner = self.inner.lock();
        inner.order.retain(|known| known != key);
        while inner.order.len() >= MAX
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.things.remove(&oldest);
        }
        inner.order.push_back(key.to_owned());
        inner.things.insert(key.to_owned(), (thing, now.plus(life)));
    }

    /// The thing under a key, which stays.
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Option<T> {
        let inner = self.inner.lock();
        let (thing, expires) = inner.things.get(key)?;
        (now < *expires).then(|| thing.clone())
    }

    /// The thing under a key, which is gone then: nothing is taken twice.
    pub(crate) fn take(&self, key: &str, now: Timestamp) -> Option<T> {
        let mut inner = self.inner.lock();
        let (thing, expires) = inner.things.remove(key)?;
        inner.order.retain(|known| known != key);
        (now < expires).then_some(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_expire_are_taken_once_and_do_not_pile_up() {
        let shelf = Shelf::new(Duration::from_secs(60));
        let now = Timestamp::from_millis(0);
        shelf.put("a", 1, now);
        assert_eq!(shelf.get("a", now), Some(1));
        assert_eq!(shelf.get("a", now.plus(Duration::from_secs(60))), None);
        assert_eq!((shelf.take("a", now), shelf.take("a", now)), (Some(1), None));
        for n in 0..=MAX {
            shelf.put("again", n, now);
            shelf.put(&n.to_string(), n, now);
        }
        // The oldest made room, and what was put anew is not old.
        assert_eq!((shelf.get("1", now), shelf.get("2", now)), (None, Some(2)));
        assert_eq!(shelf.get("again", now), Some(MAX));
    }
}

//! Memory budget of requests and replies in flight: bodies, parsed JSON, and replies being sent.
//!
//! Allocations larger than [`SMALL`] are reserved first. A reservation that does not fit waits for a limited time and
//! then fails; one key (a project) may hold at most half of the budget, so that it cannot block the others.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// Size in bytes up to which no reservation is needed: the number of connections is limited, and most requests are
/// smaller.
pub const SMALL: usize = 16 << 10;

/// The budget is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

/// A shared budget of bytes. Cheap to clone.
#[derive(Clone)]
pub struct Budget(Arc<Inner>);

struct Inner {
    limit: usize,
    used: Mutex<Used>,
    freed: Notify,
}

#[derive(Default)]
struct Used {
    total: usize,
    by_key: HashMap<Arc<str>, usize>,
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("limit", &self.0.limit)
            .field("used", &self.used())
            .finish()
    }
}

impl Budget {
    /// Creates a budget of `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Inner {
            limit,
            used: Mutex::default(),
            freed: Notify::new(),
        }))
    }

    /// Number of bytes reserved now.
    pub fn used(&self) -> usize {
        self.0.used.lock().total
    }

    /// Maximum number of bytes per key: half of the limit.
    pub fn share(&self) -> usize {
        self.0.limit / 2
    }

    /// Reserves bytes for a key without waiting.
    ///
    /// # Errors
    /// [`Exhausted`] if they do not fit; nothing is reserved then.
    pub fn try_reserve(&self, key: &str, bytes: usize) -> Result<Reservation, Exhausted> {
        let mut used = self.0.used.lock();
        let own = used.by_key.get(key).copied().unwrap_or(0);
        if used.total.saturating_add(bytes) > self.0.limit || own.saturating_add(bytes) > self.share() {
            return Err(Exhausted);
        }
        Ok(self.add(&mut used, key, bytes))
    }

    /// Reserves bytes for a key even beyond the limit: for memory that is allocated already.
    pub fn force(&self, key: &str, bytes: usize) -> Reservation {
        self.add(&mut self.0.used.lock(), key, bytes)
    }

    /// Reserves bytes for a key, waiting until they fit.
    ///
    /// # Errors
    /// [`Exhausted`] after `patience`, or at once if more than [`Budget::share`] is requested.
    pub async fn reserve(&self, key: &str, bytes: usize, patience: Duration) -> Result<Reservation, Exhausted> {
        if bytes > self.share() {
            return Err(Exhausted);
        }
        let waiting = async {
            loop {
                let freed = self.0.freed.notified();
                tokio::pin!(freed);
                // Subscribes before checking, so that no release is missed.
                freed.as_mut().enable();
                if let Ok(reservation) = self.try_reserve(key, bytes) {
                    return reservation;
                }
                freed.await;
            }
        };
        tokio::time::timeout(patience, waiting).await.map_err(|_| Exhausted)
    }

    fn add(&self, used: &mut Used, key: &str, bytes: usize) -> Reservation {
        let key = match used.by_key.get_key_value(key) {
            Some((key, _)) => Arc::clone(key),
            None => Arc::from(key),
        };
        *used.by_key.entry(Arc::clone(&key)).or_default() += bytes;
        used.total += bytes;
        Reservation {
            budget: self.clone(),
            key,
            bytes,
        }
    }
}

/// A buffer with the reservation of its memory: both are passed on together, from the act that fills the buffer to the
/// reply that sends it.
#[derive(Debug, Default)]
pub struct ReservedBytes {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The reservation; none for a small buffer.
    pub reservation: Option<Reservation>,
}

impl From<Vec<u8>> for ReservedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        let reservation = None;
        Self { bytes, reservation }
    }
}

impl std::ops::Deref for ReservedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reserved bytes; released on drop.
#[must_use = "the bytes are given back when it is dropped"]
pub struct Reservation {
    budget: Budget,
    key: Arc<str>,
    bytes: usize,
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Reservation {
    /// Number of reserved bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reserves more bytes without waiting.
    ///
    /// # Errors
    /// [`Exhausted`] if they do not fit; the reservation is unchanged then.
    pub fn grow(&mut self, more: usize) -> Result<(), Exhausted> {
        let mut grown = self.budget.try_reserve(&self.key, more)?;
        self.bytes += std::mem::take(&mut grown.bytes);
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let inner = &self.budget.0;
        {
            let mut used = inner.used.lock();
            used.total = used.total.saturating_sub(self.bytes);
            if let Some(own) = used.by_key.get_mut(&self.key) {
                *own = own.saturating_sub(self.bytes);
                if *own == 0 {
                    used.by_key.remove(&self.key);
                }
            }
        }
        inner.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_can_reserve_half_and_dropped_reservations_are_freed() {
        let budget = Budget::new(100);
        let held = budget.try_reserve("a", 50).expect("room");
        assert_eq!(budget.try_reserve("a", 1).err(), Some(Exhausted));
        let mut other = budget.try_reserve("b", 40).expect("room for another");
        assert_eq!(other.grow(11), Err(Exhausted));
        assert_eq!(other.grow(10), Ok(()));
        assert_eq!(budget.used(), 100);
        drop(held);
        assert_eq!(budget.used(), 50);
        drop(other);
        assert_eq!(budget.used(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn waiters_get_freed_memory_or_time_out() {
        let budget = Budget::new(100);
        let held = budget.force("a", 200);
        let patience = Duration::from_secs(5);
        assert_eq!(budget.reserve("b", 10, patience).await.err(), Some(Exhausted));
        let waiting = tokio::spawn({
            let budget = budget.clone();
            async move { budget.reserve("b", 10, patience).await.is_ok() }
        });
        tokio::task::yield_now().await;
        drop(held);
        assert!(waiting.await.expect("it ends"));
        assert_eq!(
            budget.reserve("b", 51, patience).await.err(),
            Some(Exhausted),
            "more than its share"
        );
    }
}

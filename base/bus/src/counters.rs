//! Counters in fixed windows, for rate limits.

use std::sync::Arc;
use std::time::Duration;

use kernel::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::remote::{Remote, means_lost};
use crate::table::Table;

/// Time limit for a Redis reply; after it the request uses this node's own count.
const TIMEOUT: Duration = Duration::from_millis(250);

/// State of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Hits in this window, including the current one.
    pub used: u64,
    /// End of the window, when the counter restarts at 0.
    pub resets_at: Timestamp,
}

/// Counts hits by key, in windows that start at whole multiples of their length.
///
/// This node always keeps its own count, in a table of bounded size. If the bus runs over Redis, Redis keeps the total
/// of all nodes, and the higher of the two counts is returned. While Redis is unreachable, limits apply per node and no
/// request is refused because of it.
#[derive(Clone)]
pub struct Counters {
    table: Arc<Table>,
    remote: Option<Arc<Remote>>,
}

impl Counters {
    pub(crate) fn new(remote: Option<Arc<Remote>>) -> Self {
        Self {
            table: Arc::new(Table::new()),
            remote,
        }
    }

    /// Counts one hit and returns the new count. A window of 0 seconds counts as one second.
    pub async fn hit(&self, key: &str, window_secs: u64, now: Timestamp) -> Count {
        let window = Window::at(window_secs, now);
        let own = self.table.hit(key, window.secs, window.ends, now.seconds());
        window.count(own.max(self.shared(key, window, now, Act::Hit).await))
    }

    /// Returns the current count without adding a hit.
    pub async fn peek(&self, key: &str, window_secs: u64, now: Timestamp) -> Count {
        let window = Window::at(window_secs, now);
        let own = self.table.peek(key, window.secs, window.ends);
        window.count(own.max(self.shared(key, window, now, Act::Peek).await))
    }

    /// Total of all nodes, or 0 if Redis cannot be reached now.
    async fn shared(&self, key: &str, window: Window, now: Timestamp, act: Act) -> u64 {
        let Some(remote) = &self.remote else { return 0 };
        let Some(mut live) = remote.link.current() else {
            return 0;
        };
        let name = window.name(&remote.identity.prefix, key);
        let mut pipeline = redis::pipe();
        match act {
            Act::Hit => {
                // INCR and its expiry run atomically: a count that never expires would lock its key out permanently.
                // The lifetime exceeds the window by 10 s to allow for clock differences.
                let lifetime = window.ends - now.seconds() + 10;
                pipeline
                    .atomic()
                    .cmd("INCR")
                    .arg(&name)
                    .cmd("EXPIRE")
                    .arg(&name)
                    .arg(lifetime)
                    .ignore();
            }
            Act::Peek => {
                pipeline.cmd("GET").arg(&name);
            }
        }
        let answer = pipeline.query_async::<(Option<u64>,)>(&mut live.connection);
        match tokio::time::timeout(TIMEOUT, answer).await {
            Ok(Ok((used,))) => used.unwrap_or(0),
            Ok(Err(error)) if !means_lost(&error) => {
                tracing::debug!(%error, "the bus server refuses to count");
                0
            }
            // The connection is dropped, so that the next request does not wait for it again.
            _ => {
                remote.link.lost(&live);
                0
            }
        }
    }
}

enum Act {
    Hit,
    Peek,
}

#[derive(Clone, Copy)]
struct Window {
    secs: u64,
    ends: i64,
}

impl Window {
    fn at(secs: u64, now: Timestamp) -> Self {
        let length = i64::try_from(secs.max(1)).unwrap_or(i64::MAX);
        let start = now.seconds().div_euclid(length).saturating_mul(length);
        Self {
            secs: length.unsigned_abs(),
            ends: start.saturating_add(length),
        }
    }

    fn count(self, used: u64) -> Count {
        Count {
            used,
            resets_at: Timestamp::from_millis(self.ends.saturating_mul(1000)),
        }
    }

    /// Name of the counter in Redis. The key is hashed because it contains personal data (addresses) and has any
    /// length.
    fn name(self, prefix: &str, key: &str) -> String {
        let digest = Sha256::digest(key.as_bytes());
        let short = digest.get(..16).unwrap_or_default();
        format!("{prefix}count:{}:{}:{}", hex::encode(short), self.secs, self.ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000 + 999)
    }

    #[tokio::test]
    async fn windows_start_at_multiples_of_their_length() {
        let counters = Counters::new(None);
        let first = counters.hit("k", 3600, second(7_199)).await;
        assert_eq!(
            first,
            Count {
                used: 1,
                resets_at: Timestamp::from_millis(7_200_000)
            }
        );
        assert_eq!(counters.hit("k", 3600, second(3_600)).await.used, 2);
        assert_eq!(counters.peek("k", 3600, second(3_600)).await.used, 2);
        let next = counters.hit("k", 3600, second(7_200)).await;
        assert_eq!(
            next,
            Count {
                used: 1,
                resets_at: Timestamp::from_millis(10_800_000)
            }
        );
    }

    #[tokio::test]
    async fn no_length_is_too_short_or_too_long() {
        let counters = Counters::new(None);
        assert_eq!(
            counters.hit("k", 0, second(5)).await.resets_at,
            Timestamp::from_millis(6_000)
        );
        assert_eq!(counters.hit("k", u64::MAX, second(5)).await.used, 1);
        assert_eq!(counters.hit("k", u64::MAX, second(9)).await.used, 2);
    }
}

//! Counters in fixed windows, for rate limits.

use std::sync::Arc;
use std::time::Duration;

use kernel::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::remote::{Remote, means_lost};
use crate::table::Table;

/// Time limit for Redis; after it a request uses this node's own counter.
const PATIENCE: Duration = Duration::from_millis(250);

/// State of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Hits in this window, the present one included.
    pub used: u64,
    /// End of the window, when the counter starts afresh.
    pub resets_at: Timestamp,
}

/// Counts hits by key, in windows that start at whole multiples of their length.
///
/// This node always counts for itself, in a table of bounded size. Where the bus is shared, so are the counts: the higher
/// of the two is the answer. Without Redis a limit then holds for each node, and nobody is turned away for its absence.
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

    /// Counts one hit, and says how many there are now. A window of no length counts as one second.
    pub async fn hit(&self, key: &str, window_secs: u64, now: Timestamp) -> Count {
        let window = Window::at(window_secs, now);
        let own = self.table.hit(key, window.secs, window.ends, now.seconds());
        window.count(own.max(self.shared(key, window, now, Act::Hit).await))
    }

    /// Says how many hits there are, without one.
    pub async fn peek(&self, key: &str, window_secs: u64, now: Timestamp) -> Count {
        let window = Window::at(window_secs, now);
        let own = self.table.peek(key, window.secs, window.ends);
        window.count(own.max(self.shared(key, window, now, Act::Peek).await))
    }

    /// The count of all nodes together, or 0 when it cannot be had now.
    async fn shared(&self, key: &str, window: Window, now: Timestamp, act: Act) -> u64 {
        let Some(remote) = &self.remote else { return 0 };
        let Some(mut live) = remote.link.current() else {
            return 0;
        };
        let name = window.name(&remote.identity.prefix, key);
        let mut pipeline = redis::pipe();
        match act {
            Act::Hit => {
                // Both or neither: a count that never expires would lock its key out for good. A little longer than
                // the window, as no two clocks agree.
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
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok((used,))) => used.unwrap_or(0),
            Ok(Err(error)) if !means_lost(&error) => {
                tracing::debug!(%error, "the bus server refuses to count");
                0
            }
            // Given up as a whole: the next request does not wait for it again.
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

    /// The counter's name for all nodes. The key is hashed: it holds addresses of people, and can be of any length.
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

//! Settings of a worker.

use std::time::Duration;

/// Settings of a worker. The defaults suit mail and webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Maximum number of running jobs.
    pub concurrency: usize,
    /// Maximum number of running jobs per database, so that no database blocks the others.
    pub per_database: usize,
    /// Lease: a job without a heartbeat for this long is taken again.
    pub lease: Duration,
    /// Number of attempts before a job is marked dead.
    pub tries: u32,
    /// Delay after the first failure; doubled after each further one, with a jitter of ±25 %.
    pub backoff: Duration,
    /// Maximum delay between attempts.
    pub longest: Duration,
    /// Interval of scans for jobs of crashed processes, if several share the databases.
    pub scan: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 16,
            per_database: 8,
            lease: Duration::from_secs(60),
            tries: 10,
            backoff: Duration::from_secs(2),
            longest: Duration::from_secs(60 * 60),
            scan: Duration::from_secs(60),
        }
    }
}

impl Options {
    /// Delay after a number of failures; `chance` (0 to 255) is the jitter.
    pub(crate) fn wait(&self, failures: u32, chance: u8) -> Duration {
        let doubled = self
            .backoff
            .saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
        let spread = 75 + u32::from(chance) * 50 / 255;
        doubled.min(self.longest).saturating_mul(spread) / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_a_maximum_with_jitter() {
        let options = Options::default();
        assert_eq!(options.wait(1, 0), Duration::from_millis(1500));
        assert_eq!(options.wait(1, 255), Duration::from_millis(2500));
        assert_eq!(options.wait(3, 0), Duration::from_secs(6));
        for failures in [12, 32, 33, u32::MAX] {
            assert_eq!(options.wait(failures, 255), Duration::from_secs(75 * 60));
        }
    }
}

//! File descriptors: the limit of the process, and its division between connections and databases.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors for everything else: log, listener, event queue, mail, bus, remote pictures.
const RESERVE: u64 = 48;
/// Descriptors of an open SQLite database: the file and its log for the writer, a reader and a second reader, and the
/// shared memory of each.
const OF_DATABASE: u64 = 9;
/// Limit below which a warning is given: enough for a thousand clients and the usual number of open databases.
pub(crate) const ENOUGH: u64 = 2048;

/// What the limit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// Connections of clients.
    pub(crate) connections: usize,
    /// Open SQLite databases.
    pub(crate) databases: usize,
    /// Idle read connections of each.
    pub(crate) idle_readers: usize,
}

/// Raises the limit of the process as far as it may, and returns it.
pub(crate) fn raise() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // If it is refused, the lower limit stays.
    let _ = setrlimit(Resource::Nofile, raised);
    current()
}

/// The limit of the process.
pub(crate) fn current() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Divides a limit: half for connections, a third for databases, a rest for what is opened for a moment.
pub(crate) fn share(limit: u64) -> Share {
    let usable = limit.saturating_sub(RESERVE);
    let bounded = |count: u64, least: u64, most: u64| usize::try_from(count.clamp(least, most)).unwrap_or(usize::MAX);
    Share {
        connections: bounded(usable / 2, 8, 10_000),
        databases: bounded(usable / 3 / OF_DATABASE, 2, 64),
        idle_readers: if limit < ENOUGH { 2 } else { 16 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shares_fit_into_the_limit() {
        for limit in [128, 256, 1024, 4096, 1 << 20, u64::MAX] {
            let share = share(limit);
            let used = share.connections as u64 + share.databases as u64 * OF_DATABASE + RESERVE;
            assert!(used <= limit, "{limit}: {share:?}");
        }
        assert_eq!(share(1 << 20).connections, 10_000);
        assert_eq!(share(1 << 20).databases, 64);
    }
}

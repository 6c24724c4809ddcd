//! Settings of the engine: where the data is, and the bounds it works within.

use std::path::PathBuf;
use std::time::Duration;

/// Location of the databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settings {
    /// Files of SQLite, one a database, named `<name>.db`.
    Sqlite {
        /// The folder that holds them; made if it is not there.
        folder: PathBuf,
    },
    /// Schemas of one PostgreSQL database, named `ferrite_<name>`.
    Postgres {
        /// `postgres://user:password@host:port/database?sslmode=disable`. TLS is not built in: `sslmode=require` stops
        /// the start. `schema_prefix=…` replaces `ferrite_`, so that installations can share one database.
        url: String,
        /// Maximum number of connections, each with a thread of its own, opened on demand.
        connections: usize,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self::Sqlite {
            folder: PathBuf::from("./data/projects"),
        }
    }
}

impl Settings {
    /// Default number of PostgreSQL connections.
    pub const CONNECTIONS: usize = 16;
}

/// Bounds of the engine. The defaults suit a small machine.
#[derive(Debug, Clone)]
pub struct Options {
    /// An act that waited longer than this is refused with [`crate::Error::Busy`] and not done.
    pub wait: Duration,
    /// Acts that may wait at once, for one SQLite writer, or for the readers, or for PostgreSQL's connections.
    pub queue: usize,
    /// Acts that share one commit at most.
    pub group: usize,
    /// SQLite databases held open at once; the one used longest ago is closed first.
    pub open: usize,
    /// A SQLite database that nobody used for this long is closed.
    pub idle: Duration,
    /// Reader threads for all SQLite databases together; more than cores, so that one long read does not hold up others.
    pub readers: usize,
    /// Time limit of one read; after it the engine stops it with [`crate::Error::TooSlow`].
    pub read: Duration,
    /// Age to which entries of a change log are kept.
    pub log_age: Duration,
    /// Bytes of a change log above which entries are dropped that every consumer has dealt with.
    pub log_bytes: u64,
    /// Bytes of a change log above which its oldest entries are dropped, dealt with or not.
    pub log_most: u64,
    /// The memory of what acts read into replies, shared with those who send them.
    pub memory: memory::Budget,
}

impl Options {
    /// Bounds of a pool of threads that serve all databases: one database has half of the threads and of the queue.
    pub(crate) fn pool(&self, name: &'static str, threads: usize) -> thread_pool::Options {
        thread_pool::Options {
            name,
            threads,
            per_key: threads.div_ceil(2),
            queue: self.queue,
            queue_per_key: self.queue.div_ceil(2),
            idle: self.idle,
            stack: 1 << 20,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(5),
            queue: 4096,
            group: 256,
            open: 64,
            idle: Duration::from_secs(120),
            readers: std::thread::available_parallelism().map_or(2, usize::from).clamp(4, 16),
            read: Duration::from_secs(15),
            log_age: Duration::from_secs(24 * 60 * 60),
            log_bytes: 64 << 20,
            log_most: 256 << 20,
            memory: memory::Budget::new(64 << 20),
        }
    }
}

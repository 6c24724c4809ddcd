//! Settings of the engine: location of the data, and limits.

use std::path::PathBuf;
use std::time::Duration;

/// Location of the databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settings {
    /// SQLite files, one per database, named `<name>.db`.
    Sqlite {
        /// Folder of the files; created if missing.
        folder: PathBuf,
    },
    /// Schemas of one PostgreSQL database, named `ferrite_<name>`.
    Postgres {
        /// `postgres://user:password@host:port/database?sslmode=disable`. TLS is not supported: `sslmode=require` is an
        /// error at startup. `schema_prefix=…` replaces `ferrite_`, so that installations can share one database.
        url: String,
        /// Maximum number of connections, each with its own thread, opened on demand.
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

/// Limits of the engine. The defaults suit a small machine.
#[derive(Debug, Clone)]
pub struct Options {
    /// Maximum time in the queue; an act that waited longer fails with [`crate::Error::Busy`] and is not executed.
    pub wait: Duration,
    /// Maximum number of acts in a queue: of one SQLite writer, of the readers, or of PostgreSQL's connections.
    pub queue: usize,
    /// Maximum number of acts that share one commit.
    pub group: usize,
    /// Maximum number of open SQLite databases; the least recently used one is closed first.
    pub open: usize,
    /// Maximum number of idle read connections that an open SQLite database keeps, each with two file descriptors.
    pub idle_readers: usize,
    /// Idle time after which a SQLite database is closed.
    pub idle: Duration,
    /// Number of reader threads for all SQLite databases; more than cores, so that one long read does not block others.
    pub readers: usize,
    /// Time limit of one read, which then fails with [`crate::Error::TooSlow`].
    pub read: Duration,
    /// Time limit of a write on PostgreSQL: of each of its statements, which then fails with [`crate::Error::TooSlow`],
    /// and of the whole, whose caller then gets [`crate::Error::OutcomeUnknown`].
    pub act: Duration,
    /// Maximum age of entries of a change log.
    pub log_age: Duration,
    /// Size of a change log in bytes above which entries that every consumer has processed are dropped.
    pub log_bytes: u64,
    /// Size of a change log in bytes above which its oldest entries are dropped, processed or not.
    pub log_most: u64,
    /// Memory budget for replies, shared between the acts that read them and the code that sends them.
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
            idle_readers: 16,
            idle: Duration::from_secs(120),
            readers: std::thread::available_parallelism().map_or(2, usize::from).clamp(4, 16),
            read: Duration::from_secs(15),
            act: Duration::from_secs(60),
            log_age: Duration::from_secs(24 * 60 * 60),
            log_bytes: 64 << 20,
            log_most: 256 << 20,
            memory: memory::Budget::new(64 << 20),
        }
    }
}

//! Effects of a durable act, as listeners receive them.

use kernel::Event;

use crate::log::Position;

/// An entry of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Position in the log of its database.
    pub position: Position,
    /// The event.
    pub event: Event,
    /// Approximate size in the log, in bytes.
    pub size: usize,
}

/// Effects of a durable act, as listeners receive them.
#[derive(Debug)]
pub struct Commit<'a> {
    /// The name of the database.
    pub database: &'a str,
    /// Emitted events in order, up to [`Commit::EVENTS`] and [`Commit::BYTES`].
    pub events: &'a [Recorded],
    /// Set if the act emitted more events than `events` holds; the rest are in the change log.
    pub more: bool,
    /// Approximate number of bytes that the act added to the change log.
    pub logged: usize,
    /// Whether the act enqueued jobs.
    pub jobs: bool,
    /// Stale cache entries: see [`crate::Tx::note`].
    pub notes: &'a [Note],
}

impl Commit<'_> {
    /// Maximum number of events passed to listeners; an act on a million rows does not keep all of them in memory.
    pub const EVENTS: usize = 1000;
    /// Maximum total size of their payloads, in bytes.
    pub const BYTES: usize = 4 << 20;
}

/// Invalidation of a cached key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Topic that caches subscribe to.
    pub topic: &'static str,
    /// Key of the stale entry.
    pub key: String,
}

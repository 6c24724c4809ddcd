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
    /// Bytes that it takes in the log, about.
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
    /// Bytes that it added to the change log, about.
    pub logged: usize,
    /// Whether the act enqueued jobs.
    pub jobs: bool,
    /// Stale cache entries: see [`crate::Tx::note`].
    pub notes: &'a [Note],
}

impl Commit<'_> {
    /// Events that an act hands on at most; an act on a million rows does not hold them all.
    pub const EVENTS: usize = 1000;
    /// Bytes of their payloads at most.
    pub const BYTES: usize = 4 << 20;
}

/// Something that changed, for those who remember it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Kind of thing.
    pub topic: &'static str,
    /// Key of the thing.
    pub key: String,
}

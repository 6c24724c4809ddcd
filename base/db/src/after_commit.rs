//! Effects to run after commit: hooks, counters, events, jobs and cache invalidations.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use crate::{Note, Recorded};

type Hook = Box<dyn FnOnce() + Send>;

/// Effects to run after commit.
#[derive(Default)]
pub(crate) struct AfterCommit {
    pub(crate) hooks: Vec<Hook>,
    pub(crate) tallies: Vec<(Arc<AtomicI64>, i64)>,
    pub(crate) events: Vec<Recorded>,
    /// Total size of the events, in bytes.
    pub(crate) bytes: usize,
    pub(crate) more: bool,
    pub(crate) jobs: bool,
    pub(crate) notes: Vec<Note>,
}

/// Lengths of the effect lists at a savepoint.
pub(crate) struct Savepoint {
    hooks: usize,
    tallies: Vec<(Arc<AtomicI64>, i64)>,
    events: usize,
    bytes: usize,
    more: bool,
    jobs: bool,
    notes: usize,
}

impl AfterCommit {
    /// Adds `more` to the counter's pending sum.
    pub(crate) fn tally(&mut self, counter: &Arc<AtomicI64>, more: i64) {
        match self.tallies.iter_mut().find(|(known, _)| Arc::ptr_eq(known, counter)) {
            Some((_, sum)) => *sum += more,
            None => self.tallies.push((Arc::clone(counter), more)),
        }
    }

    /// Records the lengths of the effect lists.
    pub(crate) fn savepoint(&self) -> Savepoint {
        Savepoint {
            hooks: self.hooks.len(),
            tallies: self.tallies.clone(),
            events: self.events.len(),
            bytes: self.bytes,
            more: self.more,
            jobs: self.jobs,
            notes: self.notes.len(),
        }
    }

    /// Removes effects added after the savepoint.
    pub(crate) fn roll_back_to(&mut self, savepoint: Savepoint) {
        self.hooks.truncate(savepoint.hooks);
        self.tallies = savepoint.tallies;
        self.events.truncate(savepoint.events);
        self.bytes = savepoint.bytes;
        self.more = savepoint.more;
        self.jobs = savepoint.jobs;
        self.notes.truncate(savepoint.notes);
    }
}

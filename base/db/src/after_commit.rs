//! Effects to run after commit: hooks, counters, events, jobs and cache invalidations.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::shared::Shared;
use crate::{Commit, Note, Recorded};

type Hook = Box<dyn FnOnce() + Send>;

/// Effects to run after commit.
#[derive(Default)]
pub(crate) struct AfterCommit {
    pub(crate) hooks: Vec<Hook>,
    tallies: Vec<(Arc<AtomicI64>, i64)>,
    pub(crate) events: Vec<Recorded>,
    /// Of all entries together.
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
    /// Adds to a counter, once.
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

    /// Forgets what came after a mark.
    pub(crate) fn roll_back_to(&mut self, savepoint: Savepoint) {
        self.hooks.truncate(savepoint.hooks);
        self.tallies = savepoint.tallies;
        self.events.truncate(savepoint.events);
        self.bytes = savepoint.bytes;
        self.more = savepoint.more;
        self.jobs = savepoint.jobs;
        self.notes.truncate(savepoint.notes);
    }

    /// Tells everyone who waits for this commit. A listener that panics is logged, and does not undo what is durable.
    pub(crate) fn run(self, database: &str, shared: &Shared) {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for (counter, sum) in self.tallies {
                counter.fetch_add(sum, Ordering::Relaxed);
            }
            self.hooks.into_iter().for_each(|hook| hook());
            if self.jobs || !self.events.is_empty() || !self.notes.is_empty() {
                let commit = Commit {
                    database,
                    events: &self.events,
                    more: self.more,
                    logged: self.bytes,
                    jobs: self.jobs,
                    notes: &self.notes,
                };
                shared.listeners.read().iter().for_each(|listener| listener(&commit));
            }
        }));
        if let Err(panic) = result {
            tracing::error!(
                database,
                message = crate::act::message(&*panic),
                "a hook after a commit panicked"
            );
        }
    }
}

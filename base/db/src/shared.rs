//! State shared by both engines: clock, limits, migrations, commit listeners.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use kernel::Clock;
use parking_lot::RwLock;

use crate::after_commit::AfterCommit;
use crate::{Commit, Migrations, Options};

type Listener = Box<dyn Fn(&Commit<'_>) + Send + Sync>;

pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    pub(crate) migrations: Migrations,
    pub(crate) listeners: RwLock<Vec<Listener>>,
}

impl Shared {
    pub(crate) fn new(clock: Clock, options: Options, migrations: Migrations) -> Arc<Self> {
        Arc::new(Self {
            clock,
            options,
            migrations,
            listeners: RwLock::default(),
        })
    }

    /// Runs the effects of a commit and its listeners. A panic of a listener is logged; the commit stays durable.
    pub(crate) fn committed(&self, database: &str, act: AfterCommit) {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for (counter, sum) in act.tallies {
                counter.fetch_add(sum, Ordering::Relaxed);
            }
            act.hooks.into_iter().for_each(|hook| hook());
            if act.jobs || !act.events.is_empty() || !act.notes.is_empty() {
                let commit = Commit {
                    database,
                    events: &act.events,
                    more: act.more,
                    logged: act.bytes,
                    jobs: act.jobs,
                    notes: &act.notes,
                };
                self.listeners.read().iter().for_each(|listener| listener(&commit));
            }
        }));
        if let Err(panic) = result {
            tracing::error!(
                database,
                message = crate::panics::message(&*panic),
                "a hook after a commit panicked"
            );
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

//! Databases that may have jobs, and the next time to look into each.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kernel::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// The databases to look into. Commits call from database threads; the worker's loop listens.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    called: Mutex<BTreeSet<Arc<str>>>,
    bell: Notify,
}

impl Calls {
    /// Asks for a look into a database.
    pub(crate) fn call(&self, database: &str) {
        let mut called = self.called.lock();
        if !called.contains(database) {
            called.insert(database.into());
        }
        drop(called);
        self.bell.notify_one();
    }

    /// Rings without a name: something else changed.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits for the next ring.
    pub(crate) async fn heard(&self) {
        self.bell.notified().await;
    }

    /// One database that was called for.
    pub(crate) fn take(&self) -> Option<Arc<str>> {
        self.called.lock().pop_first()
    }
}

/// Number of running jobs by database.
#[derive(Debug, Clone, Default)]
pub(crate) struct Busy(Arc<Mutex<HashMap<Arc<str>, usize>>>);

/// A job that runs, until it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    busy: Busy,
    database: Arc<str>,
}

impl Busy {
    /// Number of running jobs of a database.
    pub(crate) fn of(&self, database: &str) -> usize {
        self.0.lock().get(database).copied().unwrap_or_default()
    }

    /// Counts one more.
    pub(crate) fn enter(&self, database: &Arc<str>) -> Permit {
        *self.0.lock().entry(database.clone()).or_default() += 1;
        Permit {
            busy: self.clone(),
            database: database.clone(),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut busy = self.busy.0.lock();
        if let Some(count) = busy.get_mut(&self.database) {
            *count -= 1;
            if *count == 0 {
                busy.remove(&self.database);
            }
        }
    }
}

/// Databases by the instant at which their next job is due.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    by_time: BTreeSet<(Timestamp, Arc<str>)>,
    by_name: HashMap<Arc<str>, Timestamp>,
}

impl Agenda {
    /// Notes when to look into a database next, or never.
    pub(crate) fn set(&mut self, database: &Arc<str>, due: Option<Timestamp>) {
        if let Some(old) = self.by_name.remove(database) {
            self.by_time.remove(&(old, database.clone()));
        }
        if let Some(due) = due {
            self.by_name.insert(database.clone(), due);
            self.by_time.insert((due, database.clone()));
        }
    }

    /// The earliest instant noted.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(due, _)| *due)
    }

    /// Takes one database whose instant has come.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Arc<str>> {
        let (due, database) = self.by_time.first().cloned()?;
        if due > now {
            return None;
        }
        self.set(&database, None);
        Some(database)
    }
}

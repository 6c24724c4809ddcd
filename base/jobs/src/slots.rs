//! Databases that may have jobs, and the time of the next check of each.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kernel::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// Databases to check for jobs. Commit listeners add them from database threads; the worker's loop takes them.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    databases: Mutex<BTreeSet<Arc<str>>>,
    wake: Notify,
}

impl Requests {
    /// Requests a check of a database.
    pub(crate) fn request(&self, database: &str) {
        let mut databases = self.databases.lock();
        if !databases.contains(database) {
            databases.insert(database.into());
        }
        drop(databases);
        self.wake.notify_one();
    }

    /// Wakes the worker's loop without a database.
    pub(crate) fn notify(&self) {
        self.wake.notify_one();
    }

    /// Waits for the next wake-up.
    pub(crate) async fn notified(&self) {
        self.wake.notified().await;
    }

    /// Takes one database to check.
    pub(crate) fn take(&self) -> Option<Arc<str>> {
        self.databases.lock().pop_first()
    }
}

/// Number of running jobs by database.
#[derive(Debug, Clone, Default)]
pub(crate) struct Busy(Arc<Mutex<HashMap<Arc<str>, usize>>>);

/// Counts a running job until dropped.
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

    /// Increments the count.
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

/// Databases by the due time of their next job.
#[derive(Debug, Default)]
pub(crate) struct DueTimes {
    by_time: BTreeSet<(Timestamp, Arc<str>)>,
    by_name: HashMap<Arc<str>, Timestamp>,
}

impl DueTimes {
    /// Sets the time of the next check of a database; none removes it.
    pub(crate) fn set(&mut self, database: &Arc<str>, due: Option<Timestamp>) {
        if let Some(old) = self.by_name.remove(database) {
            self.by_time.remove(&(old, database.clone()));
        }
        if let Some(due) = due {
            self.by_name.insert(database.clone(), due);
            self.by_time.insert((due, database.clone()));
        }
    }

    /// The earliest due time.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(due, _)| *due)
    }

    /// Takes one database whose job is due.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Arc<str>> {
        let (due, database) = self.by_time.first().cloned()?;
        if due > now {
            return None;
        }
        self.set(&database, None);
        Some(database)
    }
}

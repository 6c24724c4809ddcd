//! Counters in memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use db::{Engine, Tx};
use parking_lot::Mutex;

use super::metric::Metric;
use super::storage::stored;
use super::store::{self, Counters, measure};
use crate::Result;

/// Counts of changes to one table's rows that are not yet stored.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    reads: AtomicI64,
    writes: Arc<AtomicI64>,
    rows: Arc<AtomicI64>,
}

impl Counts {
    /// Counts read rows.
    pub(crate) fn read(&self, rows: i64) {
        self.reads.fetch_add(rows, Ordering::Relaxed);
    }

    /// Counts a written row, and the change of the number of rows by `more`, once the transaction is committed.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, more: i64) {
        tx.tally(&self.writes, 1);
        tx.tally(&self.rows, more);
    }

    fn take(&self) -> Counters {
        Counters {
            reads: self.reads.swap(0, Ordering::Relaxed),
            writes: self.writes.swap(0, Ordering::Relaxed),
            rows: self.rows.swap(0, Ordering::Relaxed),
        }
    }

    /// Adds back counts that could not be stored.
    fn add_back(&self, counters: &Counters) {
        self.reads.fetch_add(counters.reads, Ordering::Relaxed);
        self.writes.fetch_add(counters.writes, Ordering::Relaxed);
        self.rows.fetch_add(counters.rows, Ordering::Relaxed);
    }
}

/// Number of a table's database, and of the table.
type CounterKey = (i64, i64);

/// Counters of all tables in use. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<HashMap<Arc<str>, OfProject>>>);

#[derive(Debug, Default)]
struct OfProject {
    tables: HashMap<CounterKey, Arc<Counts>>,
    /// Day of the last measurement of storage, in days since 1970.
    measured: i64,
}

impl Meter {
    /// The counters of a table.
    pub(crate) fn of(&self, project: &Arc<str>, database: i64, table: i64) -> Arc<Counts> {
        let mut projects = self.0.lock();
        let tables = &mut projects.entry(Arc::clone(project)).or_default().tables;
        Arc::clone(tables.entry((database, table)).or_default())
    }

    /// Stores the counts of all projects.
    pub async fn flush_all(&self, engine: &Engine) {
        let projects: Vec<Arc<str>> = self.0.lock().keys().cloned().collect();
        for project in projects {
            if let Err(error) = self.flush(engine, &project).await {
                tracing::warn!(error = &error as &dyn std::error::Error, %project, "usage cannot be stored");
            }
        }
    }

    /// Stores the counts of a project; once a day, if there were any, also measures its storage.
    pub async fn flush(&self, engine: &Engine, project: &str) -> Result<()> {
        let taken = self.take(project);
        if taken.is_empty() {
            return Ok(());
        }
        let database = engine.database(project);
        let deltas: Vec<(CounterKey, Counters)> = taken.iter().map(|(key, _, counters)| (*key, *counters)).collect();
        let written = database.write(move |tx| store::add_all(tx, &deltas)).await;
        if let Err(error) = written {
            match error {
                // The database was deleted meanwhile: the counts are dropped.
                crate::Error::Db(db::Error::NoSuchDatabase(_)) => drop(self.0.lock().remove(project)),
                _ => taken.iter().for_each(|(_, counts, counters)| counts.add_back(counters)),
            }
            return Err(error);
        }
        let today = engine.clock().now().millis() / 86_400_000;
        if self.is_measured(project, today) {
            return Ok(());
        }
        let bytes = database.read(stored).await?;
        database.write(move |tx| measure(tx, &bytes)).await
    }

    /// Takes the counts of a project, which are zero afterwards. Unused tables are dropped.
    fn take(&self, project: &str) -> Vec<(CounterKey, Arc<Counts>, Counters)> {
        let mut projects = self.0.lock();
        let Some(own) = projects.get_mut(project) else {
            return Vec::new();
        };
        let taken = own.tables.iter().filter_map(|(key, counts)| {
            let counters = counts.take();
            (counters != Counters::default()).then(|| (*key, Arc::clone(counts), counters))
        });
        let taken: Vec<_> = taken.collect();
        own.tables.retain(|_, counts| Arc::strong_count(counts) > 1);
        taken
    }

    fn is_measured(&self, project: &str, today: i64) -> bool {
        let mut projects = self.0.lock();
        let own = projects.get_mut(project);
        own.is_none_or(|own| std::mem::replace(&mut own.measured, today) == today)
    }
}

impl Counters {
    /// The counters that are not zero.
    pub(super) fn each(&self) -> impl Iterator<Item = (Metric, i64)> {
        let all = [
            (Metric::Reads, self.reads),
            (Metric::Writes, self.writes),
            (Metric::Rows, self.rows),
        ];
        all.into_iter().filter(|(_, value)| *value != 0)
    }
}

//! Keeps the change logs within their limits: trims a log after 8 MiB of new entries, and every hour if it has any.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use db::Engine;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Bytes of new entries after which a log is trimmed: measuring it then costs little compared to having written them.
const TRIM_AFTER: usize = 8 << 20;
/// Trim interval of logs that have grown by less.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Bytes appended to the log of each database since its last trim.
#[derive(Default)]
struct LogGrowth {
    by_database: Mutex<HashMap<String, usize>>,
    due: Notify,
}

/// Starts trimming the logs of an engine.
pub(crate) fn start(engine: &Engine) -> JoinHandle<()> {
    let growth = Arc::<LogGrowth>::default();
    let watching = Arc::clone(&growth);
    engine.on_commit(move |commit| {
        if commit.logged > 0 {
            watching.add(commit.database, commit.logged);
        }
    });
    let engine = engine.clone();
    tokio::spawn(async move {
        // An interval, not a timeout: a busy database must not postpone the trim of the others.
        let mut hourly = tokio::time::interval_at(Instant::now() + INTERVAL, INTERVAL);
        loop {
            let min = tokio::select! {
                () = growth.due.notified() => TRIM_AFTER,
                _ = hourly.tick() => 1,
            };
            for database in growth.take(min) {
                trim(&engine, &database).await;
            }
        }
    })
}

impl LogGrowth {
    fn add(&self, database: &str, bytes: usize) {
        let mut by_database = self.by_database.lock();
        let before = match by_database.get_mut(database) {
            Some(sum) => {
                let before = *sum;
                *sum += bytes;
                before
            }
            None => {
                by_database.insert(database.to_owned(), bytes);
                0
            }
        };
        if before < TRIM_AFTER && before + bytes >= TRIM_AFTER {
            self.due.notify_one();
        }
    }

    /// Removes and returns the databases whose logs have grown by at least `min` bytes.
    fn take(&self, min: usize) -> Vec<String> {
        let mut by_database = self.by_database.lock();
        let databases: Vec<String> = by_database
            .iter()
            .filter(|(_, bytes)| **bytes >= min)
            .map(|(database, _)| database.clone())
            .collect();
        for database in &databases {
            by_database.remove(database);
        }
        databases
    }
}

/// Trims a log in several short transactions, so that other writes can run between them.
async fn trim(engine: &Engine, database: &str) {
    let database = engine.database(database);
    let steps = async {
        let mut left = Some(database.read(db::log::size).await?);
        while let Some(size) = left {
            left = database.write(move |tx| db::log::trim(tx, size)).await?;
        }
        Ok::<_, db::Error>(())
    };
    match steps.await {
        Ok(()) | Err(db::Error::NoSuchDatabase(_)) => {}
        Err(error) => tracing::warn!(%error, database = database.name(), "the change log was not trimmed"),
    }
}

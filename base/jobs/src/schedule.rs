//! Schedules: recurring jobs by cron pattern. Each due time is fired once, regardless of the number of nodes: the node
//! that advances the schedule in the database enqueues the job in the same transaction.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use croner::Cron;
use db::{Database, Error, ToValue, Tx};
use kernel::Timestamp;
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// Maximum sleep between two checks, so that a change of the system clock is noticed.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A schedule: a persistent name, a cron pattern in UTC, and the kind of the enqueued jobs. The payload of the job is
/// `{"due": …}`.
#[derive(Clone)]
pub struct Schedule {
    name: &'static str,
    kind: &'static str,
    pattern: Cron,
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Schedule {
    /// A schedule with a cron pattern: minute, hour, day of the month, month, day of the week.
    ///
    /// # Errors
    /// A message if the pattern is invalid.
    pub fn cron(name: &'static str, pattern: &str, kind: &'static str) -> Result<Self, String> {
        let pattern = pattern
            .parse()
            .map_err(|error: croner::errors::CronError| error.to_string())?;
        Ok(Self { name, kind, pattern })
    }

    /// The kind of its jobs.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The first due time after an instant; none if the pattern never matches.
    fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after: DateTime<Utc> = DateTime::from_timestamp_millis(after.millis())?;
        let next = self.pattern.find_next_occurrence(&after, false).ok()?;
        Some(Timestamp::from_millis(next.timestamp_millis()))
    }
}

/// Handle to the task that runs schedules. Dropping it does not stop the task; use [`Scheduler::stop`].
#[derive(Debug)]
pub struct Scheduler {
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Scheduler {
    /// Starts schedules; their due times are stored in `database`, and their jobs are enqueued there.
    pub fn start(database: Database, schedules: Vec<Schedule>) -> Self {
        let (wake, schedules) = (Arc::<Notify>::default(), Arc::new(schedules));
        let (stop, mut stopped) = watch::channel(false);
        let woken = Arc::clone(&wake);
        let task = tokio::spawn(async move {
            while !*stopped.borrow() {
                let due = Arc::clone(&schedules);
                let next = match database.write(move |tx| fire(tx, &due)).await {
                    Ok(next) => next,
                    Err(error) => {
                        tracing::warn!(%error, "schedules could not be looked at");
                        None
                    }
                };
                let now = database.engine().clock().now().millis();
                let wait = next.map(|next| u64::try_from(next.millis() - now).unwrap_or(0));
                let wait = wait.map_or(MAX_WAIT, Duration::from_millis).min(MAX_WAIT);
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = woken.notified() => {}
                    _ = stopped.changed() => {}
                }
            }
        });
        Self { wake, stop, task }
    }

    /// Checks due times now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Stops the task and waits for its end.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// Enqueues the jobs of due schedules and advances them; returns the next due time. Due times missed while no node ran
/// are fired once.
fn fire(tx: &mut Tx<'_>, schedules: &[Schedule]) -> Result<Option<Timestamp>, Error> {
    let (now, mut earliest) = (tx.now(), None);
    for schedule in schedules {
        let Some(next) = schedule.next(now) else { continue };
        let due: Option<Timestamp> =
            tx.sql_optional("SELECT due FROM _schedules WHERE name = ?", &[schedule.name.to_value()])?;
        let due = match due {
            Some(due) if due <= now => {
                let moved = tx.sql_execute(
                    "UPDATE _schedules SET due = ? WHERE name = ? AND due = ?",
                    &[next.to_value(), schedule.name.to_value(), due.to_value()],
                )?;
                if moved == 1 {
                    tx.enqueue(schedule.kind, &json!({ "due": due }), None)?;
                }
                next
            }
            // The stored time may belong to an older pattern; an earlier time of the current pattern takes precedence.
            Some(due) => due.min(next),
            None => {
                tx.sql_execute(
                    "INSERT INTO _schedules (name, due) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                    &[schedule.name.to_value(), next.to_value()],
                )?;
                next
            }
        };
        earliest = Some(earliest.map_or(due, |earliest: Timestamp| earliest.min(due)));
    }
    Ok(earliest)
}

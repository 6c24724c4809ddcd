//! Schedules: jobs that come again by the calendar. However many nodes there are, each due time is fired once: the node that
//! moves the schedule on in the database enqueues the job in the same transaction.

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

/// The longest sleep between two looks, so that a clock that was set is noticed.
const LONGEST: Duration = Duration::from_secs(60);

/// A schedule: a name that is kept, a pattern of times in UTC, and the kind of job that each of them asks for. The payload of
/// the job is `{"due": …}`.
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
    /// A schedule by a pattern of cron's: minute, hour, day of the month, month, day of the week.
    ///
    /// # Errors
    /// Says what is wrong with the pattern.
    pub fn cron(name: &'static str, pattern: &str, kind: &'static str) -> Result<Self, String> {
        let pattern = pattern
            .parse()
            .map_err(|error: croner::errors::CronError| error.to_string())?;
        Ok(Self { name, kind, pattern })
    }

    /// The kind of job that it asks for.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The first time after an instant; none where no time ever fits.
    fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after: DateTime<Utc> = DateTime::from_timestamp_millis(after.millis())?;
        let next = self.pattern.find_next_occurrence(&after, false).ok()?;
        Some(Timestamp::from_millis(next.timestamp_millis()))
    }
}

/// Schedules that are watched. Dropping it lets them be watched on; [`Scheduler::stop`] ends it.
#[derive(Debug)]
pub struct Scheduler {
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Scheduler {
    /// Watches schedules, whose times are kept in a database and whose jobs go to its queue.
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
                let wait = wait.map_or(LONGEST, Duration::from_millis).min(LONGEST);
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = woken.notified() => {}
                    _ = stopped.changed() => {}
                }
            }
        });
        Self { wake, stop, task }
    }

    /// Looks at the clock now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Fires nothing more.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// Enqueues the jobs of the schedules that are due, and moves these on; the next time at which one is due. Times that were
/// missed, because no node ran, are fired once.
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
            // A pattern that was made denser is not waited for by the old time.
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

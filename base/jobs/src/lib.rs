//! Jobs: work that is done after the act that enqueued it.
//!
//! `Tx::enqueue` writes a job in the transaction of the act. A [`Worker`] is notified after the commit, takes the job
//! under a lease, and runs the handler of its kind. A failed job is retried with exponential backoff; after the last
//! attempt it is marked dead and kept with its last error for inspection. If the process dies while a job runs, the
//! lease expires and the job runs again: handlers must be idempotent.
//!
//! A [`Schedule`] enqueues a job at the times of a cron pattern.

mod job;
mod options;
mod schedule;
mod slots;
mod store;
mod worker;

pub use job::{Job, JobError};
pub use options::Options;
pub use schedule::{Schedule, Scheduler};
pub use store::{Dead, count_dead, count_open, dead, pending, revive};
pub use worker::{Running, Worker};

//! Jobs: work that is done after the act that asked for it.
//!
//! `Tx::enqueue` writes a job beside the rows of the act, so that both are kept or neither is. A [`Worker`] hears of it
//! once it is durable, takes it under a lease, and runs the handler of its kind. A job that fails is tried again, later
//! and later; one that keeps failing is set aside as dead, with its last error, to be looked at. If the program dies with
//! the job, the lease runs out and the job runs again: a handler may run twice, and must bear it.
//!
//! A [`Schedule`] asks for a job again and again, by the calendar.

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

//! Jobs of a project: how many wait, and how many were given up.

use api::{Call, Result};
use kernel::param::Int;
use kernel::{AnyCase, Fault, Kind};

use crate::State;
use crate::model::Length;

/// The kinds of jobs that stand in each queue.
#[derive(Debug, Clone, Copy)]
pub struct Queues {
    /// Letters: mails and SMS.
    pub mails: &'static [&'static str],
    /// What is done to tables after the act.
    pub databases: &'static [&'static str],
    /// Imports and exports.
    pub migrations: &'static [&'static str],
}

kernel::choices! {
    /// A queue, by the name that Appwrite gives it.
    pub(crate) enum Name {
        /// Letters.
        Mails = "v1-mails",
        /// Work on tables.
        Databases = "v1-database",
        /// Imports and exports.
        Migrations = "v1-migrations",
    }
}

/// How long a queue may be: a number of jobs, 5000 unless it is said.
type Threshold = Int<0, { i32::MAX as i64 }>;

const USUAL: Threshold = Int(5000);

kernel::params! {
    /// A queue.
    pub(crate) struct GetQueue {
        /// From how many jobs on the answer is an error.
        threshold: Threshold = "threshold" | USUAL,
    }
}

kernel::params! {
    /// The jobs of a queue that were given up.
    pub(crate) struct GetFailedJobs {
        /// The queue.
        name: AnyCase<Name> = "name",
        /// From how many jobs on the answer is an error.
        threshold: Threshold = "threshold" | USUAL,
    }
}

/// A queue is too long.
#[derive(Debug, thiserror::Error)]
#[error("The queue has {size} jobs, and {threshold} or more are too many.")]
struct TooLong {
    size: i64,
    threshold: i64,
}

impl Fault for TooLong {
    fn kind(&self) -> Kind {
        Kind::Unavailable("health_queue_size_exceeded")
    }
}

impl Queues {
    fn kinds(&self, name: Name) -> &'static [&'static str] {
        match name {
            Name::Mails => self.mails,
            Name::Databases => self.databases,
            Name::Migrations => self.migrations,
        }
    }
}

pub(crate) async fn mails(call: Call<State>, input: GetQueue) -> Result<Length> {
    waiting(call, Name::Mails, input.threshold).await
}

pub(crate) async fn databases(call: Call<State>, input: GetQueue) -> Result<Length> {
    waiting(call, Name::Databases, input.threshold).await
}

pub(crate) async fn migrations(call: Call<State>, input: GetQueue) -> Result<Length> {
    waiting(call, Name::Migrations, input.threshold).await
}

async fn waiting(call: Call<State>, name: Name, threshold: Threshold) -> Result<Length> {
    let kinds = call.state.queues.kinds(name);
    let size = call.read(move |tx| jobs::count_open(tx, kinds)).await?;
    within(size, threshold)
}

pub(crate) async fn failed(call: Call<State>, input: GetFailedJobs) -> Result<Length> {
    let kinds = call.state.queues.kinds(input.name.0);
    let size = call.read(move |tx| jobs::count_dead(tx, kinds)).await?;
    within(size, input.threshold)
}

fn within(size: i64, Int(threshold): Threshold) -> Result<Length> {
    match size < threshold {
        true => Ok(Length { size }),
        false => Err(TooLong { size, threshold }.into()),
    }
}

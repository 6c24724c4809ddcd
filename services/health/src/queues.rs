//! Numbers of waiting and failed jobs of a project.

use api::{Call, Result};
use kernel::param::Int;
use kernel::{AnyCase, Fault, Kind};

use crate::State;
use crate::model::Length;

kernel::choices! {
    /// A queue, by its name in Appwrite.
    pub(crate) enum Name {
        /// Mails and SMS.
        Mails = "v1-mails",
        /// Jobs on tables, e.g. index builds.
        Databases = "v1-database",
        /// Imports and exports.
        Migrations = "v1-migrations",
    }
}

/// Number of jobs from which on the queue is reported as too long; 5000 by default.
type Threshold = Int<0, { i32::MAX as i64 }>;

const DEFAULT_THRESHOLD: Threshold = Int(5000);

kernel::params! {
    /// Parameters of a queue's length.
    pub(crate) struct GetQueue {
        /// Number of jobs from which on an error is returned.
        threshold: Threshold = "threshold" | DEFAULT_THRESHOLD,
    }
}

kernel::params! {
    /// Parameters of the number of failed jobs.
    pub(crate) struct GetFailedJobs {
        /// Queue name.
        name: AnyCase<Name> = "name",
        /// Number of jobs from which on an error is returned.
        threshold: Threshold = "threshold" | DEFAULT_THRESHOLD,
    }
}

/// Error: a queue is too long.
#[derive(Debug, thiserror::Error)]
#[error("Queue size {size} has reached the threshold {threshold}.")]
struct TooLong {
    size: i64,
    threshold: i64,
}

impl Fault for TooLong {
    fn kind(&self) -> Kind {
        Kind::Unavailable("health_queue_size_exceeded")
    }
}

/// The kinds of jobs that services have declared for a queue.
fn kinds(call: &Call<State>, name: Name) -> Vec<&'static str> {
    call.app.declared.queues.get(name.as_str()).cloned().unwrap_or_default()
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
    let kinds = kinds(&call, name);
    let size = call.read(move |tx| jobs::count_open(tx, &kinds)).await?;
    within(size, threshold)
}

pub(crate) async fn failed(call: Call<State>, input: GetFailedJobs) -> Result<Length> {
    let kinds = kinds(&call, input.name.0);
    let size = call.read(move |tx| jobs::count_dead(tx, &kinds)).await?;
    within(size, input.threshold)
}

fn within(size: i64, Int(threshold): Threshold) -> Result<Length> {
    if size < threshold {
        Ok(Length { size })
    } else {
        Err(TooLong { size, threshold }.into())
    }
}

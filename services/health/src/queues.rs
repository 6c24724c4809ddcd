//! Jobs of a project: how many wait, and how many were given up.

use api::{Call, Result};
use kernel::param::Int;
use kernel::{AnyCase, Fault, Kind};

use crate::State;
use crate::model::Length;

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

/// Greatest accepted number of jobs; 5000 by default.
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

/// The kinds of jobs that services declare to stand in a queue.
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

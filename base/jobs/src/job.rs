//! A job as passed to its handler, and handler errors.

use std::fmt;

use db::Database;

/// A job passed to its handler.
#[derive(Debug, Clone)]
pub struct Job {
    /// The database of the job.
    pub database: Database,
    /// Sequence number in its database.
    pub seq: i64,
    /// Kind of the job.
    pub kind: String,
    /// Payload given when the job was enqueued.
    pub payload: serde_json::Value,
    /// Number of the attempt, from 1.
    pub attempt: u32,
}

/// Failure of a job.
#[derive(Debug)]
pub struct JobError {
    pub(crate) reason: String,
    pub(crate) permanent: bool,
}

impl JobError {
    /// A failure that may succeed later.
    pub fn retry(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            permanent: false,
        }
    }

    /// A permanent failure: the job is marked dead without retry.
    pub fn permanent(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            permanent: true,
        }
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Any error of a handler is retried by default. (For this impl, `JobError` must not implement `Error`.)
impl<E: std::error::Error> From<E> for JobError {
    fn from(error: E) -> Self {
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            reason.push_str(": ");
            reason.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self {
            reason,
            permanent: false,
        }
    }
}

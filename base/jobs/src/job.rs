//! A job in the hands of its handler.

use std::fmt;

use db::Database;

/// A job to be done.
#[derive(Debug, Clone)]
pub struct Job {
    /// The database that it lies in.
    pub database: Database,
    /// Its number there.
    pub seq: i64,
    /// Kind of the job.
    pub kind: String,
    /// Payload given when the job was enqueued.
    pub payload: serde_json::Value,
    /// Number of the attempt, from 1.
    pub attempt: u32,
}

/// Why a job was not done.
#[derive(Debug)]
pub struct JobError {
    pub(crate) reason: String,
    pub(crate) hopeless: bool,
}

impl JobError {
    /// It may succeed later.
    pub fn retry(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            hopeless: false,
        }
    }

    /// It never will: the job is dead at once.
    pub fn hopeless(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            hopeless: true,
        }
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Any error of a handler is worth another try unless it says otherwise. (So `JobError` itself is no `Error`.)
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
            hopeless: false,
        }
    }
}

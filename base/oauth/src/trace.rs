//! Trace of a sign-in for the project's owner. It contains no secrets: a detail has hosts, paths, statuses and the
//! provider's error, never a parameter, a token or a body.

use std::time::Instant;

use serde::{Deserialize, Serialize};

/// Maximum length of a detail, in characters; longer ones are truncated.
const MAX_DETAIL: usize = 500;

/// The steps of one attempt, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Step: `callback`, `discovery`, `token`, `jwks`, `id_token`, `userinfo`, `profile`, `refresh`.
    pub name: String,
    /// Duration, in milliseconds.
    pub millis: u64,
    /// Outcome.
    pub outcome: Outcome,
    /// Details.
    pub detail: String,
}

/// Outcome of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Success.
    Ok,
    /// Failure.
    Failed,
}

impl Trace {
    /// Starts measuring a step.
    pub(crate) fn start(&mut self, name: &'static str) -> Running<'_> {
        Running {
            trace: self,
            name,
            started: Instant::now(),
        }
    }
}

/// A running step.
pub(crate) struct Running<'a> {
    trace: &'a mut Trace,
    name: &'static str,
    started: Instant,
}

impl Running<'_> {
    /// Ends the step with success.
    pub(crate) fn ok(self, detail: impl std::fmt::Display) {
        self.end(Outcome::Ok, detail);
    }

    /// Ends the step with a failure and returns the error.
    pub(crate) fn fail<E: std::fmt::Display>(self, error: E) -> E {
        self.end(Outcome::Failed, &error);
        error
    }

    fn end(self, outcome: Outcome, detail: impl std::fmt::Display) {
        let millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let detail = crate::text::clean(&detail.to_string(), MAX_DETAIL);
        self.trace.steps.push(Step {
            name: self.name.to_owned(),
            millis,
            outcome,
            detail,
        });
    }
}

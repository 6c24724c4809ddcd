//! Errors of sign-ins with an OAuth2 provider that have not ended.

use kernel::{Fault, Kind};

/// An error of sign-ins with an OAuth2 provider that have not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum AttemptError {
    #[error("No sign-in with this id is remembered; they are for seven days.")]
    NotFound,
}

impl Fault for AttemptError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("user_oauth2_attempt_not_found"),
        }
    }
}

//! Errors of sessions.

use kernel::{Fault, Kind};

/// An error of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum SessionError {
    #[error("The current user's session could not be found.")]
    NotFound,
    #[error("A session is active already. Delete it before creating another.")]
    Exists,
}

impl Fault for SessionError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("user_session_not_found"),
            Self::Exists => Kind::Denied("user_session_already_exists"),
        }
    }
}

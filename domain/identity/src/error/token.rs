//! Errors of tokens.

use kernel::{Fault, Kind};

/// An error of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TokenError {
    #[error("The token is invalid, expired, or was used already.")]
    Invalid,
}

impl Fault for TokenError {
    fn kind(&self) -> Kind {
        match self {
            Self::Invalid => Kind::Denied("user_invalid_token"),
        }
    }
}

//! Errors of e-mail addresses of users.

use kernel::{Fault, Kind};

/// An error of e-mail addresses of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum EmailError {
    #[error("The user has no email address.")]
    NotFound,
    #[error("A user with the same email already exists in this project.")]
    Exists,
    #[error("The user's email address is verified already.")]
    Verified,
    #[error("The user's e-mail address is not verified yet.")]
    NotVerified,
    #[error(
        "This cannot be completed with this address. If you have signed in here before, sign in the same way; otherwise \
         use another address, or verify this one at the provider first."
    )]
    Ambiguous,
}

impl Fault for EmailError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Invalid("user_email_not_found"),
            Self::Exists => Kind::Conflict("user_email_already_exists"),
            Self::Verified => Kind::Conflict("user_email_already_verified"),
            Self::NotVerified => Kind::Invalid("user_email_not_verified"),
            Self::Ambiguous => Kind::Invalid("general_bad_request"),
        }
    }
}

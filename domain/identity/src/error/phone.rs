//! Errors of phone numbers of users.

use kernel::{Fault, Kind};

/// An error of phone numbers of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum PhoneError {
    #[error("The user has no phone number.")]
    NotFound,
    #[error("A user with the same phone number already exists in this project.")]
    Exists,
    #[error("The user's phone number is verified already.")]
    Verified,
    #[error("The user's phone number is not verified yet.")]
    NotVerified,
}

impl Fault for PhoneError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Invalid("user_phone_not_found"),
            Self::Exists => Kind::Conflict("user_phone_already_exists"),
            Self::Verified => Kind::Conflict("user_phone_already_verified"),
            Self::NotVerified => Kind::Invalid("user_phone_not_verified"),
        }
    }
}

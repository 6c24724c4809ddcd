//! Errors of passwords.

use kernel::{Fault, Kind};

/// An error of passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum PasswordError {
    #[error("The password must not be one of the user's recent passwords.")]
    RecentlyUsed,
    #[error("The password is on the list of common passwords. Choose another.")]
    Common,
    #[error("The password is not as long, or as mixed, as this project asks.")]
    Weak,
    #[error("The password must not contain the user's id, name, email, or phone.")]
    Personal,
}

impl Fault for PasswordError {
    fn kind(&self) -> Kind {
        match self {
            Self::RecentlyUsed => Kind::Invalid("password_recently_used"),
            Self::Common | Self::Weak => Kind::Invalid("general_argument_invalid"),
            Self::Personal => Kind::Invalid("password_personal_data"),
        }
    }
}

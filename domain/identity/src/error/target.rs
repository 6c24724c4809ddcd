//! Errors of targets.

use kernel::{Fault, Kind};

/// An error of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TargetError {
    #[error("The target could not be found.")]
    NotFound,
    #[error("A target with the same identifier already exists.")]
    Exists,
    #[error("The messaging provider could not be found.")]
    ProviderNotFound,
    #[error("The identifier of an e-mail target must be a valid email address.")]
    NotEmail,
    #[error("The identifier of an SMS target must be a valid phone number: + and 7 to 15 digits.")]
    NotPhone,
}

impl Fault for TargetError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("user_target_not_found"),
            Self::Exists => Kind::Conflict("user_target_already_exists"),
            Self::ProviderNotFound => Kind::Missing("provider_not_found"),
            Self::NotEmail => Kind::Invalid("general_invalid_email"),
            Self::NotPhone => Kind::Invalid("general_invalid_phone"),
        }
    }
}

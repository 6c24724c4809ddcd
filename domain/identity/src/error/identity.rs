//! Errors of identities, and of what providers tell about them.

use kernel::{Fault, Kind};

/// An error of identities, and of what providers tell about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum IdentityError {
    #[error("The identity could not be found.")]
    NotFound,
    #[error("OAuth provider failed to return email.")]
    NoEmail,
    #[error("The address given by the provider is not a valid email address.")]
    BadEmail,
}

impl Fault for IdentityError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("user_identity_not_found"),
            Self::NoEmail => Kind::Denied("user_unauthorized"),
            Self::BadEmail => Kind::Invalid("general_invalid_email"),
        }
    }
}

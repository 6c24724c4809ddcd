//! Errors of users.

use kernel::{Fault, Kind};

/// An error of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum UserError {
    #[error("User with the requested ID could not be found.")]
    NotFound,
    #[error("A user with the same id, email, or phone already exists in this project.")]
    Exists,
    #[error("This ID belonged to a deleted user, and permissions still name it. Choose another ID.")]
    IdNamed,
    #[error("Invalid credentials. Please check the email and password.")]
    InvalidCredentials,
    #[error("The current user has been blocked.")]
    Blocked,
    #[error("The user has been blocked.")]
    SignInBlocked,
    #[error("This user belongs to organizations; leave or delete them first.")]
    DeletionProhibited,
}

impl Fault for UserError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("user_not_found"),
            Self::Exists | Self::IdNamed => Kind::Conflict("user_already_exists"),
            Self::InvalidCredentials => Kind::Denied("user_invalid_credentials"),
            Self::Blocked => Kind::Denied("user_blocked"),
            Self::SignInBlocked => Kind::Forbidden("user_blocked"),
            Self::DeletionProhibited => Kind::Invalid("user_deletion_prohibited"),
        }
    }
}

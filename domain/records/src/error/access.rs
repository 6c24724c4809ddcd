//! Errors of what a caller may not do.

use kernel::Kind;

use super::Error;

/// An error of what a caller may not do. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum AccessError {
    #[error("The current user is not authorized to perform the requested action.")]
    Unauthorized,
    #[error("{0}")]
    UnauthorizedRoles(String),
    #[error("{0}")]
    MissingScope(&'static str),
}

impl AccessError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Unauthorized | Self::UnauthorizedRoles(_) => Kind::Denied("user_unauthorized"),
            Self::MissingScope(_) => Kind::Denied("general_unauthorized_scope"),
        }
    }
}

impl From<AccessError> for Error {
    fn from(error: AccessError) -> Self {
        Self::Access(error)
    }
}

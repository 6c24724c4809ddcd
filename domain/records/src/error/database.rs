//! Errors of databases.

use kernel::Kind;

use super::Error;

/// An error of databases. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum DatabaseError {
    #[error("Database not found")]
    NotFound,
    #[error("A database with this id already exists")]
    Exists,
}

impl DatabaseError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("database_not_found"),
            Self::Exists => Kind::Conflict("database_already_exists"),
        }
    }
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

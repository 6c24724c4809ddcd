//! Errors of tables.

use kernel::Kind;

use super::Error;

/// An error of tables. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TableError {
    #[error("<table> with the requested id could not be found")]
    NotFound,
    #[error("A <table> with this id already exists")]
    Exists,
}

impl TableError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("table_not_found"),
            Self::Exists => Kind::Conflict("table_already_exists"),
        }
    }
}

impl From<TableError> for Error {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

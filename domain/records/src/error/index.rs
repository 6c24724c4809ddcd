//! Errors of indexes.

use kernel::Kind;

use super::Error;

/// An error of indexes.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum IndexError {
    #[error("index \"{0}\" could not be found")]
    NotFound(String),
    #[error("An index with the key \"{0}\" already exists")]
    Exists(String),
    #[error("{0}")]
    Invalid(String),
    #[error("index \"{0}\" cannot be added: a table has at most {1} indexes")]
    Limit(String, usize),
    #[error("column \"{0}\" is part of index \"{1}\", which cannot be without it; delete the index first")]
    Dependency(String, String),
}

impl IndexError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::Missing("column_index_not_found"),
            Self::Exists(_) => Kind::Conflict("column_index_already_exists"),
            Self::Invalid(_) => Kind::Invalid("column_index_invalid"),
            Self::Limit(..) => Kind::Invalid("column_index_limit_exceeded"),
            Self::Dependency(..) => Kind::Conflict("column_index_dependency"),
        }
    }
}

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Self {
        Self::Index(error)
    }
}

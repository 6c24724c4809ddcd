//! Errors of indexes.

use kernel::Kind;

use super::Error;
use crate::verbatim;

/// An error of indexes. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum IndexError {
    #[error("index \"{}\" could not be found", verbatim(.0))]
    NotFound(String),
    #[error("An index with the key \"{}\" already exists", verbatim(.0))]
    Exists(String),
    #[error("{0}")]
    Invalid(String),
    #[error("index \"{}\" cannot be added: a <table> has at most {} indexes", verbatim(.0), .1)]
    Limit(String, usize),
    #[error("<column> \"{}\" is part of index \"{}\", which cannot be without it; delete the index first", verbatim(.0), verbatim(.1))]
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

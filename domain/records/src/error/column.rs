//! Errors of columns.

use kernel::Kind;

use super::Error;
use crate::verbatim;

/// An error of columns. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum ColumnError {
    #[error("<column> \"{}\" could not be found", verbatim(.0))]
    NotFound(String),
    #[error("<column> \"{}\" is unknown", verbatim(.0))]
    Unknown(String),
    #[error("<column> \"{}\" is not available yet", verbatim(.0))]
    NotAvailable(String),
    #[error("A <column> with the key \"{}\" already exists", verbatim(.0))]
    Exists(String),
    #[error("<column> \"{}\" cannot have a default value, because it is required or a list", verbatim(.0))]
    DefaultUnsupported(String),
    #[error("{0}")]
    ValueInvalid(String),
    #[error("{0}")]
    TypeInvalid(String),
    #[error("<column> \"{}\" is no number, and cannot be counted up or down", verbatim(.0))]
    NotANumber(String),
    #[error("{0}")]
    Limit(String),
    #[error("<column> \"{}\" holds values that are longer than the new size", verbatim(.0))]
    InvalidResize(String),
}

impl ColumnError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound(_) => Kind::Missing("column_not_found"),
            Self::Unknown(_) => Kind::Invalid("column_unknown"),
            Self::NotAvailable(_) => Kind::Invalid("column_not_available"),
            Self::Exists(_) => Kind::Conflict("column_already_exists"),
            Self::DefaultUnsupported(_) => Kind::Invalid("column_default_unsupported"),
            Self::ValueInvalid(_) => Kind::Invalid("column_value_invalid"),
            Self::TypeInvalid(_) => Kind::Invalid("column_type_invalid"),
            // The same type in both vocabularies, as in Appwrite.
            Self::NotANumber(_) => Kind::Invalid("attribute_type_invalid"),
            Self::Limit(_) => Kind::Invalid("column_limit_exceeded"),
            Self::InvalidResize(_) => Kind::Invalid("column_invalid_resize"),
        }
    }
}

impl From<ColumnError> for Error {
    fn from(error: ColumnError) -> Self {
        Self::Column(error)
    }
}

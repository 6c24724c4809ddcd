//! Errors of rows.

use kernel::Kind;

use super::{Error, Flaw};

/// An error of rows. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum RowError {
    #[error("<row> with the requested id could not be found")]
    NotFound,
    #[error("A <row> with this id, or with these values of a unique index, already exists")]
    Exists,
    #[error("{0}")]
    Taken(Box<TakenValues>),
    #[error("Invalid <row> structure: {0}")]
    InvalidStructure(Flaw),
    #[error("The <row>'s data or id is missing")]
    MissingData,
    #[error("Neither data nor permissions were given")]
    MissingPayload,
    #[error("The <row> was changed after the given time")]
    UpdateConflict,
    #[error("The <row> has related <rows>, which forbid its deletion")]
    DeleteRestricted,
    #[error("{0}")]
    RelationshipValue(String),
}

/// Values of a unique index that another row has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the index \"{index}\" ({}) has {} already", .columns.join(", "), if .columns.len() == 1 { "this value" } else { "these values" })]
pub struct TakenValues {
    /// Key of the index.
    pub index: String,
    /// Keys of its columns.
    pub columns: Vec<String>,
    /// The values, as text; shown to servers only.
    pub values: Vec<String>,
}

impl RowError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("row_not_found"),
            Self::Exists | Self::Taken(_) => Kind::Conflict("row_already_exists"),
            Self::InvalidStructure(_) => Kind::Invalid("row_invalid_structure"),
            Self::MissingData => Kind::Invalid("row_missing_data"),
            Self::MissingPayload => Kind::Invalid("row_missing_payload"),
            Self::UpdateConflict => Kind::Conflict("row_update_conflict"),
            Self::DeleteRestricted => Kind::Forbidden("row_delete_restricted"),
            Self::RelationshipValue(_) => Kind::Invalid("relationship_value_invalid"),
        }
    }
}

impl From<RowError> for Error {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

impl From<Flaw> for RowError {
    fn from(flaw: Flaw) -> Self {
        Self::InvalidStructure(flaw)
    }
}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        RowError::from(flaw).into()
    }
}

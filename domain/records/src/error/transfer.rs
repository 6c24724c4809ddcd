//! Errors of imports and exports.

use kernel::Kind;

use super::Error;

/// An error of imports and exports. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TransferError {
    #[error("Transfer not found")]
    NotFound,
}

impl TransferError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("transfer_not_found"),
        }
    }
}

impl From<TransferError> for Error {
    fn from(error: TransferError) -> Self {
        Self::Transfer(error)
    }
}

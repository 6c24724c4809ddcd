//! Errors of transactions.

use kernel::Kind;

use super::Error;

/// An error of transactions. Its text is a template of [`crate::Vocabulary::fill`].
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TransactionError {
    #[error("Transaction not found")]
    NotFound,
    #[error("The transaction is not pending")]
    NotReady,
    #[error("The transaction has expired")]
    Expired,
    #[error("A change of this transaction collides with another that was made meanwhile")]
    Conflict,
    #[error("{0}")]
    Collision(String),
    #[error("{0}")]
    Failed(String),
    #[error("A transaction holds at most {0} operations")]
    Limit(usize),
    #[error("{0}")]
    Quota(String),
}

impl TransactionError {
    /// The kind, with error types in the words of tables.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("transaction_not_found"),
            Self::NotReady => Kind::Invalid("transaction_not_ready"),
            Self::Expired => Kind::Invalid("transaction_expired"),
            Self::Conflict | Self::Collision(_) => Kind::Conflict("transaction_conflict"),
            Self::Failed(_) => Kind::Invalid("transaction_failed"),
            Self::Limit(_) | Self::Quota(_) => Kind::Invalid("transaction_limit_exceeded"),
        }
    }
}

impl From<TransactionError> for Error {
    fn from(error: TransactionError) -> Self {
        Self::Transaction(error)
    }
}

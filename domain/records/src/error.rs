//! Errors of databases, tables and rows: one enum per noun, and their sum.

mod access;
mod column;
mod database;
mod flaw;
mod index;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod transaction;
mod transfer;

use kernel::{Fault, Kind};

pub use access::AccessError;
pub use column::ColumnError;
pub use database::DatabaseError;
pub(crate) use flaw::Flaw;
pub use index::IndexError;
pub use row::{RowError, TakenValues};
pub use table::TableError;
pub use transaction::TransactionError;
pub use transfer::TransferError;

use crate::{RowId, Vocabulary, verbatim};

/// Result of acts on databases, tables and rows.
pub type Result<T> = std::result::Result<T, Error>;

/// An error independent of vocabulary: [`Error::in_vocabulary`] selects one; `Display` uses the words of tables. Texts
/// within are templates of [`Vocabulary::fill`], in which texts of users are [`verbatim`].
#[derive(Debug, thiserror::Error)]
#[error("{}", Vocabulary::Tables.fill(&.0.to_string()))]
#[expect(
    missing_docs,
    reason = "each variant is named after the noun that its error is about"
)]
pub enum Error {
    Access(AccessError),
    Column(ColumnError),
    Database(DatabaseError),
    Index(IndexError),
    Row(RowError),
    Table(TableError),
    Transaction(TransactionError),
    Transfer(TransferError),
    At(Box<ErrorAt>),
    BadRequest(String),
    Argument(String),
    #[error(transparent)]
    Query(#[from] kernel::query::Error),
    #[error("a sealed value could not be opened: {0}")]
    Sealed(String),
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Query(error) => Self::Query(error),
            other => Self::Db(other),
        }
    }
}

impl Error {
    /// The error in the words of a vocabulary.
    pub fn in_vocabulary(self, vocabulary: Vocabulary) -> LocalizedError {
        LocalizedError {
            error: self,
            vocabulary,
        }
    }

    /// The text with placeholders instead of the words of a vocabulary.
    pub(crate) fn template(&self) -> String {
        match self {
            Self::Access(error) => error.to_string(),
            Self::Column(error) => error.to_string(),
            Self::Database(error) => error.to_string(),
            Self::Index(error) => error.to_string(),
            Self::Row(error) => error.to_string(),
            Self::Table(error) => error.to_string(),
            Self::Transaction(error) => error.to_string(),
            Self::Transfer(error) => error.to_string(),
            Self::At(at) => format!("{}: {}", at.position, at.error.template()),
            Self::BadRequest(text) | Self::Argument(text) => text.clone(),
            Self::Query(_) | Self::Sealed(_) | Self::Db(_) => verbatim(self),
        }
    }

    /// The kind, with error types in the words of tables.
    fn kind(&self) -> Kind {
        match self {
            Self::Access(error) => error.kind(),
            Self::Column(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Index(error) => error.kind(),
            Self::Row(error) => error.kind(),
            Self::Table(error) => error.kind(),
            Self::Transaction(error) => error.kind(),
            Self::Transfer(error) => error.kind(),
            Self::At(at) => at.error.kind(),
            Self::BadRequest(_) => Kind::Invalid("general_bad_request"),
            Self::Argument(_) => Kind::Invalid("general_argument_invalid"),
            Self::Query(error) => error.kind(),
            Self::Sealed(_) => Kind::Broken,
            Self::Db(error) => error.kind(),
        }
    }
}

/// An error of one of several rows or operations.
#[derive(Debug)]
pub struct ErrorAt {
    /// Which one, as a template.
    position: String,
    error: Error,
}

impl std::fmt::Display for ErrorAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.position, self.error.template())
    }
}

impl Error {
    /// The error of the row at an index, from 0, of several. It is named by the values that another row has, or by its
    /// ID. Database errors stay as they are.
    pub(crate) fn at_row(self, index: usize, total: usize, id: &RowId) -> Self {
        let name = match &self {
            Self::Row(RowError::Taken(taken)) => taken.values.join(", "),
            _ => id.to_string(),
        };
        self.at(format!("<row> {} of {total} (\"{}\")", index + 1, verbatim(name)))
    }

    /// The error of the operation at an index, from 0, of several. Database errors stay as they are.
    pub(crate) fn at_operation(self, index: usize, total: usize) -> Self {
        self.at(format!("operation {} of {total}", index + 1))
    }

    fn at(self, position: String) -> Self {
        match self {
            Self::Db(error) => Self::Db(error),
            error => Self::At(Box::new(ErrorAt { position, error })),
        }
    }

    /// Changes the error without its positions.
    pub(crate) fn map_inner(self, change: fn(Self) -> Self) -> Self {
        match self {
            Self::At(at) => {
                let ErrorAt { position, error } = *at;
                let error = error.map_inner(change);
                Self::At(Box::new(ErrorAt { position, error }))
            }
            error => change(error),
        }
    }
}

/// An error in the words of one vocabulary.
#[derive(Debug)]
pub struct LocalizedError {
    error: Error,
    vocabulary: Vocabulary,
}

impl std::fmt::Display for LocalizedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.vocabulary.fill(&self.error.template()))
    }
}

impl std::error::Error for LocalizedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Fault for LocalizedError {
    fn kind(&self) -> Kind {
        let name = |of_tables| self.vocabulary.type_name(of_tables);
        match self.error.kind() {
            Kind::Invalid(of) => Kind::Invalid(name(of)),
            Kind::Forbidden(of) => Kind::Forbidden(name(of)),
            Kind::Missing(of) => Kind::Missing(name(of)),
            Kind::Conflict(of) => Kind::Conflict(name(of)),
            other => other,
        }
    }
}

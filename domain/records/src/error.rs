//! Errors of databases, tables and rows.

use std::borrow::Cow;

use kernel::{Fault, Kind};

use crate::Vocabulary;

/// Result of acts on databases, tables and rows.
pub type Result<T> = std::result::Result<T, Error>;

/// An error independent of vocabulary: [`Error::in_vocabulary`] selects one. Texts within use the words of tables.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum Error {
    #[error("Database not found")]
    DatabaseNotFound,
    #[error("A database with this id already exists")]
    DatabaseExists,
    #[error("table with the requested id could not be found")]
    TableNotFound,
    #[error("A table with this id already exists")]
    TableExists,
    #[error("row with the requested id could not be found")]
    RowNotFound,
    #[error("A row with this id, or with these values of a unique index, already exists")]
    RowExists,
    #[error("Invalid row structure: {0}")]
    InvalidStructure(Flaw),
    #[error("The row's data or id is missing")]
    MissingData,
    #[error("Neither data nor permissions were given")]
    MissingPayload,
    #[error("The row was changed after the given time")]
    UpdateConflict,
    #[error("The row has related rows, which forbid its deletion")]
    DeleteRestricted,
    #[error("column \"{0}\" could not be found")]
    ColumnNotFound(String),
    #[error("column \"{0}\" is unknown")]
    ColumnUnknown(String),
    #[error("column \"{0}\" is not available yet")]
    ColumnNotAvailable(String),
    #[error("A column with the key \"{0}\" already exists")]
    ColumnExists(String),
    #[error("column \"{0}\" cannot have a default value, because it is required or a list")]
    DefaultUnsupported(String),
    #[error("{0}")]
    ColumnValueInvalid(String),
    #[error("{0}")]
    ColumnTypeInvalid(String),
    #[error("column \"{0}\" is no number, and cannot be counted up or down")]
    NotANumber(String),
    #[error("{0}")]
    ColumnLimit(String),
    #[error("column \"{0}\" holds values that are longer than the new size")]
    InvalidResize(String),
    #[error("index \"{0}\" could not be found")]
    IndexNotFound(String),
    #[error("An index with the key \"{0}\" already exists")]
    IndexExists(String),
    #[error("{0}")]
    IndexInvalid(String),
    #[error("index \"{0}\" cannot be added: a table has at most {1} indexes")]
    IndexLimit(String, usize),
    #[error("column \"{0}\" is part of index \"{1}\", which cannot be without it; delete the index first")]
    IndexDependency(String, String),
    #[error("{0}")]
    RelationshipValue(String),
    #[error("Transaction not found")]
    TransactionNotFound,
    #[error("The transaction is not pending")]
    TransactionNotReady,
    #[error("The transaction has expired")]
    TransactionExpired,
    #[error("A change of this transaction collides with another that was made meanwhile")]
    TransactionConflict,
    #[error("{0}")]
    TransactionFailed(String),
    #[error("A transaction holds at most {0} operations")]
    TransactionLimit(usize),
    #[error("Transfer not found")]
    TransferNotFound,
    #[error("The current user is not authorized to perform the requested action.")]
    Unauthorized,
    #[error("{0}")]
    UnauthorizedRoles(String),
    #[error("{0}")]
    MissingScope(&'static str),
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    Argument(String),
    #[error(transparent)]
    Query(#[from] kernel::query::Error),
    #[error("a sealed value could not be opened: {0}")]
    Sealed(String),
    #[error(transparent)]
    Db(db::Error),
}

/// An error in the data of a row. Keys are the user's and appear unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// A required column has no value.
    Missing(String),
    /// There is no such column.
    Unknown(String),
    /// The value has another type; with the violated rule.
    Type(String, Cow<'static, str>),
    /// The value has the right type, but violates the column's format; with the violated rule.
    Format(String, Cow<'static, str>),
    /// The column is a list and the value is not.
    NotAList(String),
    /// An operator that cannot be applied; with the reason.
    Operator(String),
}

impl Flaw {
    fn in_vocabulary(&self, vocabulary: Vocabulary) -> String {
        let (column, word) = (vocabulary.word("column"), vocabulary.word("Column"));
        match self {
            Self::Missing(key) => format!("Missing required {column} \"{key}\""),
            Self::Unknown(key) => format!("Unknown {column}: \"{key}\""),
            Self::Type(key, rule) => format!("{word} \"{key}\" has invalid type. {rule}"),
            Self::Format(key, rule) => format!("{word} \"{key}\" has invalid format. {rule}"),
            Self::NotAList(key) => format!("{word} \"{key}\" must be an array"),
            Self::Operator(why) => why.clone(),
        }
    }
}

impl Flaw {
    /// The violated rule.
    pub fn rule(&self) -> &str {
        match self {
            Self::Type(_, rule) | Self::Format(_, rule) => rule,
            Self::Missing(_) => "A value is required",
            Self::Unknown(_) => "There is no such column",
            Self::NotAList(_) => "Value must be an array",
            Self::Operator(why) => why,
        }
    }
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.in_vocabulary(Vocabulary::Tables))
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Query(error) => Self::Query(error),
            other => Self::Db(other),
        }
    }
}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        Self::InvalidStructure(flaw)
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

    /// The kind, with error types in the words of tables.
    fn kind(&self) -> Kind {
        match self {
            Self::DatabaseNotFound => Kind::Missing("database_not_found"),
            Self::DatabaseExists => Kind::Conflict("database_already_exists"),
            Self::TableNotFound => Kind::Missing("table_not_found"),
            Self::TableExists => Kind::Conflict("table_already_exists"),
            Self::RowNotFound => Kind::Missing("row_not_found"),
            Self::RowExists => Kind::Conflict("row_already_exists"),
            Self::InvalidStructure(_) => Kind::Invalid("row_invalid_structure"),
            Self::MissingData => Kind::Invalid("row_missing_data"),
            Self::MissingPayload => Kind::Invalid("row_missing_payload"),
            Self::UpdateConflict => Kind::Conflict("row_update_conflict"),
            Self::DeleteRestricted => Kind::Forbidden("row_delete_restricted"),
            Self::ColumnNotFound(_) => Kind::Missing("column_not_found"),
            Self::ColumnUnknown(_) => Kind::Invalid("column_unknown"),
            Self::ColumnNotAvailable(_) => Kind::Invalid("column_not_available"),
            Self::ColumnExists(_) => Kind::Conflict("column_already_exists"),
            Self::DefaultUnsupported(_) => Kind::Invalid("column_default_unsupported"),
            Self::ColumnValueInvalid(_) => Kind::Invalid("column_value_invalid"),
            // The same type in both vocabularies, as in Appwrite.
            Self::NotANumber(_) => Kind::Invalid("attribute_type_invalid"),
            Self::ColumnTypeInvalid(_) => Kind::Invalid("column_type_invalid"),
            Self::ColumnLimit(_) => Kind::Invalid("column_limit_exceeded"),
            Self::InvalidResize(_) => Kind::Invalid("column_invalid_resize"),
            Self::IndexNotFound(_) => Kind::Missing("column_index_not_found"),
            Self::IndexExists(_) => Kind::Conflict("column_index_already_exists"),
            Self::IndexInvalid(_) => Kind::Invalid("column_index_invalid"),
            Self::IndexLimit(..) => Kind::Invalid("column_index_limit_exceeded"),
            Self::IndexDependency(..) => Kind::Conflict("column_index_dependency"),
            Self::RelationshipValue(_) => Kind::Invalid("relationship_value_invalid"),
            Self::TransactionNotFound => Kind::Missing("transaction_not_found"),
            Self::TransactionNotReady => Kind::Invalid("transaction_not_ready"),
            Self::TransactionExpired => Kind::Invalid("transaction_expired"),
            Self::TransactionConflict => Kind::Conflict("transaction_conflict"),
            Self::TransactionFailed(_) => Kind::Invalid("transaction_failed"),
            Self::TransactionLimit(_) => Kind::Invalid("transaction_limit_exceeded"),
            Self::TransferNotFound => Kind::Missing("transfer_not_found"),
            Self::Unauthorized | Self::UnauthorizedRoles(_) => Kind::Denied("user_unauthorized"),
            Self::MissingScope(_) => Kind::Denied("general_unauthorized_scope"),
            Self::BadRequest(_) => Kind::Invalid("general_bad_request"),
            Self::Argument(_) => Kind::Invalid("general_argument_invalid"),
            Self::Query(error) => error.kind(),
            Self::Sealed(_) => Kind::Broken,
            Self::Db(error) => error.kind(),
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
        match (&self.error, self.vocabulary) {
            (Error::InvalidStructure(flaw), vocabulary) => {
                write!(
                    f,
                    "Invalid {} structure: {}",
                    vocabulary.word("row"),
                    flaw.in_vocabulary(vocabulary)
                )
            }
            // Texts that can contain names chosen by users are not translated.
            (error, Vocabulary::Tables) => error.fmt(f),
            (Error::Query(_) | Error::Db(_), _) => self.error.fmt(f),
            (error, vocabulary) => f.write_str(&vocabulary.message(&error.to_string())),
        }
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

#[cfg(test)]
mod tests;

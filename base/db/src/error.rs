//! Database errors.

use std::sync::Arc;

use kernel::Kind;

/// A failure of the database. Cloneable, because acts that share a commit share its failure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A query that must return a row returned none.
    #[error("no row was found")]
    NoRow,
    /// The database was never created or was removed.
    #[error("there is no database named {0:?}")]
    NoSuchDatabase(String),
    /// Invalid database name: names are ids (`kernel::id`).
    #[error("a database cannot be named {0:?}")]
    BadName(String),
    /// The queries of a list are invalid for its noun.
    #[error(transparent)]
    Query(#[from] kernel::query::Error),
    /// A text contains the character U+0000, which PostgreSQL columns cannot store.
    #[error("a text must not contain the character U+0000")]
    Nul,
    /// A unique index rejected the row.
    #[error("the index {index} holds such a row already")]
    Unique {
        /// Name of the index: `<table>_pkey` for a primary key, `<table>_<columns>_key` for a unique column.
        index: String,
    },
    /// Foreign key violation: a reference to a missing row, or the deletion of a referenced row. Acts check this before
    /// they write, so the row was deleted or created concurrently; a repeated run of the act sees that.
    #[error("a reference between rows would break{0}")]
    Reference(String),
    /// The queue is full, or this act waited too long. It was not executed.
    #[error("the server is busy; try again in a moment")]
    Busy,
    /// PostgreSQL rolled the act back because of a deadlock or serialization failure. `api::Router` runs the whole
    /// request again if it has committed nothing yet; a job is run again by its queue.
    #[error("another request changed the same data at the same time; try again")]
    Conflict,
    /// The memory budget of replies is used up. The act was not executed.
    #[error("the server has no memory left for a reply of this size; try again in a moment")]
    NoRoom,
    /// A table changed between its lookup by the act and its use. The act was rolled back.
    #[error("a table changed meanwhile; try again: {0}")]
    Outdated(String),
    /// A read exceeded its time limit and was stopped.
    #[error("the query took too long")]
    TooSlow,
    /// PostgreSQL cannot be reached, or the connection broke before the commit. The act was not committed.
    #[error("the database server cannot be reached: {0}")]
    Unreachable(String),
    /// No answer to a commit: whether it was done is not known. It must not be repeated without looking first.
    #[error("the database did not confirm this change: whether it was made is not known; look before you repeat it")]
    OutcomeUnknown,
    /// The disk of the database is full. The act was rolled back.
    #[error("the server has no disk space left; nothing was changed")]
    DiskFull,
    /// The engine was closed. The act was not executed.
    #[error("the database is closed")]
    Closed,
    /// The act returned success after one of its statements had failed.
    #[error("a statement of this transaction failed before: {0}")]
    Aborted(String),
    /// The act panicked and was rolled back.
    #[error("the act panicked: {0}")]
    Panicked(String),
    /// A value in a row has an unexpected type.
    #[error("column {column}: {reason}")]
    Mismatch {
        /// Index of the column, from 0.
        column: usize,
        /// Expected and found value.
        reason: String,
    },
    /// The data came from a newer version of the program, which applied a migration that this one does not know.
    #[error("database {database:?} has the migration {migration:?}, which this version does not know: use a newer one")]
    Newer {
        /// The database.
        database: String,
        /// The unknown migration.
        migration: String,
    },
    /// Invalid setting.
    #[error("{0}")]
    Settings(String),
    /// Internal failure of the engine.
    #[error("{context}: {source}")]
    Engine {
        /// The failed operation.
        context: &'static str,
        /// Error of the engine.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Whether the unique index of this name rejected the row.
    pub fn is_unique(&self, name: &str) -> bool {
        matches!(self, Self::Unique { index } if index == name)
    }

    /// Whether the act was rolled back because of a concurrent act, so that a retry can succeed.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict | Self::Outdated(_) | Self::Reference(_))
    }

    pub(crate) fn engine(context: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Engine {
            context,
            source: Arc::from(source.into()),
        }
    }
}

impl From<thread_pool::Refusal> for Error {
    fn from(refusal: thread_pool::Refusal) -> Self {
        match refusal {
            thread_pool::Refusal::Full => Self::Busy,
            thread_pool::Refusal::Closed => Self::Closed,
            thread_pool::Refusal::Thread(error) => Self::engine("start a thread", error),
        }
    }
}

impl kernel::Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Conflict | Self::NoRoom | Self::Outdated(_) | Self::Reference(_) => {
                Kind::Contended("general_server_busy")
            }
            Self::Busy | Self::Closed | Self::Unreachable(_) => Kind::Unavailable("general_server_busy"),
            Self::OutcomeUnknown => Kind::Unconfirmed("general_outcome_unknown"),
            Self::DiskFull => Kind::Full("general_storage_full"),
            Self::TooSlow => Kind::TooSlow("database_timeout"),
            Self::NoSuchDatabase(_) => Kind::Missing("project_not_found"),
            Self::Query(error) => error.kind(),
            Self::Nul => Kind::Invalid("general_argument_invalid"),
            _ => Kind::Broken,
        }
    }
}

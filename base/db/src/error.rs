//! Database errors.

use std::sync::Arc;

use kernel::Kind;

/// A failure of the database. It can be cloned, because acts that shared a commit share its failure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A row that had to be there is not.
    #[error("no row was found")]
    NoRow,
    /// A database was used that was never created, or was removed.
    #[error("there is no database named {0:?}")]
    NoSuchDatabase(String),
    /// A name that no database may have: names are ids (`kernel::id`).
    #[error("a database cannot be named {0:?}")]
    BadName(String),
    /// A list was asked for something that it does not have.
    #[error(transparent)]
    Query(#[from] kernel::query::Error),
    /// A text holds the character U+0000, which no column can.
    #[error("a text must not contain the character U+0000")]
    Nul,
    /// A unique index refused the row.
    #[error("the index {index} holds such a row already")]
    Unique {
        /// The index by its name; `<table>_pkey` for a primary key, `<table>_<columns>_key` for a unique column.
        index: String,
    },
    /// A reference to a row that is not there, or the deletion of one that is referred to. An act looks before it writes, so
    /// the row was deleted or made meanwhile; when the act is run again it sees that.
    #[error("a reference between rows would break{0}")]
    Reference(String),
    /// Too many acts wait, or this one waited too long. It was not done.
    #[error("the server is busy; try again in a moment")]
    Busy,
    /// PostgreSQL undid the act for another's sake: a deadlock, or a serialization failure. The caller's whole call is run
    /// again where it has committed nothing yet (`api::Router`), a job by its queue. It was not done.
    #[error("another request changed the same data at the same time; try again")]
    Conflict,
    /// Replies in flight have taken the memory that they may. The act was not done.
    #[error("the server has no memory left for a reply of this size; try again in a moment")]
    NoRoom,
    /// A table changed between the moment at which the act looked it up and its use. It was not done.
    #[error("a table changed meanwhile; try again: {0}")]
    Outdated(String),
    /// A read took longer than it may, and was stopped.
    #[error("the query took too long")]
    TooSlow,
    /// PostgreSQL cannot be reached, or the connection broke before the commit. It was not done.
    #[error("the database server cannot be reached: {0}")]
    Unreachable(String),
    /// The engine was closed. The act was not done.
    #[error("the database is closed")]
    Closed,
    /// The act returned success after one of its statements had failed.
    #[error("a statement of this transaction failed before: {0}")]
    Aborted(String),
    /// The act panicked; nothing of it was kept.
    #[error("the act panicked: {0}")]
    Panicked(String),
    /// A value in a row is not what the code expects there.
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
    /// A setting that cannot be used.
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
    /// Whether the unique index of this name refused the row.
    pub fn is_unique(&self, name: &str) -> bool {
        matches!(self, Self::Unique { index } if index == name)
    }

    /// Whether the act was undone only because another was quicker, so that it is worth running again.
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
            Self::TooSlow => Kind::Unavailable("database_timeout"),
            Self::NoSuchDatabase(_) => Kind::Missing("project_not_found"),
            Self::Query(error) => error.kind(),
            Self::Nul => Kind::Invalid("general_argument_invalid"),
            _ => Kind::Broken,
        }
    }
}

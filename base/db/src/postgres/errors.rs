//! Conversion of PostgreSQL's errors to [`Error`].

use postgres::error::SqlState;

use crate::Error;

/// Converts PostgreSQL's error to [`Error`].
pub(crate) fn describe(error: postgres::Error) -> Error {
    let cause = std::error::Error::source(&error);
    if let Some(inner) = cause.and_then(|cause| cause.downcast_ref::<Error>()) {
        return inner.clone();
    }
    let Some(db_error) = error.as_db_error() else {
        return if error.is_closed() || cause.is_some_and(|cause| cause.is::<std::io::Error>()) {
            Error::Unreachable(error.to_string())
        } else {
            Error::engine("run a statement", error)
        };
    };
    match *db_error.code() {
        SqlState::UNIQUE_VIOLATION => Error::Unique {
            index: db_error.constraint().unwrap_or_default().to_owned(),
        },
        SqlState::FOREIGN_KEY_VIOLATION => Error::Reference(
            db_error
                .constraint()
                .map(|name| format!(" ({name})"))
                .unwrap_or_default(),
        ),
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Error::Conflict,
        SqlState::LOCK_NOT_AVAILABLE => Error::Busy,
        // DATATYPE_MISMATCH too: a column of the same name now has another type than when the statement was prepared.
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN | SqlState::DATATYPE_MISMATCH => {
            Error::Outdated(db_error.message().to_owned())
        }
        SqlState::FEATURE_NOT_SUPPORTED if db_error.message().contains("cached plan") => {
            Error::Outdated(db_error.message().to_owned())
        }
        SqlState::QUERY_CANCELED => Error::TooSlow,
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => {
            Error::Unreachable(db_error.message().to_owned())
        }
        _ => Error::engine("run a statement", error),
    }
}

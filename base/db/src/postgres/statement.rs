//! Statements of PostgreSQL: values in, rows out, errors in our words.

use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;

use super::Session;
use super::params::Bound;
use crate::row::Inner;
use crate::tx::{Each, Sql};
use crate::{Error, Row, Value};

/// Hands the rows of a query to `each` until it has enough.
pub(crate) fn visit(session: &mut Session, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error> {
    let statement = session.prepare(sql)?;
    check(params, statement.params().len())?;
    let mut rows = session
        .client
        .query_raw(&statement, params.iter().map(Bound))
        .map_err(describe)?;
    let mut enough = false;
    while let Some(row) = rows.next().map_err(describe)? {
        // Read to the end even so: a later row may fail, and with it the transaction.
        enough = enough || !each(&Row(Inner::Postgres(&row)))?;
    }
    Ok(())
}

/// Runs a statement to its end; the number of rows that it touched.
pub(crate) fn change(session: &mut Session, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error> {
    let statement = session.prepare(sql)?;
    check(params, statement.params().len())?;
    let bound: Vec<Bound<'_>> = params.iter().map(Bound).collect();
    let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|one| one as _).collect();
    session.client.execute(&statement, &bound).map_err(describe)
}

/// Runs statements without values. They may change tables, so what was prepared for them is forgotten.
pub(crate) fn batch(session: &mut Session, sql: &str) -> Result<(), Error> {
    if !sql.contains("SAVEPOINT") {
        session.change();
    }
    session.run(sql)
}

/// Waits for everyone who locked the same key, and holds it to the end of the transaction.
pub(crate) fn lock(session: &mut Session, key: i64) -> Result<(), Error> {
    session.run(&format!("SELECT pg_advisory_xact_lock({key})"))
}

fn check(params: &[Value], placeholders: usize) -> Result<(), Error> {
    if params.len() == placeholders {
        return Ok(());
    }
    Err(Error::engine(
        "bind values",
        format!("{} values for {placeholders} placeholders", params.len()),
    ))
}

/// Turns each `?` outside quotes into `$1`, `$2`, ….
pub(crate) fn number_placeholders(sql: &str) -> String {
    let mut numbered = String::with_capacity(sql.len() + 8);
    let (mut count, mut quote) = (0, None);
    for letter in sql.chars() {
        match letter {
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            _ if quote == Some(letter) => quote = None,
            '?' if quote.is_none() => {
                count += 1;
                numbered.push_str(&format!("${count}"));
                continue;
            }
            _ => {}
        }
        numbered.push(letter);
    }
    numbered
}

/// PostgreSQL's error in our words.
pub(crate) fn describe(error: postgres::Error) -> Error {
    let cause = std::error::Error::source(&error);
    if let Some(own) = cause.and_then(|cause| cause.downcast_ref::<Error>()) {
        return own.clone();
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
        // The last, too: a column of the same name is now of another type than the statement was prepared for.
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

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_are_numbered_outside_quotes_only() {
        let sql = r#"SELECT '?', "a?" FROM t WHERE a = ? AND b = 'it''s ?' AND c IN (?, ?)"#;
        let numbered = r#"SELECT '?', "a?" FROM t WHERE a = $1 AND b = 'it''s ?' AND c IN ($2, $3)"#;
        assert_eq!(super::number_placeholders(sql), numbered);
    }
}

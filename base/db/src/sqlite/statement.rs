//! Execution of statements on SQLite, and conversion of its errors.

use kernel::Timestamp;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ffi};

use super::unique;
use crate::row::Columns;
use crate::session::{Each, Session, Sql};
use crate::value::Ref;
use crate::{Dialect, Error, Row, Value};

/// A connection in a transaction.
pub(crate) struct SqliteSession<'c>(pub(crate) &'c Connection);

impl Session for SqliteSession<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn writes_beside_others(&self) -> bool {
        false
    }

    fn visit(&mut self, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error> {
        visit(self.0, sql, params, each)
    }

    fn change(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error> {
        change(self.0, sql, params)
    }

    fn insert(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<i64, Error> {
        change(self.0, sql, params)?;
        Ok(self.0.last_insert_rowid())
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        batch(self.0, sql)
    }

    /// No-op: there is only one writer.
    fn lock(&mut self, _: &str) -> Result<(), Error> {
        Ok(())
    }
}

impl Columns for rusqlite::Row<'_> {
    fn value(&self, index: usize) -> Result<Ref<'_>, Error> {
        value_of(self, index)
    }
}

/// Passes the rows of a query to `each` until it returns false.
fn visit(connection: &Connection, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error> {
    let fault = |error| describe(connection, error);
    let mut statement = prepare(connection, sql, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(fault)? {
        if !each(&Row(row))? {
            break;
        }
    }
    Ok(())
}

/// Runs a statement; returns the number of affected rows.
pub(crate) fn change(connection: &Connection, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error> {
    let mut statement = prepare(connection, sql, params)?;
    let mut rows = statement.raw_query();
    // Stepped instead of executed, because a statement may return rows, which are ignored.
    while rows.next().map_err(|error| describe(connection, error))?.is_some() {}
    drop(rows);
    drop(statement);
    Ok(connection.changes())
}

/// Runs statements without bound values.
pub(crate) fn batch(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection
        .execute_batch(sql)
        .map_err(|error| describe(connection, error))
}

fn prepare<'c>(connection: &'c Connection, sql: Sql<'_>, params: &[Value]) -> Result<CachedStatement<'c>, Error> {
    let (Sql::Built(text) | Sql::Fixed(text)) = sql;
    let fault = |error| describe(connection, error);
    let mut statement = connection.prepare_cached(text).map_err(fault)?;
    if statement.parameter_count() != params.len() {
        let counts = format!(
            "{} values for {} placeholders: {text}",
            params.len(),
            statement.parameter_count()
        );
        return Err(Error::engine("bind values", counts));
    }
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, Bound(value)).map_err(fault)?;
    }
    Ok(statement)
}

/// Encoding of a bound value for SQLite.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let integer = |number: i64| Ok(ToSqlOutput::from(number));
        match self.0 {
            Value::Bool(Some(boolean)) => integer(i64::from(*boolean)),
            Value::TinyInt(Some(number)) => integer(i64::from(*number)),
            Value::SmallInt(Some(number)) => integer(i64::from(*number)),
            Value::Int(Some(number)) => integer(i64::from(*number)),
            Value::BigInt(Some(number)) => integer(*number),
            Value::TinyUnsigned(Some(number)) => integer(i64::from(*number)),
            Value::SmallUnsigned(Some(number)) => integer(i64::from(*number)),
            Value::Unsigned(Some(number)) => integer(i64::from(*number)),
            Value::BigUnsigned(Some(number)) => integer(i64::try_from(*number).unwrap_or(i64::MAX)),
            Value::Float(Some(number)) => Ok(ToSqlOutput::from(f64::from(*number))),
            Value::Double(Some(number)) => Ok(ToSqlOutput::from(*number)),
            // PostgreSQL cannot store U+0000 in text, and both engines must accept the same values.
            Value::String(Some(text)) if text.contains('\0') => {
                Err(rusqlite::Error::ToSqlConversionFailure(Error::Nul.into()))
            }
            Value::String(Some(text)) => Ok(ToSqlOutput::from(text.as_str())),
            Value::Char(Some(letter)) => Ok(ToSqlOutput::from(letter.to_string())),
            Value::Bytes(Some(bytes)) => Ok(ToSqlOutput::from(bytes.as_slice())),
            Value::Json(Some(tree)) => Ok(ToSqlOutput::from(tree.to_string())),
            Value::TimeDateTimeWithTimeZone(Some(instant)) => {
                Ok(ToSqlOutput::from(Timestamp::from(*instant).to_string()))
            }
            null if is_null(null) => Ok(ToSqlOutput::from(rusqlite::types::Null)),
            other => Err(rusqlite::Error::ToSqlConversionFailure(
                format!("no column holds {other:?}").into(),
            )),
        }
    }
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}

/// The value of a column.
fn value_of<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Ref<'r>, Error> {
    let mismatch = |reason: String| Error::Mismatch { column: index, reason };
    match row.get_ref(index).map_err(|error| mismatch(error.to_string()))? {
        ValueRef::Null => Ok(Ref::Null),
        ValueRef::Integer(number) => Ok(Ref::Integer(number)),
        ValueRef::Real(number) => Ok(Ref::Real(number)),
        ValueRef::Text(text) => std::str::from_utf8(text)
            .map(Ref::Text)
            .map_err(|_| mismatch("text that is not UTF-8".to_owned())),
        ValueRef::Blob(bytes) => Ok(Ref::Blob(bytes)),
    }
}

/// Converts SQLite's error to [`Error`].
pub(crate) fn describe(connection: &Connection, error: rusqlite::Error) -> Error {
    if let rusqlite::Error::ToSqlConversionFailure(cause) = &error
        && let Some(inner) = cause.downcast_ref::<Error>()
    {
        return inner.clone();
    }
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return Error::engine("run a statement", error);
    };
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Error::Unique {
                index: unique::index_of(connection, message.as_deref().unwrap_or_default()),
            }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::Reference(String::new()),
        _ if code.code == rusqlite::ErrorCode::DatabaseBusy => Error::Busy,
        _ if code.code == rusqlite::ErrorCode::OperationInterrupted => Error::TooSlow,
        _ => Error::engine("run a statement", error),
    }
}

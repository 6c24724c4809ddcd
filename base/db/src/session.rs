//! The interface that each engine implements for transactions.

use crate::{Dialect, Error, Row, Value};

/// The text of a statement: built at run time, or static.
#[derive(Clone, Copy)]
pub(crate) enum Sql<'a> {
    Built(&'a str),
    Fixed(&'static str),
}

/// Callback for a row; returns whether to continue with the next.
pub(crate) type Each<'e> = &'e mut dyn FnMut(&Row<'_>) -> Result<bool, Error>;

/// A connection in a transaction.
pub(crate) trait Session {
    /// SQL dialect.
    fn dialect(&self) -> Dialect;

    /// Whether the transaction writes and other transactions may write concurrently.
    fn writes_beside_others(&self) -> bool;

    /// Passes the rows of a query to `each` until it returns false.
    fn visit(&mut self, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error>;

    /// Runs a statement; returns the number of affected rows.
    fn change(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error>;

    /// Runs a statement that inserts a row; returns its sequence number.
    fn insert(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<i64, Error>;

    /// Runs statements without bound values.
    fn batch(&mut self, sql: &str) -> Result<(), Error>;

    /// Takes an exclusive lock on a key, held until the transaction ends.
    fn lock(&mut self, key: &str) -> Result<(), Error>;
}

//! The engine's end of a transaction: what each engine implements, and all that a transaction asks of it.

use crate::{Dialect, Error, Row, Value};

/// The text of a statement: built for this call, or standing in the code.
#[derive(Clone, Copy)]
pub(crate) enum Sql<'a> {
    Built(&'a str),
    Fixed(&'static str),
}

/// Takes a row; whether to go on to the next.
pub(crate) type Each<'e> = &'e mut dyn FnMut(&Row<'_>) -> Result<bool, Error>;

/// A connection in a transaction.
pub(crate) trait Session {
    /// SQL dialect.
    fn dialect(&self) -> Dialect;

    /// Whether it writes and others do at the same time.
    fn writes_beside_others(&self) -> bool;

    /// Hands the rows of a query to `each` until it has enough.
    fn visit(&mut self, sql: Sql<'_>, params: &[Value], each: Each<'_>) -> Result<(), Error>;

    /// Runs a statement to its end; the number of rows that it touched.
    fn change(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<u64, Error>;

    /// Runs a statement that inserts a row; the number of the row.
    fn insert(&mut self, sql: Sql<'_>, params: &[Value]) -> Result<i64, Error>;

    /// Runs statements without values.
    fn batch(&mut self, sql: &str) -> Result<(), Error>;

    /// Waits for every transaction that locked the same key, and holds it until the end.
    fn lock(&mut self, key: &str) -> Result<(), Error>;
}

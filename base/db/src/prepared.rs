//! Statements that are built once and run often.

use sea_query::QueryStatementBuilder;

use crate::Dialect;

/// A statement in one dialect whose values come with each run, in the order in which it names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedSql(pub(crate) String);

impl PreparedSql {
    /// Keeps a statement. The values that it was built with only hold the places of those to come.
    pub fn of(dialect: Dialect, statement: &impl QueryStatementBuilder) -> Self {
        Self(dialect.render(statement).0)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

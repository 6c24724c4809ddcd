//! Statements that are built once and run often.

use sea_query::QueryStatementBuilder;

use crate::Dialect;

/// SQL of a statement in one dialect; its values are passed with each run, in the order of its placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedSql(pub(crate) String);

impl PreparedSql {
    /// Renders a statement. The values that it was built with only serve as placeholders.
    pub fn of(dialect: Dialect, statement: &impl QueryStatementBuilder) -> Self {
        Self(dialect.render(statement).0)
    }

    /// The SQL text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

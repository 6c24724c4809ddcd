//! Tables beside a table, one entry a row.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Dialect, PreparedSql, Value};

use crate::physical::iden;

/// A statement that deletes what a side table has of a row: its number.
pub(super) fn delete(dialect: Dialect, side: &str, column: &str) -> PreparedSql {
    let delete = Query::delete()
        .from_table(iden(side))
        .and_where(Expr::col(iden(column)).eq(Value::BigInt(Some(0))))
        .take();
    PreparedSql::of(dialect, &delete)
}

/// A name in quotes, for the statements that the builder has no words for. Names of side tables are our own.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

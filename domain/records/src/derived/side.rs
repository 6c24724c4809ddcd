//! Side tables with derived values of rows.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Dialect, PreparedSql, Value};

use crate::physical::iden;

/// Statement that deletes the values of a row; its parameter is the row's number.
pub(super) fn delete(dialect: Dialect, side: &str, column: &str) -> PreparedSql {
    let delete = Query::delete()
        .from_table(iden(side))
        .and_where(Expr::col(iden(column)).eq(Value::BigInt(Some(0))))
        .take();
    PreparedSql::of(dialect, &delete)
}

/// A quoted name, for statements that the builder does not support. Names of side tables are generated.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

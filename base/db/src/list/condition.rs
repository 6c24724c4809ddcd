//! Converts checked filters to SQL conditions.

use kernel::query::Test;
use sea_query::extension::postgres::PgBinOper;
use sea_query::{BinOper, Condition, Expr, ExprTrait, LikeExpr};

use super::checked::{Checked, Column};
pub use super::pattern::Match;
use super::pattern::pattern;
use super::{Attribute, Queryable};
use crate::{Dialect, Value};

/// The SQL condition of a filter. It uses every value of the filter once, in the filter's order, and its SQL does not
/// depend on the values: the SQL can be reused for all filters of the same shape.
pub(super) fn condition(dialect: Dialect, queryable: &Queryable, filter: &Checked) -> Condition {
    let each = |inner: &[Checked], start: Condition| {
        inner
            .iter()
            .fold(start, |all, filter| all.add(condition(dialect, queryable, filter)))
    };
    match filter {
        Checked::And(inner) => each(inner, Condition::all()),
        Checked::Or(inner) => each(inner, Condition::any()),
        Checked::Column(column) => Condition::all().add(test_of(dialect, queryable.at(column.position), column)),
        Checked::Resolved(condition) => condition.clone(),
    }
}

fn test_of(dialect: Dialect, on: &Attribute, Column { test, values, .. }: &Column) -> Expr {
    use Test::*;
    let column = || Expr::col(on.column.clone());
    let value = |index: usize| values[index].clone();
    let like = || any(values, |value| like(dialect, column(), value.clone()));
    match test {
        Equal if values.len() > 1 => column().is_in(values.iter().cloned()),
        Equal => column().eq(value(0)),
        NotEqual => column().ne(value(0)),
        LessThan => column().lt(value(0)),
        LessThanEqual => column().lte(value(0)),
        GreaterThan => column().gt(value(0)),
        GreaterThanEqual => column().gte(value(0)),
        Between => column().between(value(0), value(1)),
        NotBetween => column().not_between(value(0), value(1)),
        IsNull => column().is_null(),
        IsNotNull => column().is_not_null(),
        Contains if on.list => any(values, |value| holds(dialect, column(), value.clone())),
        NotContains if on.list => any(values, |value| holds(dialect, column(), value.clone())).not(),
        Regex => regular_expression(dialect, column(), value(0)),
        NotStartsWith | NotEndsWith | NotContains => like().not(),
        // All other operators were rejected by the check.
        _ => like(),
    }
}

fn regular_expression(dialect: Dialect, column: Expr, pattern: Value) -> Expr {
    let exprs = [column, Expr::value(pattern)];
    match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("matches_pattern(?, ?)", exprs),
        Dialect::Postgres => Expr::cust_with_exprs("$1 ~ $2", exprs),
    }
}

fn any(values: &[Value], one: impl Fn(&Value) -> Expr) -> Expr {
    let first = values.first().map(&one);
    let rest = values.iter().skip(1);
    first.map_or_else(
        || Expr::cust("0 = 1"),
        |first| rest.fold(first, |any, value| any.or(one(value))),
    )
}

/// The condition that a JSON list contains an element of another.
fn holds(dialect: Dialect, column: Expr, list: Value) -> Expr {
    match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("holds_any(?, ?)", [column, Expr::value(list)]),
        // Uses an index, if there is one.
        Dialect::Postgres => column
            .cast_as("jsonb")
            .binary(PgBinOper::Contains, Expr::value(list).cast_as("jsonb")),
    }
}

/// The condition that a column of JSON string lists contains any string of `list`, itself a JSON list of strings.
pub fn holds_any(dialect: Dialect, column: impl Into<Expr>, list: &str) -> Expr {
    let list = Expr::value(list);
    match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("holds_any(?, ?)", [column.into(), list]),
        // The list is converted to an array once per statement; `jsonb_exists_any` implements `?|`.
        Dialect::Postgres => Expr::cust_with_exprs(
            "jsonb_exists_any($1, ARRAY(SELECT jsonb_array_elements_text(CAST($2 AS jsonb))))",
            [column.into(), list],
        ),
    }
}

/// The condition that `column` contains `text` at the anchor, ignoring the case of ASCII letters.
pub fn matches(dialect: Dialect, column: impl Into<Expr>, anchor: Match, text: &str) -> Expr {
    like(dialect, column.into(), Value::from(pattern(anchor, text)))
}

fn like(dialect: Dialect, column: Expr, pattern: Value) -> Expr {
    let column = match dialect {
        // LIKE of SQLite ignores the case of ASCII letters only.
        Dialect::Sqlite => column,
        // In the collation "C" only ASCII letters have a case, regardless of the database's default collation.
        Dialect::Postgres => Expr::cust_with_expr("lower($1 COLLATE \"C\")", column),
    };
    let pattern = match pattern {
        Value::String(Some(pattern)) => pattern,
        _ => String::new(),
    };
    column.binary(BinOper::Like, LikeExpr::new(pattern).escape('\\'))
}

//! Conditions on rows found by a derived table, and the error of unsuitable values.

use db::list::Comparison;
use db::sea_query::{Condition, Expr, ExprTrait, SelectStatement};
use kernel::query::Error as QueryError;

use crate::Column;
use crate::physical::{self, iden};

/// Condition that a row is among the found ones; negated, that it has a value and is not among them.
pub(super) fn either(column: &Column, found: SelectStatement, negated: bool) -> Condition {
    let seq = Expr::col(iden(physical::SEQ));
    if negated {
        let there = Expr::col(iden(&column.name())).is_not_null();
        return Condition::all().add(there).add(seq.not_in_subquery(found));
    }
    Condition::all().add(seq.in_subquery(found))
}

pub(super) fn unfit(comparison: Comparison<'_>) -> QueryError {
    QueryError::at(
        comparison.query,
        format!("Query value is invalid for attribute \"{}\"", comparison.attribute),
    )
}

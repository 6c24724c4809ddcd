//! Filters through relationships: attributes with a dot (`author.name`), and relationships that are stored in other
//! tables.
//!
//! A row matches if any of its related rows matches. Only rows that the caller may read are considered, so filters
//! reveal nothing about other rows.

use db::Tx;
use db::list::{Comparison, ConditionResolver, Plan};
use db::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use kernel::query::{Error as QueryError, Filter, Queries, Test};

use super::{Reading, Visible};
use crate::columns::{Column, Relationship, Status};
use crate::physical::{ID, iden};
use crate::relations::{Link, MAX_DEPTH};
use crate::{AccessError, Error, Result};

/// Creates the resolver of conditions on attributes of a related table.
pub(super) type MakeResolver = for<'a> fn(Reading<'a>) -> Box<dyn ConditionResolver + 'a>;

/// The condition for a comparison with an attribute of related rows; none for other attributes.
pub(super) fn condition(
    tx: &mut Tx<'_>,
    reading: Reading<'_>,
    comparison: Comparison<'_>,
    resolver: MakeResolver,
) -> Result<Option<Condition>> {
    let (key, rest) = match comparison.attribute.split_once('.') {
        Some((key, rest)) => (key, Some(rest)),
        None => (comparison.attribute, None),
    };
    let Some((column, relationship)) = relationship(reading, key) else {
        return Ok(None);
    };
    let Some(rest) = rest else {
        return match (column.is_stored(), relationship.is_many()) {
            (true, _) => Ok(None),
            (false, false) => of_id(tx, reading, column, relationship, comparison, resolver).map(Some),
            (false, true) => Err(broken(comparison, "Cannot query on virtual relationship attribute")),
        };
    };
    if rest.split('.').count() > MAX_DEPTH {
        let rule = format!("Filters lead along {MAX_DEPTH} relationships at most");
        return Err(broken(comparison, &rule));
    }
    let found = matching(tx, reading, relationship, comparison, rest, resolver)?;
    Ok(Some(any_of(column, relationship, found)))
}

/// The relationship with this name, if it is visible to clients.
fn relationship<'t>(reading: Reading<'t>, key: &str) -> Option<(&'t Column, &'t Relationship)> {
    let column = reading.table.column(key)?;
    let is_visible = column.status == Status::Available && !column.is_hidden();
    Some((column, column.spec.kind.relationship().filter(|_| is_visible)?))
}

fn broken(comparison: Comparison<'_>, rule: &str) -> Error {
    QueryError::at(comparison.query, format!("{rule}: {}", comparison.attribute)).into()
}

/// A comparison with the ID of the one row that refers to this row.
fn of_id(
    tx: &mut Tx<'_>,
    reading: Reading<'_>,
    column: &Column,
    relationship: &Relationship,
    comparison: Comparison<'_>,
    resolver: MakeResolver,
) -> Result<Condition> {
    let negated = comparison.test == Test::IsNull;
    let test = if negated { Test::IsNotNull } else { comparison.test };
    let found = matching(
        tx,
        reading,
        relationship,
        Comparison { test, ..comparison },
        "$id",
        resolver,
    )?;
    let any = any_of(column, relationship, found);
    Ok(if negated { any.not() } else { any })
}

/// Query for the readable related rows that match a comparison with one of their attributes; the caller adds the
/// selected columns.
fn matching(
    tx: &mut Tx<'_>,
    reading: Reading<'_>,
    relationship: &Relationship,
    comparison: Comparison<'_>,
    attribute: &str,
    resolver: MakeResolver,
) -> Result<SelectStatement> {
    let related = reading.table.related(tx, relationship)?;
    let mut rows = Query::select().from(iden(&related.names.table)).take();
    let is_open = related.enabled || reading.access.client().is_none();
    match Visible::of(tx, &related, reading.access) {
        Ok(visible) if is_open => visible.limit(tx.dialect(), &related, &mut rows),
        Ok(_) | Err(Error::Access(AccessError::Unauthorized)) => {
            rows.and_where(Expr::cust("0 = 1"));
        }
        Err(error) => return Err(error),
    }
    let queries = Queries {
        filters: vec![Filter::Test {
            query: comparison.query,
            attribute: attribute.to_owned(),
            test: comparison.test,
            values: comparison.values.to_vec(),
        }],
        ..Queries::default()
    };
    let related_reading = Reading {
        table: &related,
        ..reading
    };
    let queryable = related.cache.queryable(&related);
    let plan = Plan::of(
        tx,
        SelectStatement::new,
        queryable,
        &queries,
        &mut *resolver(related_reading),
    )?;
    Ok(plan.filtered(rows))
}

/// The condition that a row is related to one of these rows. The subquery does not refer to the outer row, so the
/// engine evaluates it once, using an index.
fn any_of(column: &Column, relationship: &Relationship, mut found: SelectStatement) -> Condition {
    let id = || Expr::col(iden(ID));
    let holds = match Link::of(column, relationship) {
        Link::Here { column } => Expr::col(iden(&column)).in_subquery(found.column(iden(ID)).take()),
        Link::There { column } => {
            let holder = found
                .column(iden(&column))
                .and_where(Expr::col(iden(&column)).is_not_null());
            id().in_subquery(holder.take())
        }
        Link::Between { table, ours, theirs } => {
            let theirs = Expr::col(iden(theirs)).in_subquery(found.column(iden(ID)).take());
            let pairs = Query::select()
                .column(iden(ours))
                .from(iden(&table))
                .and_where(theirs)
                .take();
            id().in_subquery(pairs)
        }
    };
    Condition::all().add(holds)
}

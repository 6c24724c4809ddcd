//! Stored counters: rows of the table `usage`.

use std::collections::HashMap;

use db::sea_query::{Expr, ExprTrait, OnConflict, Query};
use db::{ToValue, Tx};
use kernel::Timestamp;

use kernel::Range;

use super::metric::{Metric, RETENTION, Span, UsageScope, span_of};
use crate::Result;

db::table! {
    /// Stored counter of one period.
    pub(crate) struct Counter in usage as Usage {
        /// Period length.
        pub(crate) span: String => Span,
        /// Start of the period.
        pub(crate) period: Timestamp => Period,
        /// Scope.
        pub(crate) place: String => Place,
        /// Metric.
        pub(crate) metric: String => Metric,
        /// Count or quantity.
        pub(crate) value: i64 => Value,
    }
}

/// Counters of row changes of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(super) reads: i64,
    pub(super) writes: i64,
    pub(super) rows: i64,
}

/// Adds the counters of tables, identified by the numbers of their database and table.
pub(super) fn add_all(tx: &mut Tx<'_>, tables: &[((i64, i64), Counters)]) -> Result<()> {
    let mut sums: HashMap<(UsageScope, Metric), i64> = HashMap::new();
    for ((database, table), counters) in tables {
        // The rows of a deleted table were subtracted at its deletion.
        let table_exists = tx.sql_optional::<i64>("SELECT seq FROM tables WHERE seq = ?", &[(*table).into()])?;
        for (metric, value) in counters.each() {
            if metric == Metric::Rows {
                if table_exists.is_none() {
                    continue;
                }
                *sums.entry((UsageScope::Table(*table), metric)).or_default() += value;
            }
            *sums.entry((UsageScope::Database(*database), metric)).or_default() += value;
            *sums.entry((UsageScope::Project, metric)).or_default() += value;
        }
    }
    for ((scope, metric), value) in sums {
        count(tx, scope, metric, value)?;
    }
    let now = tx.now();
    for (span, retention) in RETENTION {
        let old = Query::delete()
            .from_table(Usage::Table)
            .and_where(Expr::col(Usage::Span).eq(span.as_str()))
            .and_where(Expr::col(Usage::Period).lt(db::value(&now.minus(retention))))
            .take();
        tx.execute(&old)?;
    }
    Ok(())
}

/// Adds to a counter in the current periods.
pub(crate) fn count(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, more: i64) -> Result<()> {
    put(tx, scope, metric, more, |value| {
        Expr::col((Usage::Table, Usage::Value)).add(value)
    })
}

/// Stores a measured quantity in the current periods.
pub(super) fn set(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, value: i64) -> Result<()> {
    put(tx, scope, metric, value, Expr::value)
}

fn put(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, value: i64, again: fn(i64) -> Expr) -> Result<()> {
    for span in Span::ALL {
        let key = [Usage::Span, Usage::Period, Usage::Place, Usage::Metric];
        let period = span.begin(tx.now());
        let insert = Query::insert()
            .into_table(Usage::Table)
            .columns(Counter::COLUMNS)
            .values_panic([
                span.as_str().into(),
                db::value(&period).into(),
                scope.key().into(),
                metric.as_str().into(),
                value.into(),
            ])
            .on_conflict(OnConflict::columns(key).value(Usage::Value, again(value)).to_owned())
            .take();
        tx.execute(&insert)?;
    }
    Ok(())
}

/// Total of all time, or the last measured quantity.
pub(super) fn total(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric) -> Result<i64> {
    let found: Option<i64> = tx.sql_optional(
        "SELECT value FROM usage WHERE span = 'inf' AND place = ? AND metric = ?",
        &[scope.key().to_value(), metric.as_str().to_value()],
    )?;
    Ok(found.unwrap_or(0))
}

/// The counters of the periods of a range.
pub(super) fn since(
    tx: &mut Tx<'_>,
    scope: UsageScope,
    metric: Metric,
    range: Range,
) -> Result<HashMap<Timestamp, i64>> {
    let first = range.periods(tx.now()).into_iter().next();
    let known: Vec<(Timestamp, i64)> = tx.sql_all(
        "SELECT period, value FROM usage WHERE span = ? AND period >= ? AND place = ? AND metric = ?",
        &[
            span_of(range).as_str().to_value(),
            first.to_value(),
            scope.key().to_value(),
            metric.as_str().to_value(),
        ],
    )?;
    Ok(known.into_iter().collect())
}

/// Deletes the counters of scopes that no longer exist.
pub(crate) fn forget(tx: &mut Tx<'_>, scopes: &[UsageScope]) -> Result<()> {
    let delete = Query::delete()
        .from_table(Usage::Table)
        .and_where(Expr::col(Usage::Place).is_in(scopes.iter().map(|scope| scope.key())))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

/// Subtracts deleted tables and their rows from the counters of their database and of the project.
pub(crate) fn subtract_tables(tx: &mut Tx<'_>, database: i64, tables: &[i64]) -> Result<()> {
    let scopes: Vec<UsageScope> = tables.iter().map(|table| UsageScope::Table(*table)).collect();
    let mut rows = 0;
    for scope in &scopes {
        rows += total(tx, *scope, Metric::Rows)?;
    }
    for scope in [UsageScope::Database(database), UsageScope::Project] {
        count(tx, scope, Metric::Rows, -rows)?;
        count(
            tx,
            scope,
            Metric::Tables,
            -i64::try_from(tables.len()).unwrap_or(i64::MAX),
        )?;
    }
    forget(tx, &scopes)
}

/// Stores the size of each database in bytes, by its number.
pub fn measure(tx: &mut Tx<'_>, bytes: &HashMap<i64, i64>) -> Result<()> {
    for (database, bytes) in bytes {
        set(tx, UsageScope::Database(*database), Metric::Storage, *bytes)?;
    }
    set(tx, UsageScope::Project, Metric::Storage, bytes.values().sum())
}

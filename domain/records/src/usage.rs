//! Usage statistics: current values from the data itself, past values from counters.
//!
//! Acts that read or write rows increment counters in memory (`Counts`), which are stored at intervals
//! ([`Meter::flush`]) and before each query. After a crash, unstored counts are missing from past values; current
//! values stay correct, because past numbers of rows are computed backwards from the current one.

mod counts;
mod metric;
mod storage;
mod store;

use db::Tx;
pub use kernel::Range;
use kernel::Timestamp;

use crate::tables::entry::{Entry, all_of};
use crate::{DatabaseId, Result, physical};

pub(crate) use counts::Counts;
pub use counts::Meter;
pub use metric::{Metric, UsageScope};
pub use storage::stored;
pub use store::measure;
pub(crate) use store::{Usage, count, forget, subtract_tables};

/// A value and its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Current value, or total of all time.
    pub total: i64,
    /// Value per period, with the period's beginning.
    pub points: Vec<(Timestamp, i64)>,
}

/// Counter values: total in each period of the range, and in all.
pub fn counts_per_period(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, range: Range) -> Result<Series> {
    let known = store::since(tx, scope, metric, range)?;
    let value = |period: Timestamp| (period, known.get(&period).copied().unwrap_or(0));
    Ok(Series {
        total: store::total(tx, scope, metric)?,
        points: range.periods(tx.now()).into_iter().map(value).collect(),
    })
}

/// Quantity at the end of each period, and now.
pub fn quantity(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, range: Range, total: i64) -> Result<Series> {
    let known = store::since(tx, scope, metric, range)?;
    let (mut points, mut at_end) = (range.periods(tx.now()), total);
    let mut walked: Vec<(Timestamp, i64)> = Vec::with_capacity(points.len());
    while let Some(period) = points.pop() {
        walked.push((period, at_end.max(0)));
        at_end -= known.get(&period).copied().unwrap_or(0);
    }
    walked.reverse();
    Ok(Series { total, points: walked })
}

/// Measured quantity at the end of each period, and now.
pub fn measured(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, range: Range, total: i64) -> Result<Series> {
    let known = store::since(tx, scope, metric, range)?;
    let mut last = 0;
    let value = |period: Timestamp| {
        last = known.get(&period).copied().unwrap_or(last);
        (period, last)
    };
    Ok(Series {
        total,
        points: range.periods(tx.now()).into_iter().map(value).collect(),
    })
}

/// Number of rows in all tables of a database, or of the project.
pub fn rows(tx: &mut Tx<'_>, database: Option<&DatabaseId>) -> Result<i64> {
    let mut select = Entry::select();
    if let Some(database) = database {
        select = all_of(database);
    }
    let all: Vec<Entry> = tx.all(&select)?;
    all.iter().map(|entry| rows_of(tx, entry)).sum()
}

/// Number of rows in a table.
pub fn rows_of(tx: &mut Tx<'_>, table: &Entry) -> Result<i64> {
    physical::count_rows(tx, &table.physical())
}

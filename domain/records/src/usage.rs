//! How much is stored, read and written: the figures of today from the data itself, those of the past from counters.
//!
//! Who reads or writes rows only adds to counters in memory (`Counts`), which are stored at intervals
//! ([`Meter::flush`]) and before anybody asks. What a program that dies had not written down is missing from the past, and
//! from nothing else: how many rows there were an hour ago is what there are now, less what came since.

mod counts;
mod storage;
mod store;

use std::collections::HashMap;
use std::time::Duration;

use db::Tx;
pub use kernel::Range;
use kernel::Timestamp;

use crate::tables::{self, Entry};
use crate::{DatabaseId, Result, physical};

pub(crate) use counts::Counts;
pub use counts::Meter;
pub use storage::stored;
pub(crate) use store::{Usage, count, forget, lose_tables};

kernel::choices! {
    /// Metric of usage statistics.
    pub enum Metric {
        /// Rows that were read.
        Reads = "reads",
        /// Rows that were written.
        Writes = "writes",
        /// Rows that came, less those that went.
        Rows = "rows",
        /// Tables that came, less those that went.
        Tables = "tables",
        /// Databases that came, less those that went.
        Databases = "databases",
        /// Bytes on the disk, as they were last measured.
        Storage = "storage",
    }
}

kernel::choices! {
    /// Period of a counter.
    enum Span {
        /// An hour.
        Hour = "1h",
        /// A day.
        Day = "1d",
        /// Always.
        Ever = "inf",
    }
}

/// Scope of usage statistics: project, database or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageScope {
    /// In the whole project.
    Project,
    /// In the database of a number.
    Database(i64),
    /// In the table of a number.
    Table(i64),
}

impl UsageScope {
    fn key(self) -> String {
        match self {
            Self::Project => String::new(),
            Self::Database(seq) => format!("d{seq}"),
            Self::Table(seq) => format!("t{seq}"),
        }
    }
}

impl Span {
    const fn millis(self) -> i64 {
        match self {
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
            Self::Ever => i64::MAX,
        }
    }

    /// Start of the period that contains an instant.
    fn begin(self, instant: Timestamp) -> Timestamp {
        let millis = instant.millis();
        Timestamp::from_millis(millis - millis.rem_euclid(self.millis()))
    }
}

/// Period used for a range.
fn span_of(range: Range) -> Span {
    match range {
        Range::Day => Span::Hour,
        Range::Month | Range::Quarter => Span::Day,
    }
}

/// A figure, and how it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Now, or ever.
    pub total: i64,
    /// By period, with its beginning.
    pub points: Vec<(Timestamp, i64)>,
}

/// Counter values: total in each period of the range, and in all.
pub fn counts_per_period(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, range: Range) -> Result<Series> {
    let known = store::since(tx, scope, metric, range)?;
    let value = |period: Timestamp| (period, known.get(&period).copied().unwrap_or(0));
    Ok(Series {
        total: store::ever(tx, scope, metric)?,
        points: range.periods(tx.now()).into_iter().map(value).collect(),
    })
}

/// Quantity at the end of each period, and now.
pub fn there(tx: &mut Tx<'_>, scope: UsageScope, metric: Metric, range: Range, total: i64) -> Result<Series> {
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
        select = tables::all_of(database);
    }
    let all: Vec<Entry> = tx.all(&select)?;
    all.iter().map(|entry| rows_of(tx, entry)).sum()
}

/// Number of rows in a table.
pub fn rows_of(tx: &mut Tx<'_>, table: &Entry) -> Result<i64> {
    physical::count_rows(tx, &table.physical())
}

/// Writes down how many bytes each database has, by its number.
pub fn measure(tx: &mut Tx<'_>, bytes: &HashMap<i64, i64>) -> Result<()> {
    for (database, bytes) in bytes {
        store::set(tx, UsageScope::Database(*database), Metric::Storage, *bytes)?;
    }
    store::set(tx, UsageScope::Project, Metric::Storage, bytes.values().sum())
}

/// Retention of periods: somewhat longer than ranges reach.
const KEPT: [(Span, Duration); 2] = [
    (Span::Hour, Duration::from_secs(2 * 86_400)),
    (Span::Day, Duration::from_secs(92 * 86_400)),
];

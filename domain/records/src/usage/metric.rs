//! Metrics, scopes and periods of usage statistics.

use std::time::Duration;

use kernel::{Range, Timestamp};

kernel::choices! {
    /// Metric of usage statistics.
    pub enum Metric {
        /// Number of rows read.
        Reads = "reads",
        /// Number of rows written.
        Writes = "writes",
        /// Change of the number of rows.
        Rows = "rows",
        /// Change of the number of tables.
        Tables = "tables",
        /// Change of the number of databases.
        Databases = "databases",
        /// Size on disk in bytes, at the last measurement.
        Storage = "storage",
    }
}

kernel::choices! {
    /// Period of a counter.
    pub(super) enum Span {
        /// One hour.
        Hour = "1h",
        /// One day.
        Day = "1d",
        /// All time.
        Ever = "inf",
    }
}

/// Scope of usage statistics: project, database or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageScope {
    /// The whole project.
    Project,
    /// The database with a number.
    Database(i64),
    /// The table with a number.
    Table(i64),
}

impl UsageScope {
    pub(super) fn key(self) -> String {
        match self {
            Self::Project => String::new(),
            Self::Database(seq) => format!("d{seq}"),
            Self::Table(seq) => format!("t{seq}"),
        }
    }
}

impl Span {
    pub(super) const fn millis(self) -> i64 {
        match self {
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
            Self::Ever => i64::MAX,
        }
    }

    /// Start of the period that contains an instant.
    pub(super) fn begin(self, instant: Timestamp) -> Timestamp {
        let millis = instant.millis();
        Timestamp::from_millis(millis - millis.rem_euclid(self.millis()))
    }
}

/// Period used for a range.
pub(super) fn span_of(range: Range) -> Span {
    match range {
        Range::Day => Span::Hour,
        Range::Month | Range::Quarter => Span::Day,
    }
}

/// Retention of periods: somewhat longer than the longest range.
pub(super) const RETENTION: [(Span, Duration); 2] = [
    (Span::Hour, Duration::from_secs(2 * 86_400)),
    (Span::Day, Duration::from_secs(92 * 86_400)),
];

//! Usage statistics by period.

use kernel::Timestamp;

api::model! {
    /// Value of a metric in a period.
    pub struct Metric as "metric" {
        /// Value.
        value: i64 = "value",
        /// Start of the period.
        date: Timestamp = "date",
    }
}

/// The model of a series of values by period.
pub fn metrics(points: &[(Timestamp, i64)]) -> Vec<Metric> {
    let show = |(date, value): &(Timestamp, i64)| Metric {
        value: *value,
        date: *date,
    };
    points.iter().map(show).collect()
}

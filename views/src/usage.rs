//! Usage figures by period.

use kernel::Timestamp;

api::model! {
    /// A figure of a period.
    pub struct Metric as "metric" {
        /// The figure.
        value: i64 = "value",
        /// Start of the period.
        date: Timestamp = "date",
    }
}

/// Shows a figure by period.
pub fn metrics(points: &[(Timestamp, i64)]) -> Vec<Metric> {
    let show = |(date, value): &(Timestamp, i64)| Metric {
        value: *value,
        date: *date,
    };
    points.iter().map(show).collect()
}

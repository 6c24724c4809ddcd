//! Time ranges of usage statistics, and their periods.

use crate::Timestamp;

crate::choices! {
    /// Period to report on.
    pub enum Range {
        /// 24 hours, by hour.
        Day = "24h",
        /// 30 days, by day.
        Month = "30d",
        /// 90 days, by day.
        Quarter = "90d",
    }
}

impl Range {
    /// Length of one period, in milliseconds.
    pub const fn period(self) -> i64 {
        match self {
            Self::Day => 3_600_000,
            Self::Month | Self::Quarter => 86_400_000,
        }
    }

    /// Start times of its periods, up to the current one.
    pub fn periods(self, now: Timestamp) -> Vec<Timestamp> {
        let count = match self {
            Self::Day => 24,
            Self::Month => 30,
            Self::Quarter => 90,
        };
        let (now, millis) = (now.millis(), self.period());
        let last = now - now.rem_euclid(millis);
        let begins = (0..count).rev().map(|back| last - back * millis);
        begins.map(Timestamp::from_millis).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_with_the_present_one() {
        let now = Timestamp::parse("2026-11-21T12:34:56.000+00:00").expect("a date");
        let described = |range: Range| {
            let periods = range.periods(now);
            let (first, last) = (periods[0].to_string(), periods[periods.len() - 1].to_string());
            (periods.len(), first, last)
        };
        let day = "2026-11-21T00:00:00.000+00:00".to_owned();
        assert_eq!(
            described(Range::Month),
            (30, "2026-10-23T00:00:00.000+00:00".to_owned(), day)
        );
        let (count, first, last) = described(Range::Day);
        assert_eq!(
            (count, &first[..13], &last[..13]),
            (24, "2026-11-20T13", "2026-11-21T12")
        );
    }
}

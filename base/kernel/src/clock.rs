//! Time: timestamps in milliseconds, and the clock.
//!
//! No other module reads the system time. An act uses the time of its transaction, a test uses a manual clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

mod spelling;

pub use spelling::BadInstant;

/// The first instant of the year 0000.
const MIN_MILLIS: i64 = -62_167_219_200_000;
/// The last instant with a year of four digits: 9999-12-31T23:59:59.999Z.
const MAX_MILLIS: i64 = 253_402_300_799_999;

/// An instant in UTC, with millisecond precision.
///
/// On the wire it is ISO 8601 with milliseconds and `+00:00`, as every date in Appwrite's API is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z, clamped to the years 0000 to 9999.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(MIN_MILLIS, MAX_MILLIS))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as JWT claims count them (RFC 7519, NumericDate).
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant `span` later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self::from_millis(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// The instant `span` earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self::from_millis(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// Parses a spelling of ISO 8601, or an HTTP date; without a zone it counts as UTC.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text).ok()
    }

    /// As [`Timestamp::parse`], with the reason if the text is no instant.
    pub fn read(text: &str) -> Result<Self, BadInstant> {
        let millis = match OffsetDateTime::parse(text, &Rfc3339) {
            Ok(parsed) => i64::try_from(parsed.unix_timestamp_nanos().div_euclid(1_000_000)).ok(),
            Err(_) => spelling::millis(text),
        };
        let millis = millis.ok_or(BadInstant::Spelling)?;
        Self::within(millis).ok_or(BadInstant::Range)
    }

    /// From milliseconds since 1970-01-01T00:00:00Z; `None` outside of the years 0000 to 9999.
    pub fn within(millis: i64) -> Option<Self> {
        (MIN_MILLIS..=MAX_MILLIS).contains(&millis).then_some(Self(millis))
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(value: OffsetDateTime) -> Self {
        let millis = value.unix_timestamp_nanos().div_euclid(1_000_000);
        Self::from_millis(i64::try_from(millis).unwrap_or(MAX_MILLIS))
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(value: Timestamp) -> Self {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(value.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let days = self.0.div_euclid(86_400_000);
        let rest = self.0.rem_euclid(86_400_000);
        let julian = i32::try_from(days + 2_440_588).unwrap_or(0);
        let date = Date::from_julian_day(julian).unwrap_or(Date::MIN);
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}+00:00",
            rest % 1000
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an ISO 8601 date"))
    }
}

/// Source of the current time: the system clock, or a manual clock for tests.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that only changes by `advance`; clones share it.
    pub fn manual(start: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(start.millis()))))
    }

    /// The current time.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Some(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
            None => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(MAX_MILLIS))
            }
        }
    }

    /// Advances a manual clock; no effect on the system clock.
    pub fn advance(&self, span: Duration) {
        if let Some(millis) = &self.0 {
            millis.fetch_add(i64::try_from(span.as_millis()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_appwrite_writes_it_and_read_back() {
        for text in [
            "2020-10-15T06:38:00.123+00:00",
            "1969-12-31T23:59:59.999+00:00",
            "9999-12-31T23:59:59.999+00:00",
        ] {
            assert_eq!(Timestamp::parse(text).map(|t| t.to_string()).as_deref(), Some(text));
        }
        assert_eq!(
            Timestamp::parse("2020-10-15").map(Timestamp::seconds),
            Some(1_602_720_000)
        );
        assert_eq!(
            Timestamp::parse("2020-10-15 06:38:00").map(Timestamp::seconds),
            Some(1_602_743_880)
        );
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn every_unambiguous_spelling_of_an_instant_is_read() {
        let cases = [
            (
                "2024-05-05T10:00:00.000+00:00",
                &[
                    "2024-05-05T10:00:00Z",
                    "2024-05-05t10:00:00z",
                    "2024-05-05 10:00:00",
                    "2024-05-05T10:00",
                    "2024-05-05T10:00Z",
                    "2024-05-05T10",
                    "2024-05-05T10Z",
                    "2024-05-05T12:00:00+02:00",
                    "2024-05-05T12:00:00+0200",
                    "2024-05-05T12:00:00+02",
                    "2024-05-05T12:00:00 +02:00",
                    "2024-05-05 12:00:00 +0200",
                    "2024-05-05T15:30+05:30",
                    "2024-05-05T10:00:00-00:00",
                    "2024-05-05 10:00:00 UTC",
                    "2024-05-05 10:00:00 +0000 UTC",
                    "2024-05-05T10:00:00.000000000Z",
                    "20240505T100000Z",
                    "20240505T1000Z",
                    "20240505T120000+0200",
                    "2024/05/05 10:00",
                    "2024-W18-7T10:00:00Z",
                    "2024W187T100000Z",
                    "2024-126T10:00:00Z",
                    "  2024-05-05T10:00:00Z ",
                    "Sun, 05 May 2024 10:00:00 GMT",
                    "Sun, 5 May 2024 12:00:00 +0200",
                    "Sunday, 05-May-24 10:00:00 GMT",
                    "Sun May  5 10:00:00 2024",
                    "Sun May 05 2024 12:00:00 GMT+0200 (Central European Summer Time)",
                    "5 May 2024 10:00",
                    "May 5, 2024 10:00 AM",
                    "May 5, 2024 6:00 EDT",
                ][..],
            ),
            (
                "2024-05-05T00:00:00.000+00:00",
                &[
                    "2024-05-05",
                    "20240505",
                    "2024-05-04T24:00:00",
                    "2024-05-04T23:59:60Z",
                    "5 May 2024",
                ],
            ),
            ("2024-05-01T00:00:00.000+00:00", &["2024-05", "May 1, 2024 12:00 AM"]),
            (
                "2024-05-05T22:00:00.123+00:00",
                &["2024-05-05T22:00:00.1239Z", "20240505T220000.123"],
            ),
            ("0000-01-01T00:00:00.000+00:00", &["0000-01-01"]),
        ];
        for (instant, spellings) in cases {
            for spelling in spellings {
                assert_eq!(
                    Timestamp::read(spelling).map(|t| t.to_string()),
                    Ok(instant.to_owned()),
                    "{spelling}"
                );
            }
        }
    }

    #[test]
    fn other_texts_are_refused_with_what_is_wrong() {
        for text in [
            "",
            "now",
            "1714903200",
            "2024",
            "05/06/2024",
            "05.06.2024",
            "2024-13-01",
            "2024-02-30",
            "2024-05-05T10:00:00,5Z",
            "2024-05-05T25:00",
            "2024-05-05T24:01",
            "2024-05-05T10:60",
            "2024-05-05T10:00:00.",
            "2024-05-05T10:00:00+25:00",
            "2024-05-05T10:00:00+02:00[Europe/Berlin]",
            "2024-05-05T10:00:00 Europe/Berlin",
            "2024-W54-1",
            "2024-366-1",
            "2024-05-05T10:00:00Z and more",
            "5 Mai 2024",
            "13:00 PM May 5 2024",
            "２０２４-05-05",
        ] {
            assert_eq!(Timestamp::read(text), Err(BadInstant::Spelling), "{text}");
        }
        for text in [
            "9999-12-31T23:59:59-12:00",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T24:00:00",
        ] {
            assert_eq!(Timestamp::read(text), Err(BadInstant::Range), "{text}");
        }
    }
}

//! Spellings of instants: ISO 8601 in its basic and extended formats, and the dates of HTTP and of mails.
//!
//! Read is what the standard libraries of clients write: `2024-05-05T10:00:00.123+02:00`, `20240505T100000Z`,
//! `2024-05-05 10:00 +0200`, `2024-W19-7`, `2024-126`, `Sun, 05 May 2024 10:00:00 GMT`,
//! `Sun May 05 2024 10:00:00 GMT+0200 (CEST)`. Without a zone an instant is in UTC. Spellings that differ by country
//! (`05/06/2024`) and names of regions are not read.

use time::{Date, Month, Weekday};

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadInstant {
    /// It is spelled in no way that is read.
    Spelling,
    /// It is outside of the years 0000 to 9999 in UTC.
    Range,
}

impl BadInstant {
    /// The violated rule, as a message for the client.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Spelling => {
                "Value must be a date in the format YYYY-MM-DDTHH:MM:SS.sss+00:00, another format of ISO 8601, or the \
                 format of HTTP dates"
            }
            Self::Range => "Value must be a date between 0000-01-01T00:00:00 and 9999-12-31T23:59:59.999 in UTC",
        }
    }
}

/// Maximum length of a spelling in bytes.
const MAX_LENGTH: usize = 128;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Milliseconds since 1970-01-01T00:00:00Z, unlimited.
pub(super) fn millis(text: &str) -> Option<i64> {
    let text = text.trim_matches(' ');
    if text.len() > MAX_LENGTH || !text.is_ascii() {
        return None;
    }
    iso(text).or_else(|| named(text))
}

fn iso(text: &str) -> Option<i64> {
    let (date, rest) = iso_date(text)?;
    let clock = rest.strip_prefix(['T', 't']).or_else(|| {
        let clock = rest.trim_start_matches(' ');
        (clock.len() < rest.len() && clock.starts_with(|c: char| c.is_ascii_digit())).then_some(clock)
    });
    let (time, rest) = clock.map_or(Some((0, rest)), time_of_day)?;
    Some(midnight(date) + time - zone(rest)?)
}

fn midnight(date: Date) -> i64 {
    (i64::from(date.to_julian_day()) - 2_440_588) * DAY
}

/// Reads exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<(u16, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((plain.then(|| number.parse().ok()).flatten()?, rest))
}

/// Number of digits at the start.
fn count(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn iso_date(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = digits(text, 4)?;
    let basic = count(rest);
    if let Some(week) = rest.strip_prefix("-W").or_else(|| rest.strip_prefix('W')) {
        let (week, rest) = digits(week, 2)?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let (day, rest) = digits(rest, 1)?;
        let day = Weekday::Monday.nth_next(u8::try_from(day.checked_sub(1).filter(|day| *day < 7)?).ok()?);
        let date = Date::from_iso_week_date(year.into(), u8::try_from(week).ok()?, day).ok()?;
        return Some((date, rest));
    }
    if basic == 4 {
        let (month, rest) = digits(rest, 2)?;
        let (day, rest) = digits(rest, 2)?;
        return Some((calendar(year, month, day)?, rest));
    }
    let mark = rest
        .chars()
        .next()
        .filter(|mark| basic == 0 && matches!(mark, '-' | '/'))?;
    let rest = &rest[1..];
    if mark == '-' && count(rest) == 3 {
        let (day, rest) = digits(rest, 3)?;
        return Some((Date::from_ordinal_date(year.into(), day).ok()?, rest));
    }
    let (month, rest) = digits(rest, 2)?;
    match rest.strip_prefix(mark) {
        Some(day) => {
            let (day, rest) = digits(day, 2)?;
            Some((calendar(year, month, day)?, rest))
        }
        None if mark == '-' && rest.is_empty() => Some((calendar(year, month, 1)?, rest)),
        None => None,
    }
}

fn calendar(year: u16, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
}

/// `10`, `10:00`, `10:00:00.123`, `1000`, `100000.123`. 24:00:00 is the next midnight, and second 60 the next minute.
fn time_of_day(text: &str) -> Option<(i64, &str)> {
    let basic = count(text) > 2;
    let next = |rest: &'_ str| -> Option<usize> {
        let at = usize::from(!basic);
        let marked = basic || rest.starts_with(':');
        (marked && count(rest.get(at..)?) >= 2).then_some(at)
    };
    let (hour, mut rest) = digits(text, 2)?;
    let (mut minute, mut second, mut fraction) = (0, 0, 0);
    if let Some(at) = next(rest) {
        (minute, rest) = digits(&rest[at..], 2)?;
        if let Some(at) = next(rest) {
            (second, rest) = digits(&rest[at..], 2)?;
            if let Some(after) = rest.strip_prefix('.') {
                let length = count(after);
                let first: String = after[..length].chars().chain("000".chars()).take(3).collect();
                fraction = (length > 0).then(|| first.parse().ok()).flatten()?;
                rest = &after[length..];
            }
        }
    }
    let fits = (hour < 24 && minute < 60 && second <= 60) || (hour, minute, second, fraction) == (24, 0, 0, 0);
    let time = i64::from(hour) * HOUR + i64::from(minute) * MINUTE + i64::from(second) * SECOND + fraction;
    fits.then_some((time, rest))
}

/// Milliseconds that a zone is ahead of UTC: `Z`, `UTC`, `+02:00`, `+0200`, `+02`, `GMT+0200`, `+0000 UTC`, and the names
/// of RFC 5322.
fn zone(text: &str) -> Option<i64> {
    let upper = text.trim_matches(' ').to_ascii_uppercase();
    let name_end = upper.find(['+', '-']).unwrap_or(upper.len());
    let (name, offset) = upper.split_at(name_end);
    let hours = match name.trim_end_matches(' ') {
        "" | "Z" | "UT" | "UTC" | "GMT" => 0,
        "EDT" if offset.is_empty() => -4,
        "EST" | "CDT" if offset.is_empty() => -5,
        "CST" | "MDT" if offset.is_empty() => -6,
        "MST" | "PDT" if offset.is_empty() => -7,
        "PST" if offset.is_empty() => -8,
        _ => return None,
    };
    if offset.is_empty() {
        return Some(hours * HOUR);
    }
    let (sign, rest) = (if offset.starts_with('-') { -1 } else { 1 }, &offset[1..]);
    let (hour, rest) = digits(rest, 2)?;
    let minutes = rest.strip_prefix(':').unwrap_or(rest);
    let (minute, rest) = if count(minutes) >= 2 {
        digits(minutes, 2)?
    } else {
        (0, rest)
    };
    let ahead = sign * (i64::from(hour) * HOUR + i64::from(minute) * MINUTE);
    let same = matches!(rest.trim_matches(' '), "") || (ahead == 0 && matches!(rest.trim_matches(' '), "UTC" | "GMT"));
    (hour <= 18 && minute < 60 && same).then_some(ahead)
}

/// Dates with the name of the month, of HTTP (RFC 9110), mails (RFC 5322), C's `asctime` and JavaScript's `toString`.
fn named(text: &str) -> Option<i64> {
    // The name of the zone in parentheses repeats its offset.
    let text = match text.split_once(" (") {
        Some((before, comment)) if comment.ends_with(')') => before,
        _ => text,
    };
    let spaced = text.replace(',', " ");
    let mut words = spaced.split_ascii_whitespace().peekable();
    if words.peek().is_some_and(|word| is_weekday(word)) {
        words.next();
    }
    let first = words.next()?;
    let (mut year, month, day) = match first.split('-').collect::<Vec<_>>()[..] {
        [day, month, year] => (Some(year_of(year)?), month_of(month)?, number(day)?),
        [_] if first.starts_with(|c: char| c.is_ascii_digit()) => (None, month_of(words.next()?)?, number(first)?),
        [_] => (None, month_of(first)?, number(words.next()?)?),
        _ => return None,
    };
    let (mut time, mut half, mut rest) = (None, None, Vec::new());
    for word in words {
        let upper = word.to_ascii_uppercase();
        if time.is_none() && word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            time = Some(
                time_of_day(&format!("{word:0>5}"))
                    .filter(|(_, rest)| rest.is_empty())?
                    .0,
            );
        } else if year.is_none() && word.len() == 4 && count(word) == 4 {
            year = Some(word.parse().ok()?);
        } else if half.is_none() && matches!(upper.as_str(), "AM" | "PM") {
            half = Some(upper == "PM");
        } else {
            rest.push(word);
        }
    }
    let mut time = time.unwrap_or(0);
    if let Some(afternoon) = half {
        let hour = time / HOUR;
        if !(1..=12).contains(&hour) {
            return None;
        }
        time += (i64::from(afternoon) * 12 - i64::from(hour == 12) * 12) * HOUR;
    }
    let date = Date::from_calendar_date(i32::from(year?), month, day).ok()?;
    Some(midnight(date) + time - zone(&rest.join(" "))?)
}

fn is_weekday(word: &str) -> bool {
    let names = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    names
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(&name[..3]))
}

fn month_of(word: &str) -> Option<Month> {
    let mut months = (1..=12).filter_map(|number| Month::try_from(number).ok());
    months.find(|month| {
        let name = month.to_string();
        word.eq_ignore_ascii_case(&name) || word.eq_ignore_ascii_case(&name[..3])
    })
}

fn number(word: &str) -> Option<u8> {
    (count(word) == word.len() && word.len() <= 2).then(|| word.parse().ok())?
}

/// A year of four digits, or of two as in RFC 850: 69 to 99 are in the twentieth century.
fn year_of(word: &str) -> Option<u16> {
    let year: u16 = (count(word) == word.len()).then(|| word.parse().ok())??;
    match word.len() {
        4 => Some(year),
        2 if year < 69 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

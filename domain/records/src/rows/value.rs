//! Values: validation against their column, and conversion to SQL.

use std::net::IpAddr;

use db::{ToValue, Value};
use geometry::Shape;
use kernel::contact::Email;
use kernel::{BadInstant, Timestamp};
use serde_json::Value as Json;
use url::Url;

use super::record::real;
use crate::RowId;
use crate::columns::{Column, Kind};
use crate::error::Flaw;
use crate::sealed::Sealer;

/// Range of integers that Appwrite stores in four bytes, which it does for columns whose maximum fits.
const FOUR_BYTES: std::ops::RangeInclusive<i64> = -2_147_483_647..=2_147_483_647;

/// Validates a value against its column, and returns its stored form: dates in UTC, numbers of a float column as
/// floats. Null is valid if the column is not required.
pub fn check(column: &Column, value: &Json) -> Result<Json, Flaw> {
    let key = || column.key.to_string();
    match value {
        Json::Null if column.spec.required => Err(Flaw::Missing(key())),
        Json::Null => Ok(Json::Null),
        Json::Array(items) if column.spec.array => {
            let one = |(index, item): (usize, &Json)| match item {
                Json::Null if !column.spec.required => Ok(Json::Null),
                item => one(column, item).map_err(|flaw| at(flaw, index)),
            };
            items
                .iter()
                .enumerate()
                .map(one)
                .collect::<Result<_, _>>()
                .map(Json::Array)
        }
        _ if column.spec.array => Err(Flaw::NotAList(key())),
        value => one(column, value),
    }
}

/// Converts a validated value to SQL.
pub(crate) fn to_sql(column: &Column, value: &Json, sealer: &Sealer) -> Value {
    match value {
        Json::Null => Value::String(None),
        Json::Array(items) if column.spec.array && column.spec.encrypt => {
            let sealed: Vec<_> = items
                .iter()
                .map(|item| item.as_str().map(|text| sealer.seal(text)))
                .collect();
            db::Json(sealed).to_value()
        }
        Json::String(text) if column.spec.encrypt => sealer.seal(text).to_value(),
        Json::Array(_) | Json::Object(_) => value.to_value(),
        Json::String(text) => text.to_value(),
        Json::Bool(flag) => flag.to_value(),
        Json::Number(number) => match number.as_i64() {
            Some(number) => number.to_value(),
            None => number.as_f64().to_value(),
        },
    }
}

/// Adds the index of a list's item to an error, in Appwrite's form: `key['0']`.
fn at(flaw: Flaw, index: usize) -> Flaw {
    match flaw {
        Flaw::Type(key, rule) => Flaw::Type(format!("{key}['{index}']"), rule),
        Flaw::Format(key, rule) => Flaw::Format(format!("{key}['{index}']"), rule),
        other => other,
    }
}

/// Validates a single value, which is not null.
fn one(column: &Column, value: &Json) -> Result<Json, Flaw> {
    let key = || column.key.to_string();
    let mistyped = |rule: &'static str| Flaw::Type(key(), rule.into());
    let malformed = |rule: &'static str| Flaw::Format(key(), rule.into());
    match &column.spec.kind {
        Kind::Integer { min, max } => {
            let number = value.as_i64();
            let number = number.ok_or_else(|| mistyped("Value must be a valid integer"))?;
            if *max <= *FOUR_BYTES.end() && !FOUR_BYTES.contains(&number) {
                return Err(mistyped(
                    "Value must be a valid range between -2147483647 and 2147483647",
                ));
            }
            within(column, &number, min, max)?;
            Ok(number.into())
        }
        Kind::Float { min, max } => {
            let number = value.as_f64().ok_or_else(|| mistyped("Value must be a valid float"))?;
            within(column, &number, min, max)?;
            Ok(real(number))
        }
        Kind::Boolean => {
            let flag = value.as_bool();
            flag.map(Json::Bool)
                .ok_or_else(|| mistyped("Value must be a valid boolean"))
        }
        Kind::Datetime => {
            let instant = value.as_str().map_or(Err(BadInstant::Spelling), Timestamp::read);
            instant
                .map(|instant| Json::String(instant.to_string()))
                .map_err(|error| mistyped(error.rule()))
        }
        Kind::Point => shape(column, geometry::Kind::Point, value),
        Kind::Line => shape(column, geometry::Kind::Line, value),
        Kind::Polygon => shape(column, geometry::Kind::Polygon, value),
        kind => {
            let text = value.as_str().ok_or_else(|| mistyped("Value must be a valid string"))?;
            let size = kind.size().map_or(usize::MAX, |size| size as usize);
            if text.len() > size && text.chars().count() > size {
                let rule = format!("Value must be a valid string and no longer than {size} chars");
                return Err(Flaw::Type(key(), rule.into()));
            }
            if text.contains('\0') {
                return Err(malformed("Value must not contain the NUL character"));
            }
            match kind {
                Kind::Relationship(_) if RowId::parse(text).is_none() => Err(mistyped("Value must be the id of a row")),
                Kind::Email if Email::new(text).is_none() => Err(malformed("Value must be a valid email address")),
                Kind::Ip if text.parse::<IpAddr>().is_err() => Err(malformed("Value must be a valid IP address")),
                Kind::Url if !is_url(text) => Err(malformed("Value must be a valid URL")),
                Kind::Enum { elements } if !elements.iter().any(|element| element == text) => {
                    let rule = format!("Value must be one of ({})", elements.join(", "));
                    Err(Flaw::Format(key(), rule.into()))
                }
                _ => Ok(Json::String(text.to_owned())),
            }
        }
    }
}

fn within<T: PartialOrd + std::fmt::Display>(column: &Column, number: &T, min: &T, max: &T) -> Result<(), Flaw> {
    if (min..=max).contains(&number) {
        return Ok(());
    }
    let rule = format!("Value must be a valid range between {min} and {max}");
    Err(Flaw::Format(column.key.to_string(), rule.into()))
}

/// Validates coordinates, and returns their stored form.
fn shape(column: &Column, kind: geometry::Kind, value: &Json) -> Result<Json, Flaw> {
    let flaw = |rule: String| Flaw::Type(column.key.to_string(), rule.into());
    let shape = Shape::parse(kind, value).map_err(|error| flaw(error.to_string()))?;
    serde_json::from_str(&shape.to_json()).map_err(|error| flaw(error.to_string()))
}

/// Whether a text is an absolute URL with a host.
fn is_url(text: &str) -> bool {
    !text.contains(char::is_whitespace) && Url::parse(text).is_ok_and(|url| url.has_host())
}

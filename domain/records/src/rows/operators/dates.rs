//! Operators on dates.

use kernel::Timestamp;
use serde_json::Value as Json;

use super::operands::Operands;
use crate::error::Flaw;

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

pub(super) fn add_days(operands: &Operands<'_>) -> Result<Json, Flaw> {
    shifted(operands, false)
}

pub(super) fn sub_days(operands: &Operands<'_>) -> Result<Json, Flaw> {
    shifted(operands, true)
}

pub(super) fn set_now(operands: &Operands<'_>) -> Result<Json, Flaw> {
    Ok(Json::String(operands.now.to_string()))
}

fn shifted(operands: &Operands<'_>, back: bool) -> Result<Json, Flaw> {
    let days = operands.values.first().and_then(Json::as_i64);
    let days = days.ok_or_else(|| operands.flaw("its value must be a whole number of days"))?;
    let Some(instant) = operands.current.as_str().and_then(Timestamp::parse) else {
        return Ok(Json::Null);
    };
    let span = days.checked_mul(DAY);
    let millis = span.and_then(|span| {
        if back {
            instant.millis().checked_sub(span)
        } else {
            instant.millis().checked_add(span)
        }
    });
    let shifted = millis.and_then(Timestamp::within);
    let shifted = shifted.ok_or_else(|| operands.flaw("the result is not between the years 0000 and 9999"))?;
    Ok(Json::String(shifted.to_string()))
}

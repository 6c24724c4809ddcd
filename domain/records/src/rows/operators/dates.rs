//! Operators on dates.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::Value as Json;

use super::operands::Operands;
use crate::error::Flaw;

const DAY: u64 = 24 * 60 * 60;

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
    let span = Duration::from_secs(days.unsigned_abs().saturating_mul(DAY));
    let back = back != (days < 0);
    let shifted = if back { instant.minus(span) } else { instant.plus(span) };
    Ok(Json::String(shifted.to_string()))
}

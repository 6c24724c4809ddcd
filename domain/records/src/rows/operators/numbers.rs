//! Operators on numbers.

use serde_json::{Number, Value as Json};

use super::operands::Operands;
use crate::columns::Stored;
use crate::error::Flaw;

type OperatorResult = Result<Json, Flaw>;

pub(super) fn increment(operands: &Operands<'_>) -> OperatorResult {
    whole_operand(operands)?;
    let bound = Bound::Max(limit(operands)?);
    apply(operands, bound, |a, b| a.checked_add(b), |a, b| a + b)
}

pub(super) fn decrement(operands: &Operands<'_>) -> OperatorResult {
    whole_operand(operands)?;
    let bound = Bound::Min(limit(operands)?);
    apply(operands, bound, |a, b| a.checked_sub(b), |a, b| a - b)
}

pub(super) fn multiply(operands: &Operands<'_>) -> OperatorResult {
    let bound = Bound::Max(limit(operands)?);
    apply(operands, bound, |a, b| a.checked_mul(b), |a, b| a * b)
}

pub(super) fn divide(operands: &Operands<'_>) -> OperatorResult {
    not_zero(operands)?;
    let bound = Bound::Min(limit(operands)?);
    // An inexact quotient is rounded for integers.
    apply(operands, bound, |a, b| (a % b == 0).then(|| a / b), |a, b| a / b)
}

pub(super) fn modulo(operands: &Operands<'_>) -> OperatorResult {
    whole_operand(operands)?;
    not_zero(operands)?;
    apply(operands, Bound::None, |a, b| a.checked_rem(b), |a, b| a % b)
}

pub(super) fn power(operands: &Operands<'_>) -> OperatorResult {
    let bound = Bound::Max(limit(operands)?);
    let whole = |a: i128, b: i128| u32::try_from(b).ok().and_then(|b| a.checked_pow(b));
    apply(operands, bound, whole, f64::powf)
}

/// Bound of a result.
enum Bound<'a> {
    None,
    Max(Option<&'a Number>),
    Min(Option<&'a Number>),
}

fn operand<'a>(operands: &Operands<'a>) -> Result<&'a Number, Flaw> {
    match operands.values.first() {
        Some(Json::Number(number)) => Ok(number),
        _ => Err(operands.flaw("its value must be a number")),
    }
}

fn limit<'a>(operands: &Operands<'a>) -> Result<Option<&'a Number>, Flaw> {
    match operands.values.get(1) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Number(number)) => Ok(Some(number)),
        Some(_) => Err(operands.flaw("its limit must be a number")),
    }
}

/// Refuses a fraction for an integer column, as the endpoints that count up and down do.
fn whole_operand(operands: &Operands<'_>) -> Result<(), Flaw> {
    let is_whole = whole_number(operand(operands)?).is_some();
    if is_whole || operands.column.spec.kind.stored() == Stored::Real {
        Ok(())
    } else {
        Err(operands.flaw("its value must be a whole number, because the column holds whole numbers"))
    }
}

/// The integer that a number denotes, also if it is written as a fraction (`2.0`); none outside of 64 bits.
pub(in crate::rows) fn whole_number(number: &Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let real = number
        .as_f64()
        .filter(|real| real.fract() == 0.0 && real.abs() <= EXACT);
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number of at most 53 bits")]
    number.as_i64().or_else(|| real.map(|real| real as i64))
}

fn not_zero(operands: &Operands<'_>) -> Result<(), Flaw> {
    match operand(operands)?.as_f64() {
        Some(0.0) => Err(operands.flaw("nothing is divided by zero")),
        _ => Ok(()),
    }
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// Applies an operation; a null value counts as zero.
fn apply(
    operands: &Operands<'_>,
    bound: Bound<'_>,
    whole: impl Fn(i128, i128) -> Option<i128>,
    real: impl Fn(f64, f64) -> f64,
) -> OperatorResult {
    let operand = operand(operands)?;
    if operands.column.spec.kind.stored() == Stored::Real {
        let result = real(operands.current.as_f64().unwrap_or_default(), float(operand));
        let number = Number::from_f64(bound.hold_real(result) + 0.0);
        return number.map(Json::Number).ok_or_else(|| too_far(operands));
    }
    let current = operands.current.as_i64().unwrap_or_default();
    let exact = whole_number(operand).and_then(|operand| whole(current.into(), operand.into()));
    // Inexact results are rounded.
    #[expect(clippy::cast_precision_loss, reason = "what does not fit is not exact either")]
    let result = exact.or_else(|| rounded(bound.hold_real(real(current as f64, float(operand)))));
    let result = result.map(|result| bound.hold(result));
    result
        .and_then(|result| i64::try_from(result).ok())
        .map(Json::from)
        .ok_or_else(|| too_far(operands))
}

impl Bound<'_> {
    fn hold_real(&self, result: f64) -> f64 {
        match self {
            Self::Max(Some(most)) => result.min(float(most)),
            Self::Min(Some(least)) => result.max(float(least)),
            _ => result,
        }
    }

    fn hold(&self, result: i128) -> i128 {
        match self {
            Self::Max(Some(most)) => result.min(whole_of(most, f64::floor)),
            Self::Min(Some(least)) => result.max(whole_of(least, f64::ceil)),
            _ => result,
        }
    }
}

fn whole_of(limit: &Number, round: fn(f64) -> f64) -> i128 {
    #[expect(clippy::cast_possible_truncation, reason = "a cast to an integer saturates")]
    limit.as_i64().map_or_else(|| round(float(limit)) as i128, i128::from)
}

fn too_far(operands: &Operands<'_>) -> Flaw {
    operands.flaw("the result is too large or too small")
}

/// The nearest integer, halves away from zero; none if it is out of range.
fn rounded(number: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "it is known to fit")]
    (number.abs() < 1e19).then(|| number.round() as i128)
}

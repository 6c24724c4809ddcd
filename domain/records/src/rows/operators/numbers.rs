//! Operators on numbers.

use serde_json::{Number, Value as Json};

use super::work::Work;
use crate::columns::Stored;
use crate::error::Flaw;

type OperatorResult = Result<Json, Flaw>;

pub(super) fn increment(work: &Work<'_>) -> OperatorResult {
    whole_operand(work)?;
    let bound = Bound::Most(limit(work)?);
    apply(work, bound, |a, b| a.checked_add(b), |a, b| a + b)
}

pub(super) fn decrement(work: &Work<'_>) -> OperatorResult {
    whole_operand(work)?;
    let bound = Bound::Least(limit(work)?);
    apply(work, bound, |a, b| a.checked_sub(b), |a, b| a - b)
}

pub(super) fn multiply(work: &Work<'_>) -> OperatorResult {
    let bound = Bound::Most(limit(work)?);
    apply(work, bound, |a, b| a.checked_mul(b), |a, b| a * b)
}

pub(super) fn divide(work: &Work<'_>) -> OperatorResult {
    not_zero(work)?;
    let bound = Bound::Least(limit(work)?);
    // An inexact quotient is rounded for integers.
    apply(work, bound, |a, b| (a % b == 0).then(|| a / b), |a, b| a / b)
}

pub(super) fn modulo(work: &Work<'_>) -> OperatorResult {
    whole_operand(work)?;
    not_zero(work)?;
    apply(work, Bound::None, |a, b| a.checked_rem(b), |a, b| a % b)
}

pub(super) fn power(work: &Work<'_>) -> OperatorResult {
    let bound = Bound::Most(limit(work)?);
    let whole = |a: i128, b: i128| u32::try_from(b).ok().and_then(|b| a.checked_pow(b));
    apply(work, bound, whole, f64::powf)
}

/// Bound of a result.
enum Bound<'a> {
    None,
    Most(Option<&'a Number>),
    Least(Option<&'a Number>),
}

fn operand<'a>(work: &Work<'a>) -> Result<&'a Number, Flaw> {
    match work.values.first() {
        Some(Json::Number(number)) => Ok(number),
        _ => Err(work.flaw("its value must be a number")),
    }
}

fn limit<'a>(work: &Work<'a>) -> Result<Option<&'a Number>, Flaw> {
    match work.values.get(1) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Number(number)) => Ok(Some(number)),
        Some(_) => Err(work.flaw("its limit must be a number")),
    }
}

/// Refuses a fraction for an integer column, as the endpoints that count up and down do.
fn whole_operand(work: &Work<'_>) -> Result<(), Flaw> {
    let is_whole = whole_number(operand(work)?).is_some();
    if is_whole || work.column.spec.kind.stored() == Stored::Real {
        Ok(())
    } else {
        Err(work.flaw("its value must be a whole number, because the column holds whole numbers"))
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

fn not_zero(work: &Work<'_>) -> Result<(), Flaw> {
    match operand(work)?.as_f64() {
        Some(0.0) => Err(work.flaw("nothing is divided by zero")),
        _ => Ok(()),
    }
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// Applies an operation; a null value counts as zero.
fn apply(
    work: &Work<'_>,
    bound: Bound<'_>,
    whole: impl Fn(i128, i128) -> Option<i128>,
    real: impl Fn(f64, f64) -> f64,
) -> OperatorResult {
    let operand = operand(work)?;
    if work.column.spec.kind.stored() == Stored::Real {
        let result = real(work.current.as_f64().unwrap_or_default(), float(operand));
        let number = Number::from_f64(bound.hold_real(result) + 0.0);
        return number.map(Json::Number).ok_or_else(|| too_far(work));
    }
    let current = work.current.as_i64().unwrap_or_default();
    let exact = whole_number(operand).and_then(|operand| whole(current.into(), operand.into()));
    // Inexact results are rounded.
    #[expect(clippy::cast_precision_loss, reason = "what does not fit is not exact either")]
    let result = exact.or_else(|| rounded(bound.hold_real(real(current as f64, float(operand)))));
    let result = result.map(|result| bound.hold(result));
    result
        .and_then(|result| i64::try_from(result).ok())
        .map(Json::from)
        .ok_or_else(|| too_far(work))
}

impl Bound<'_> {
    fn hold_real(&self, result: f64) -> f64 {
        match self {
            Self::Most(Some(most)) => result.min(float(most)),
            Self::Least(Some(least)) => result.max(float(least)),
            _ => result,
        }
    }

    fn hold(&self, result: i128) -> i128 {
        match self {
            Self::Most(Some(most)) => result.min(whole_of(most, f64::floor)),
            Self::Least(Some(least)) => result.max(whole_of(least, f64::ceil)),
            _ => result,
        }
    }
}

fn whole_of(limit: &Number, round: fn(f64) -> f64) -> i128 {
    #[expect(clippy::cast_possible_truncation, reason = "a cast to an integer saturates")]
    limit.as_i64().map_or_else(|| round(float(limit)) as i128, i128::from)
}

fn too_far(work: &Work<'_>) -> Flaw {
    work.flaw("the result is too large or too small")
}

/// The nearest integer, halves away from zero; none if it is out of range.
fn rounded(number: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "it is known to fit")]
    (number.abs() < 1e19).then(|| number.round() as i128)
}

//! Operators on lists.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::operands::Operands;
use crate::error::Flaw;
use crate::rows::check;

type OperatorResult = Result<Json, Flaw>;

pub(super) fn append(operands: &Operands<'_>) -> OperatorResult {
    Ok(Json::Array([current(operands), operands.values.to_vec()].concat()))
}

pub(super) fn prepend(operands: &Operands<'_>) -> OperatorResult {
    Ok(Json::Array([operands.values.to_vec(), current(operands)].concat()))
}

pub(super) fn insert(operands: &Operands<'_>) -> OperatorResult {
    let mut items = current(operands);
    let index = operands.values[0]
        .as_u64()
        .and_then(|index| usize::try_from(index).ok());
    match index.filter(|index| *index <= items.len()) {
        Some(index) => items.insert(index, operands.values[1].clone()),
        None => return Err(operands.flaw(&format!("its index must lie between 0 and {}", items.len()))),
    }
    Ok(Json::Array(items))
}

pub(super) fn remove(operands: &Operands<'_>) -> OperatorResult {
    let gone = given(operands)?;
    Ok(without(operands, |item| gone.contains(item)))
}

pub(super) fn diff(operands: &Operands<'_>) -> OperatorResult {
    remove(operands)
}

pub(super) fn intersect(operands: &Operands<'_>) -> OperatorResult {
    let common = given(operands)?;
    Ok(without(operands, |item| !common.contains(item)))
}

pub(super) fn unique(operands: &Operands<'_>) -> OperatorResult {
    let mut seen = std::collections::HashSet::new();
    // Numbers, texts and booleans have one form each, so equal items have equal JSON.
    let items = current(operands)
        .into_iter()
        .filter(|item| seen.insert(item.to_string()));
    Ok(Json::Array(items.collect()))
}

pub(super) fn filter(operands: &Operands<'_>) -> OperatorResult {
    let condition = operands.text(0)?;
    let fits: fn(Ordering) -> bool = match condition {
        "isNull" => return Ok(without(operands, |item| !item.is_null())),
        "isNotNull" => return Ok(without(operands, Json::is_null)),
        "equal" => Ordering::is_eq,
        "notEqual" => Ordering::is_ne,
        "greaterThan" => Ordering::is_gt,
        "greaterThanEqual" => Ordering::is_ge,
        "lessThan" => Ordering::is_lt,
        "lessThanEqual" => Ordering::is_le,
        _ => return Err(operands.flaw(&format!("\"{condition}\" is no condition"))),
    };
    let value = operands.values.get(1);
    let value = value.ok_or_else(|| operands.flaw("this condition needs a value to compare with"))?;
    let value = item(operands, value)?;
    Ok(without(operands, |item| match compare(item, &value) {
        Some(order) => !fits(order),
        // Null equals no value.
        None => condition != "notEqual",
    }))
}

fn current(operands: &Operands<'_>) -> Vec<Json> {
    operands.current.as_array().cloned().unwrap_or_default()
}

fn without(operands: &Operands<'_>, gone: impl Fn(&Json) -> bool) -> Json {
    let items = operands.current.as_array().into_iter().flatten();
    Json::Array(items.filter(|item| !gone(item)).cloned().collect())
}

/// The operator's values in the stored form.
fn given(operands: &Operands<'_>) -> Result<Vec<Json>, Flaw> {
    operands.values.iter().map(|value| item(operands, value)).collect()
}

fn item(operands: &Operands<'_>, value: &Json) -> OperatorResult {
    let list = check(operands.column, &Json::Array(vec![value.clone()]))?;
    match list {
        Json::Array(mut items) => Ok(items.pop().unwrap_or_default()),
        other => Ok(other),
    }
}

/// Compares two items of a list; none if one is null.
fn compare(a: &Json, b: &Json) -> Option<Ordering> {
    match (a, b) {
        (Json::String(a), Json::String(b)) => Some(a.cmp(b)),
        (Json::Bool(a), Json::Bool(b)) => Some(a.cmp(b)),
        (Json::Number(x), Json::Number(y)) => match (x.as_i64(), y.as_i64()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
        },
        _ => None,
    }
}

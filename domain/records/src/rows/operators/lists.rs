//! Operators on lists.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::work::Work;
use crate::error::Flaw;
use crate::rows::check;

type OperatorResult = Result<Json, Flaw>;

pub(super) fn append(work: &Work<'_>) -> OperatorResult {
    Ok(Json::Array([current(work), work.values.to_vec()].concat()))
}

pub(super) fn prepend(work: &Work<'_>) -> OperatorResult {
    Ok(Json::Array([work.values.to_vec(), current(work)].concat()))
}

pub(super) fn insert(work: &Work<'_>) -> OperatorResult {
    let mut items = current(work);
    let index = work.values[0].as_u64().and_then(|index| usize::try_from(index).ok());
    match index.filter(|index| *index <= items.len()) {
        Some(index) => items.insert(index, work.values[1].clone()),
        None => return Err(work.flaw(&format!("its index must lie between 0 and {}", items.len()))),
    }
    Ok(Json::Array(items))
}

pub(super) fn remove(work: &Work<'_>) -> OperatorResult {
    let gone = given(work)?;
    Ok(without(work, |item| gone.contains(item)))
}

pub(super) fn diff(work: &Work<'_>) -> OperatorResult {
    remove(work)
}

pub(super) fn intersect(work: &Work<'_>) -> OperatorResult {
    let kept = given(work)?;
    Ok(without(work, |item| !kept.contains(item)))
}

pub(super) fn unique(work: &Work<'_>) -> OperatorResult {
    let mut seen = std::collections::HashSet::new();
    // Numbers, texts and booleans have one form each, so equal items have equal JSON.
    let items = current(work).into_iter().filter(|item| seen.insert(item.to_string()));
    Ok(Json::Array(items.collect()))
}

pub(super) fn filter(work: &Work<'_>) -> OperatorResult {
    let condition = work.text(0)?;
    let fits: fn(Ordering) -> bool = match condition {
        "isNull" => return Ok(without(work, |item| !item.is_null())),
        "isNotNull" => return Ok(without(work, Json::is_null)),
        "equal" => Ordering::is_eq,
        "notEqual" => Ordering::is_ne,
        "greaterThan" => Ordering::is_gt,
        "greaterThanEqual" => Ordering::is_ge,
        "lessThan" => Ordering::is_lt,
        "lessThanEqual" => Ordering::is_le,
        _ => return Err(work.flaw(&format!("\"{condition}\" is no condition"))),
    };
    let value = work.values.get(1);
    let value = value.ok_or_else(|| work.flaw("this condition needs a value to compare with"))?;
    let value = item(work, value)?;
    Ok(without(work, |item| match compare(item, &value) {
        Some(order) => !fits(order),
        // Null equals no value.
        None => condition != "notEqual",
    }))
}

fn current(work: &Work<'_>) -> Vec<Json> {
    work.current.as_array().cloned().unwrap_or_default()
}

fn without(work: &Work<'_>, gone: impl Fn(&Json) -> bool) -> Json {
    let items = work.current.as_array().into_iter().flatten();
    Json::Array(items.filter(|item| !gone(item)).cloned().collect())
}

/// The operator's values in the stored form.
fn given(work: &Work<'_>) -> Result<Vec<Json>, Flaw> {
    work.values.iter().map(|value| item(work, value)).collect()
}

fn item(work: &Work<'_>, value: &Json) -> OperatorResult {
    let list = check(work.column, &Json::Array(vec![value.clone()]))?;
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

//! Operators: values in an update that describe a change of the current value, such as
//! `{"method":"increment","values":[1]}`.
//!
//! An operator is a JSON object or its text. It is applied while the row is locked, so that no concurrent change is
//! lost.

mod dates;
mod lists;
mod numbers;
mod operands;

use kernel::Timestamp;
use serde_json::{Map, Value as Json};

pub(super) use self::numbers::whole_number;
use self::operands::Operands;
use super::check;
use crate::columns::{Column, Stored};
use crate::error::Flaw;
use crate::{Error, Kind, Result, verbatim};

/// Column types to which an operator applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Number,
    Text,
    Boolean,
    Datetime,
    List,
}

type Apply = fn(&Operands<'_>) -> std::result::Result<Json, Flaw>;

/// An operator: its name, number of values, column type and function.
struct Method {
    name: &'static str,
    values: std::ops::RangeInclusive<usize>,
    on: On,
    apply: Apply,
}

/// No limit on the number of values.
const ANY: usize = usize::MAX;

#[rustfmt::skip]
const METHODS: &[Method] = &[
    Method { name: "increment",      values: 1..=2,   on: On::Number,   apply: numbers::increment },
    Method { name: "decrement",      values: 1..=2,   on: On::Number,   apply: numbers::decrement },
    Method { name: "multiply",       values: 1..=2,   on: On::Number,   apply: numbers::multiply },
    Method { name: "divide",         values: 1..=2,   on: On::Number,   apply: numbers::divide },
    Method { name: "modulo",         values: 1..=1,   on: On::Number,   apply: numbers::modulo },
    Method { name: "power",          values: 1..=2,   on: On::Number,   apply: numbers::power },
    Method { name: "stringConcat",   values: 1..=1,   on: On::Text,     apply: concat },
    Method { name: "stringReplace",  values: 2..=2,   on: On::Text,     apply: replace },
    Method { name: "toggle",         values: 0..=0,   on: On::Boolean,  apply: toggle },
    Method { name: "dateAddDays",    values: 1..=1,   on: On::Datetime, apply: dates::add_days },
    Method { name: "dateSubDays",    values: 1..=1,   on: On::Datetime, apply: dates::sub_days },
    Method { name: "dateSetNow",     values: 0..=0,   on: On::Datetime, apply: dates::set_now },
    Method { name: "arrayAppend",    values: 0..=ANY, on: On::List,     apply: lists::append },
    Method { name: "arrayPrepend",   values: 0..=ANY, on: On::List,     apply: lists::prepend },
    Method { name: "arrayInsert",    values: 2..=2,   on: On::List,     apply: lists::insert },
    Method { name: "arrayRemove",    values: 1..=1,   on: On::List,     apply: lists::remove },
    Method { name: "arrayUnique",    values: 0..=0,   on: On::List,     apply: lists::unique },
    Method { name: "arrayIntersect", values: 1..=ANY, on: On::List,     apply: lists::intersect },
    Method { name: "arrayDiff",      values: 0..=ANY, on: On::List,     apply: lists::diff },
    Method { name: "arrayFilter",    values: 1..=2,   on: On::List,     apply: lists::filter },
];

/// An operator of a request, with its values.
pub(super) struct Operator {
    method: &'static Method,
    values: Vec<Json>,
}

impl Operator {
    /// Parses an operator. A value without a known method is a plain value.
    ///
    /// Fails with [`Error::BadRequest`] if its values are no list, or their number is wrong.
    pub(super) fn read(key: &str, given: &Json) -> Result<Option<Self>> {
        let parsed: Map<String, Json>;
        let object = match given {
            Json::Object(object) => object,
            Json::String(text) if text.trim_start().starts_with('{') => match serde_json::from_str(text) {
                Ok(object) => {
                    parsed = object;
                    &parsed
                }
                Err(_) => return Ok(None),
            },
            _ => return Ok(None),
        };
        let name = object.get("method").and_then(Json::as_str);
        let Some(method) = METHODS.iter().find(|method| Some(method.name) == name) else {
            return Ok(None);
        };
        let values = match object.get("values") {
            None => Vec::new(),
            Some(Json::Array(values)) => values.clone(),
            Some(_) => return Err(refused(key, method, "its values must be a list")),
        };
        if method.values.contains(&values.len()) {
            return Ok(Some(Self { method, values }));
        }
        let (min, max) = (method.values.start(), method.values.end());
        let rule = match (min, max) {
            (min, max) if min == max => format!("it takes {min} values"),
            (min, &ANY) => format!("it takes at least {min} values"),
            (min, max) => format!("it takes {min} to {max} values"),
        };
        Err(refused(key, method, &rule))
    }

    /// Whether a value is an operator, even one with wrong values.
    pub(super) fn is_one(key: &str, given: &Json) -> bool {
        !matches!(Self::read(key, given), Ok(None))
    }

    /// The new value, validated against the column.
    pub(super) fn apply(&self, column: &Column, current: &Json, now: Timestamp) -> std::result::Result<Json, Flaw> {
        let operands = Operands {
            method: self.method.name,
            column,
            current,
            values: &self.values,
            now,
        };
        if !self.method.on.fits(column) {
            return Err(operands.flaw(&format!("it is for {}", self.method.on.description())));
        }
        let value = (self.method.apply)(&operands)?;
        check(column, &value)
    }
}

fn refused(key: &str, method: &Method, rule: &str) -> Error {
    Error::BadRequest(format!(
        "Invalid operator for \"{}\": {}: {rule}",
        verbatim(key),
        method.name
    ))
}

impl On {
    fn fits(self, column: &Column) -> bool {
        let stored = column.spec.kind.stored();
        let is_plain = !column.spec.array && !matches!(column.spec.kind, Kind::Relationship(_));
        match self {
            Self::List => column.spec.array,
            Self::Number => is_plain && matches!(stored, Stored::Integer | Stored::Real),
            Self::Text => is_plain && stored == Stored::Text,
            Self::Boolean => is_plain && stored == Stored::Boolean,
            Self::Datetime => is_plain && stored == Stored::Instant,
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Text => "texts",
            Self::Boolean => "booleans",
            Self::Datetime => "dates",
            Self::List => "lists",
        }
    }
}

fn concat(operands: &Operands<'_>) -> std::result::Result<Json, Flaw> {
    let current = operands.current.as_str().unwrap_or_default();
    Ok(Json::String(format!("{current}{}", operands.text(0)?)))
}

fn replace(operands: &Operands<'_>) -> std::result::Result<Json, Flaw> {
    let (search, replacement) = (operands.text(0)?, operands.text(1)?);
    Ok(match operands.current.as_str() {
        Some(current) if !search.is_empty() => Json::String(current.replace(search, replacement)),
        _ => operands.current.clone(),
    })
}

fn toggle(operands: &Operands<'_>) -> std::result::Result<Json, Flaw> {
    Ok(Json::Bool(!operands.current.as_bool().unwrap_or_default()))
}

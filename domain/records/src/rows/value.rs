//! Values: checked against their column, and turned into what SQL keeps.

use db::{ToValue, Value};
use kernel::Timestamp;
use serde_json::Value as Json;

use crate::columns::{Column, Kind};
use crate::error::Flaw;

/// Checks a value against its column, and gives what SQL keeps. Null is taken where the column is not required.
pub fn check(column: &Column, value: &Json) -> Result<Value, Flaw> {
    let key = || column.key.to_string();
    match value {
        Json::Null if column.spec.required => Err(Flaw::Missing(key())),
        Json::Null if column.spec.array => Ok(Value::String(None)),
        Json::Null => Ok(Value::String(None)),
        Json::Array(items) if column.spec.array => {
            let mut kept = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                if !item.is_null() || column.spec.required {
                    one(column, item).map_err(|flaw| at(flaw, index))?;
                }
                kept.push(item);
            }
            Ok(Value::String(serde_json::to_string(&kept).ok()))
        }
        _ if column.spec.array => Err(Flaw::NotAList(key())),
        value => one(column, value),
    }
}

/// Says of a flaw which item of a list has it, as Appwrite writes it: `key['0']`.
fn at(flaw: Flaw, index: usize) -> Flaw {
    match flaw {
        Flaw::Type(key, rule) => Flaw::Type(format!("{key}['{index}']"), rule),
        Flaw::Format(key, rule) => Flaw::Format(format!("{key}['{index}']"), rule),
        other => other,
    }
}

fn one(column: &Column, value: &Json) -> Result<Value, Flaw> {
    let key = || column.key.to_string();
    let mistyped = |rule: &'static str| Flaw::Type(key(), rule.into());
    let text = || value.as_str().ok_or_else(|| mistyped("Value must be a valid string"));
    Ok(match &column.spec.kind {
        Kind::Integer { min, max } => {
            let number = value
                .as_i64()
                .ok_or_else(|| mistyped("Value must be a valid integer"))?;
            if !(min..=max).contains(&&number) {
                return Err(Flaw::Format(
                    key(),
                    format!("Value must be a valid range between {min} and {max}").into(),
                ));
            }
            number.to_value()
        }
        Kind::Float { min, max } => {
            let number = value.as_f64().ok_or_else(|| mistyped("Value must be a valid float"))?;
            if !(*min..=*max).contains(&number) {
                return Err(Flaw::Format(
                    key(),
                    format!("Value must be a valid range between {min} and {max}").into(),
                ));
            }
            // Zero has one sign, as PostgreSQL's numbers in JSON have.
            (number + 0.0).to_value()
        }
        Kind::Boolean => value
            .as_bool()
            .ok_or_else(|| mistyped("Value must be a valid boolean"))?
            .to_value(),
        Kind::Datetime => Timestamp::parse(text()?)
            .ok_or_else(|| mistyped("Value must be valid date between 0000-01-01 and 9999-12-31"))?
            .to_value(),
        kind => {
            let text = text()?;
            let size = kind.size().unwrap_or(u32::MAX);
            if text.len() > size as usize && text.chars().count() > size as usize {
                let rule = format!("Value must be a valid string and no longer than {size} chars");
                return Err(Flaw::Type(key(), rule.into()));
            }
            text.to_value()
        }
    })
}

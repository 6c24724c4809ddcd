//! Common parameter types.

use serde_json::{Map, Value, json};

use super::{Param, Rule};
use crate::BadInstant;

impl Param for bool {
    fn parse(value: &Value) -> Result<Self, Rule> {
        match value {
            Value::Bool(flag) => Ok(*flag),
            Value::Number(n) if n.as_i64() == Some(0) => Ok(false),
            Value::Number(n) if n.as_i64() == Some(1) => Ok(true),
            Value::String(s) if s == "true" || s == "1" => Ok(true),
            Value::String(s) if s == "false" || s == "0" => Ok(false),
            _ => Err(Rule::new("Value must be a valid boolean")),
        }
    }

    fn schema() -> Value {
        json!({"type": "boolean"})
    }

    fn to_json(&self) -> Value {
        (*self).into()
    }
}

/// An integer from `MIN` to `MAX`, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Param for Int<MIN, MAX> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let number = match value {
            Value::Number(_) => whole(value),
            Value::String(s) => s.parse().ok(),
            _ => None,
        };
        number
            .filter(|n| (MIN..=MAX).contains(n))
            .map(Self)
            .ok_or_else(|| format!("Value must be a whole number between {MIN} and {MAX}").into())
    }

    fn schema() -> Value {
        json!({"type": "integer", "format": "int32", "minimum": MIN, "maximum": MAX})
    }

    fn to_json(&self) -> Value {
        self.0.into()
    }
}

/// A 64-bit integer in JSON. JavaScript rounds the outermost ones to ±2^63, which it writes as ±9223372036854776000:
/// these are read as the greatest and the least integer.
pub fn whole(value: &Value) -> Option<i64> {
    const EDGE: f64 = 9_223_372_036_854_775_808.0;
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    match value.as_f64() {
        Some(EDGE) => Some(i64::MAX),
        Some(number) if number == -EDGE => Some(i64::MIN),
        _ => None,
    }
}

/// A text of `MIN` to `MAX` characters, without NUL (which SQL engines treat differently).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<const MAX: usize, const MIN: usize = 0>(pub String);

impl<const MAX: usize, const MIN: usize> Param for Text<MAX, MIN> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let text = match value {
            Value::String(s) => s.clone(),
            _ => return Err(Rule::new("Value must be a string")),
        };
        if text.contains('\0') {
            return Err(Rule::new("Value must not contain the NUL character"));
        }
        let length = text.chars().count();
        if length > MAX {
            return Err(format!("Value must be a valid string and no longer than {MAX} chars").into());
        }
        if length < MIN {
            return Err(format!("Value must be a valid string and at least {MIN} chars").into());
        }
        Ok(Self(text))
    }

    fn schema() -> Value {
        json!({"type": "string", "maxLength": MAX, "minLength": MIN})
    }

    fn to_json(&self) -> Value {
        self.0.clone().into()
    }
}

/// A list of at most `MAX` values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const MAX: usize = 100>(pub Vec<T>);

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Param, const MAX: usize> Param for List<T, MAX> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let Value::Array(items) = value else {
            return Err(Rule::new("Value must be a valid array"));
        };
        if items.len() > MAX {
            return Err(format!("Value must be an array of at most {MAX} items").into());
        }
        items.iter().map(T::parse).collect::<Result<_, _>>().map(Self)
    }

    fn schema() -> Value {
        json!({"type": "array", "items": T::schema(), "maxItems": MAX})
    }

    fn to_json(&self) -> Value {
        self.0.iter().map(T::to_json).collect()
    }
}

/// A JSON object of at most `MAX` bytes when serialized. Clients may send it as an object or as a string.
#[derive(Debug, Clone, PartialEq)]
pub struct Object<const MAX: usize>(pub Map<String, Value>);

impl<const MAX: usize> Param for Object<MAX> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let map = match value {
            Value::Object(map) => map.clone(),
            Value::Array(items) if items.is_empty() => Map::new(),
            Value::String(text) if text.len() <= MAX => {
                serde_json::from_str(text).map_err(|_| Rule::new("Value must be a valid object"))?
            }
            _ => return Err(Rule::new("Value must be a valid object")),
        };
        let mut length = Length(0);
        if serde_json::to_writer(&mut length, &map).is_err() || length.0 > MAX {
            return Err(format!("Value must be a valid object of at most {MAX} bytes").into());
        }
        Ok(Self(map))
    }

    fn schema() -> Value {
        json!({"type": "object"})
    }

    fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// Counts the bytes written to it.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Param for crate::Timestamp {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let bad = |error: BadInstant| Rule::new(error.rule());
        let text = value.as_str().ok_or(bad(BadInstant::Spelling))?;
        Self::read(text).map_err(bad)
    }

    fn schema() -> Value {
        json!({"type": "string", "format": "datetime"})
    }
}

/// An http or https URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl(pub String);

impl Param for HttpUrl {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let text = value.as_str().unwrap_or_default();
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let starts_well = host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['));
        if !starts_well || text.len() > 2048 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Rule::new("Value must be a valid URL"));
        }
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Value {
        json!({"type": "string", "format": "url"})
    }
}

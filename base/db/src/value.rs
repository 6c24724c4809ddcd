//! Values: conversion of Rust types to and from columns, the same on both engines.

use std::fmt;

use kernel::{Payload, Timestamp};
use sea_query::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

/// A value in a row, borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ref<'a> {
    /// NULL.
    Null,
    /// A boolean of PostgreSQL; SQLite stores booleans as 0 and 1.
    Boolean(bool),
    /// An integer of any width.
    Integer(i64),
    /// A floating point number.
    Real(f64),
    /// Text; also JSON, and timestamps of SQLite.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// A timestamp of PostgreSQL.
    Time(Timestamp),
}

/// A value of an unexpected type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(pub String);

impl Mismatch {
    /// Builds the message from the expected type and the found value.
    pub fn expected(what: &str, found: Ref<'_>) -> Self {
        Self(match found {
            // Only the type is reported, because the value may be secret.
            Ref::Null => format!("expected {what}, found null"),
            Ref::Boolean(_) => format!("expected {what}, found a boolean"),
            Ref::Integer(_) => format!("expected {what}, found an integer"),
            Ref::Real(_) => format!("expected {what}, found a number"),
            Ref::Text(_) => format!("expected {what}, found other text"),
            Ref::Blob(_) => format!("expected {what}, found bytes"),
            Ref::Time(_) => format!("expected {what}, found an instant"),
        })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A type that can be read from a column.
pub trait FromValue: Sized {
    /// Reads it; fails with [`Mismatch`] if the value has another type.
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch>;
}

/// A type that can be written to a column.
pub trait ToValue {
    /// The value to bind to a statement.
    fn to_value(&self) -> Value;
}

/// Converts a value for the right side of an expression: `Expr::col(Sessions::Expire).lt(db::value(&tx.now()))`.
pub fn value(from: &(impl ToValue + ?Sized)) -> Value {
    from.to_value()
}

/// A JSON column with a `T`: text in SQLite, `json` (which keeps the order of keys) in PostgreSQL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

macro_rules! plain {
    ($($type:ty, $variant:ident, $what:literal, $pattern:pat => $read:expr;)*) => { $(
        impl FromValue for $type {
            fn from_value(value: Ref<'_>) -> ::std::result::Result<Self, Mismatch> {
                match value {
                    $pattern => $read.ok_or_else(|| Mismatch::expected($what, value)),
                    _ => Err(Mismatch::expected($what, value)),
                }
            }
        }

        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Value::$variant(Some(self.clone()))
            }
        }
    )* };
}

plain! {
    String, String, "text", Ref::Text(text) => Some(text.to_owned());
    i64, BigInt, "an integer", Ref::Integer(number) => Some(number);
    i32, Int, "an integer of 32 bits", Ref::Integer(number) => i32::try_from(number).ok();
    Vec<u8>, Bytes, "bytes", Ref::Blob(bytes) => Some(bytes.to_vec());
}

impl FromValue for bool {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        match value {
            Ref::Boolean(boolean) => Ok(boolean),
            Ref::Integer(number @ (0 | 1)) => Ok(number == 1),
            _ => Err(Mismatch::expected("a boolean", value)),
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(Some(*self))
    }
}

impl FromValue for f64 {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        match value {
            Ref::Real(number) => Ok(number),
            #[expect(
                clippy::cast_precision_loss,
                reason = "SQLite hands out whole numbers of REAL columns so at times"
            )]
            Ref::Integer(number) => Ok(number as f64),
            _ => Err(Mismatch::expected("a number", value)),
        }
    }
}

impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Double(Some(*self))
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        match value {
            Ref::Time(instant) => Ok(instant),
            Ref::Text(text) => Timestamp::parse(text).ok_or_else(|| Mismatch::expected("an instant", value)),
            _ => Err(Mismatch::expected("an instant", value)),
        }
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::TimeDateTimeWithTimeZone(Some(OffsetDateTime::from(*self)))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        if value == Ref::Null {
            Ok(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        // The type of a null does not matter to either engine; see their binding of values.
        self.as_ref().map_or(Value::String(None), ToValue::to_value)
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::String(Some(self.to_owned()))
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: DeserializeOwned> FromValue for Json<T> {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        match value {
            Ref::Text(text) => serde_json::from_str(text)
                .map(Json)
                .map_err(|error| Mismatch(error.to_string())),
            _ => Err(Mismatch::expected("JSON", value)),
        }
    }
}

impl<T: Serialize> ToValue for Json<T> {
    fn to_value(&self) -> Value {
        // Bound as text, which both engines accept without another conversion.
        Value::String(serde_json::to_string(&self.0).ok())
    }
}

impl FromValue for Payload {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        match value {
            Ref::Text(json) => Ok(Self::written(json)),
            _ => Err(Mismatch::expected("JSON", value)),
        }
    }
}

impl ToValue for Payload {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}

impl FromValue for serde_json::Value {
    fn from_value(value: Ref<'_>) -> Result<Self, Mismatch> {
        Json::from_value(value).map(|Json(tree)| tree)
    }
}

impl ToValue for serde_json::Value {
    fn to_value(&self) -> Value {
        Json(self).to_value()
    }
}

/// Implements [`ToValue`] and [`FromValue`] for a domain type stored as text.
///
/// `text_value!(UserId)` is for the id types of `kernel::ids!`. `text_value!(Factor, Factor::parse)` is for any type with
/// `as_str(&self)` and a function `fn(&str) -> Option<Self>`.
#[macro_export]
macro_rules! text_value {
    ($type:ty) => {
        $crate::text_value!($type, |text: &str| Some(<$type>::trusted(text)));
    };
    ($type:ty, $parse:expr) => {
        impl $crate::FromValue for $type {
            fn from_value(value: $crate::Ref<'_>) -> ::std::result::Result<Self, $crate::Mismatch> {
                let parse: fn(&str) -> Option<$type> = $parse;
                match value {
                    $crate::Ref::Text(text) => parse(text),
                    _ => None,
                }
                .ok_or_else(|| $crate::Mismatch::expected(stringify!($type), value))
            }
        }

        impl $crate::ToValue for $type {
            fn to_value(&self) -> $crate::Value {
                $crate::Value::String(Some(self.as_str().to_owned()))
            }
        }

        impl $crate::FromRow for $type {
            fn from_row(row: &$crate::Row<'_>) -> ::std::result::Result<Self, $crate::Error> {
                row.get(0)
            }
        }

        impl From<$type> for $crate::Value {
            fn from(from: $type) -> Self {
                $crate::ToValue::to_value(&from)
            }
        }

        impl From<&$type> for $crate::Value {
            fn from(from: &$type) -> Self {
                $crate::ToValue::to_value(from)
            }
        }
    };
}

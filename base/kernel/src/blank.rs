//! A required parameter that may be empty: an empty string removes the current value.

use serde_json::Value;

use crate::param::{Param, Rule};

/// A value or an empty string. Unlike an `Option`, it cannot be omitted by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrBlank<T>(pub Option<T>);

impl<T: Param> Param for OrBlank<T> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        if value.as_str() == Some("") {
            return Ok(Self(None));
        }
        T::parse(value).map(Some).map(Self)
    }

    fn schema() -> Value {
        let mut schema = T::schema();
        if let Some(rules) = schema.as_object_mut() {
            rules.remove("minLength");
        }
        schema
    }
}

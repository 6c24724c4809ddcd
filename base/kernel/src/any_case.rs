//! A choice that clients may write in capitals.

use serde_json::Value;

use crate::param::{Param, Rule};

/// A value whose text is read without regard to case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyCase<T>(pub T);

impl<T: Param> Param for AnyCase<T> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        match value.as_str() {
            Some(text) => T::parse(&text.to_ascii_lowercase().into()),
            None => T::parse(value),
        }
        .map(Self)
    }

    fn schema() -> Value {
        T::schema()
    }
}

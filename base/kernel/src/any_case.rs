//! A choice that clients may write in any case, since SDK versions differ.

use serde_json::Value;

use crate::choice::Choice;
use crate::param::{Param, Rule};

/// A choice whose text is compared case-insensitively.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyCase<T>(pub T);

impl<T: Param + Choice> Param for AnyCase<T> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let written = value.as_str().unwrap_or_default();
        let found = T::EVERY.iter().find(|one| one.text().eq_ignore_ascii_case(written));
        match found {
            Some(found) => Ok(Self(*found)),
            // Its error lists the valid values.
            None => T::parse(value).map(Self),
        }
    }

    fn schema() -> Value {
        T::schema()
    }

    fn to_json(&self) -> Value {
        self.0.to_json()
    }
}

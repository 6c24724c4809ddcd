//! Labels: short words that a server or a developer assigns to a user or a project.

use serde_json::{Value, json};

use crate::param::{Param, Rule};

/// A label: 1 to 36 characters of `a-z A-Z 0-9`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(pub String);

impl Param for Label {
    fn parse(value: &Value) -> Result<Self, Rule> {
        value
            .as_str()
            .filter(|text| (1..=36).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()))
            .map(|text| Self(text.to_owned()))
            .ok_or(Rule::new("Value must be a valid string of 1 to 36 letters and digits"))
    }

    fn schema() -> Value {
        json!({"type": "string", "minLength": 1, "maxLength": 36})
    }
}

/// Removes duplicates, keeping the order.
pub fn distinct(labels: Vec<Label>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(labels.len());
    for Label(label) in labels {
        if !unique.contains(&label) {
            unique.push(label);
        }
    }
    unique
}

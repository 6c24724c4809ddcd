//! The ID of a new project, chosen or generated.

use kernel::Timestamp;
use kernel::id::MAX_LEN;
use kernel::param::{Param, Rule};
use projects::ProjectId;
use serde_json::{Value, json};

const RULE: Rule = Rule::new(
    "Project IDs must contain at most 36 chars. Valid chars are a-z, 0-9, and hyphen. Can't start with a special char.",
);

/// 1 to 36 of `a-z 0-9 -`, the first a letter or a digit: stricter than other IDs, because it is part of hostnames and
/// callback schemes, which are case-insensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewProjectId(Option<ProjectId>);

impl NewProjectId {
    /// The chosen ID, or a generated one.
    pub(crate) fn or_generate(self, now: Timestamp) -> ProjectId {
        self.0.unwrap_or_else(|| ProjectId::generate(now))
    }
}

impl Param for NewProjectId {
    fn parse(value: &Value) -> Result<Self, Rule> {
        match value.as_str().ok_or(RULE)? {
            "unique()" => Ok(Self(None)),
            text if text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) => {
                ProjectId::parse(text).map(|id| Self(Some(id))).ok_or(RULE)
            }
            _ => Err(RULE),
        }
    }

    fn schema() -> Value {
        json!({"type": "string", "maxLength": MAX_LEN, "x-example": "unique()"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_id_has_no_capitals_and_no_dots() {
        for good in ["a", "0-9", "my-shop", &"x".repeat(36), "unique()"] {
            assert!(NewProjectId::parse(&json!(good)).is_ok(), "{good}");
        }
        for bad in ["", "-a", "My", "a.b", "a_b", "ä", "../a", &"x".repeat(37)] {
            assert!(NewProjectId::parse(&json!(bad)).is_err(), "{bad}");
        }
    }
}

//! Preferences: arbitrary JSON that an app stores for a user or a team. The only model without fixed fields.

use std::collections::BTreeMap;

use api::model::{Model, Nested, Shape};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Preferences of a user or a team; an object even if empty.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Preferences(pub Map<String, Value>);

impl Shape for Preferences {
    fn schema() -> Value {
        json!({"$ref": "#/components/schemas/preferences"})
    }
}

impl Nested for Preferences {
    fn define_nested(into: &mut BTreeMap<&'static str, Value>) {
        into.entry(Self::NAME)
            .or_insert_with(|| json!({"type": "object", "additionalProperties": true}));
    }
}

impl Model for Preferences {
    const NAME: &'static str = "preferences";

    fn define(into: &mut BTreeMap<&'static str, Value>) {
        Self::define_nested(into);
    }
}

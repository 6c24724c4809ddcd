//! Models: the JSON of replies, declared once for serialization and for the OpenAPI document.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// A value with a JSON schema.
pub trait Shape {
    /// The schema (OpenAPI 3.0); a reference by name for a model.
    fn schema() -> Value;
}

/// A reply with a name and fields.
pub trait Model: Serialize + Shape + Send {
    /// The model's name in the OpenAPI document.
    const NAME: &'static str;

    /// Adds the schema of the model, and those of the models within it.
    fn define(into: &mut BTreeMap<&'static str, Value>);
}

/// A date, or an empty text if there is none, as Appwrite writes an absent date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub Option<Timestamp>);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(time) => serializer.collect_str(time),
            None => serializer.serialize_str(""),
        }
    }
}

macro_rules! shapes {
    ($($type:ty => $schema:expr;)*) => { $(
        impl Shape for $type {
            fn schema() -> Value { $schema }
        }
    )* };
}

shapes! {
    String => json!({"type": "string"});
    &'static str => json!({"type": "string"});
    bool => json!({"type": "boolean"});
    i64 => json!({"type": "integer", "format": "int32"});
    u16 => json!({"type": "integer", "format": "int32"});
    f64 => json!({"type": "number", "format": "double"});
    Timestamp => json!({"type": "string", "format": "datetime"});
    Date => json!({"type": "string", "format": "datetime"});
    Map<String, Value> => json!({"type": "object", "additionalProperties": true});
    Value => json!({});
}

impl<T: Shape> Shape for Vec<T> {
    fn schema() -> Value {
        json!({"type": "array", "items": T::schema()})
    }
}

impl<T: Shape> Shape for Option<T> {
    fn schema() -> Value {
        let mut schema = T::schema();
        schema["nullable"] = true.into();
        schema
    }
}

/// Adds the schemas of a nested value: its own, if it is a model.
pub trait Nested {
    /// Adds the schemas.
    fn define_nested(into: &mut BTreeMap<&'static str, Value>);
}

macro_rules! leaves {
    ($($type:ty),* $(,)?) => { $(
        impl Nested for $type {
            fn define_nested(_: &mut BTreeMap<&'static str, Value>) {}
        }
    )* };
}

leaves!(String, &'static str, bool, i64, u16, f64, Timestamp, Date, Map<String, Value>, Value);

impl<T: Nested> Nested for Vec<T> {
    fn define_nested(into: &mut BTreeMap<&'static str, Value>) {
        T::define_nested(into);
    }
}

impl<T: Nested> Nested for Option<T> {
    fn define_nested(into: &mut BTreeMap<&'static str, Value>) {
        T::define_nested(into);
    }
}

/// Declares a model: `field: Type = "wireName"`.
#[macro_export]
macro_rules! model {
    ($(#[$meta:meta])* $vis:vis struct $name:ident as $wire:literal {
        $( $(#[doc = $doc:literal])* $field:ident : $type:ty = $key:literal ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, $crate::serde::Serialize)]
        #[serde(crate = "::api::serde")]
        $vis struct $name {
            $( $(#[doc = $doc])* #[serde(rename = $key)] pub $field: $type, )*
        }

        impl $crate::model::Shape for $name {
            fn schema() -> $crate::serde_json::Value {
                $crate::serde_json::json!({"$ref": concat!("#/components/schemas/", $wire)})
            }
        }

        impl $crate::model::Nested for $name {
            fn define_nested(
                into: &mut ::std::collections::BTreeMap<&'static str, $crate::serde_json::Value>,
            ) {
                if into.contains_key($wire) {
                    return;
                }
                let mut properties = $crate::serde_json::Map::new();
                $( {
                    let mut schema = <$type as $crate::model::Shape>::schema();
                    if schema.get("$ref").is_none() {
                        schema["description"] = concat!("" $(, $doc)*).trim_ascii().into();
                    }
                    properties.insert($key.to_owned(), schema);
                } )*
                into.insert($wire, $crate::serde_json::json!({
                    "type": "object",
                    "properties": properties,
                    "required": [$( $key ),*],
                }));
                $( <$type as $crate::model::Nested>::define_nested(into); )*
            }
        }

        impl $crate::model::Model for $name {
            const NAME: &'static str = $wire;

            fn define(into: &mut ::std::collections::BTreeMap<&'static str, $crate::serde_json::Value>) {
                <Self as $crate::model::Nested>::define_nested(into);
            }
        }
    };
}

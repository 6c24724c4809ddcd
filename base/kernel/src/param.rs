//! Parameters: request values that are validated when they are parsed.
//!
//! A type that implements [`Param`] validates its input while parsing, and provides its schema for the OpenAPI
//! document. The [`params!`](crate::params) macro declares the parameters of one endpoint as a struct of such types;
//! handlers never validate.

use std::borrow::Cow;

use serde_json::{Map, Value};

mod values;

pub use values::{HttpUrl, Int, List, Object, Text, whole};

/// The violated rule, as a message for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule(pub Cow<'static, str>);

impl Rule {
    /// A rule with a static message.
    pub const fn new(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Rule {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

/// A parameter value of a request.
pub trait Param: Sized {
    /// Parses and validates it. Values come from JSON and from query strings, so numbers and booleans may be strings.
    fn parse(value: &Value) -> Result<Self, Rule>;

    /// Its JSON schema (OpenAPI 3.0).
    fn schema() -> Value;

    /// Value of an absent parameter; `None` if the parameter is required.
    fn absent() -> Option<Self> {
        None
    }

    /// The value as JSON, for the default in the OpenAPI document; null if it is not documented.
    fn to_json(&self) -> Value {
        Value::Null
    }
}

impl<T: Param> Param for Option<T> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        if value.is_null() {
            return Ok(None);
        }
        match T::parse(value) {
            // Forms and query strings send an absent value as an empty string.
            Err(_) if value.as_str() == Some("") => Ok(None),
            parsed => parsed.map(Some),
        }
    }

    fn schema() -> Value {
        let mut schema = T::schema();
        schema["nullable"] = true.into();
        schema
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

/// One parameter of an endpoint, as in the OpenAPI document.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// Its JSON schema, with its default.
    pub schema: Value,
    /// Description.
    pub doc: &'static str,
}

/// A parameter that is missing or invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadParam {
    /// A required parameter is missing.
    #[error("Param \"{0}\" is not optional.")]
    Missing(&'static str),
    /// The value is invalid.
    #[error("Invalid `{0}` param: {1}")]
    Broken(&'static str, Rule),
}

impl crate::Fault for BadParam {
    fn kind(&self) -> crate::Kind {
        crate::Kind::Invalid("general_argument_invalid")
    }
}

/// The parameters of one endpoint.
pub trait Params: Sized + Send + 'static {
    /// Parameters of the struct.
    fn fields() -> Vec<Field>;

    /// Reads them from the merged path, query and body. Undeclared names are ignored, as in Appwrite.
    fn read(input: &Map<String, Value>) -> Result<Self, BadParam>;
}

impl Params for () {
    fn fields() -> Vec<Field> {
        Vec::new()
    }

    fn read(_: &Map<String, Value>) -> Result<Self, BadParam> {
        Ok(())
    }
}

/// Reads one parameter; `default` gives the value of an absent one.
pub fn field<T: Param>(
    input: &Map<String, Value>,
    name: &'static str,
    default: impl FnOnce() -> Option<T>,
) -> Result<T, BadParam> {
    match input.get(name) {
        None | Some(Value::Null) => default().or_else(T::absent).ok_or(BadParam::Missing(name)),
        Some(value) => T::parse(value).map_err(|rule| BadParam::Broken(name, rule)),
    }
}

/// Declares the parameters of an endpoint: `field: Type = "wireName"`, with `| default` if it is optional.
///
/// ```
/// kernel::params! {
///     /// Parameters of a rename.
///     pub struct Rename {
///         /// The name, at most 128 characters.
///         name: kernel::param::Text<128> = "name",
///         /// Whether to notify the other members.
///         announce: bool = "announce" | false,
///     }
/// }
/// ```
///
/// Endpoints with several vocabularies take their wire names from a type parameter, in parentheses:
/// `struct GetRow<W: Vocabulary> { row_id: RowId = (W::ROW_ID), … }`.
#[macro_export]
macro_rules! params {
    ($(#[$meta:meta])* $vis:vis struct $name:ident $(<$vocabulary:ident : $bound:path>)? {
        $( $(#[doc = $doc:literal])* $field:ident : $type:ty = $wire:tt $(| $default:expr)? ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name $(<$vocabulary: $bound>)? {
            $( $(#[doc = $doc])* pub $field: $type, )*
            $( #[doc(hidden)] pub vocabulary: ::std::marker::PhantomData<$vocabulary>, )?
        }

        #[allow(unused_parens, reason = "a wire name that is an expression stands in parentheses")]
        impl $(<$vocabulary: $bound>)? $crate::param::Params for $name $(<$vocabulary>)? {
            fn fields() -> Vec<$crate::param::Field> {
                vec![$( $crate::param::Field {
                    name: $wire,
                    required: {
                        let has_default = false $( || { let _ = stringify!($default); true } )?;
                        !has_default && <$type as $crate::param::Param>::absent().is_none()
                    },
                    schema: {
                        #[allow(unused_mut, reason = "only a parameter with a default changes it")]
                        let mut schema = <$type as $crate::param::Param>::schema();
                        $(
                            let default: $type = $default;
                            let default = $crate::param::Param::to_json(&default);
                            if !matches!(default, $crate::serde_json::Value::Null) {
                                schema["default"] = default;
                            }
                        )?
                        schema
                    },
                    doc: concat!($( $doc ),*).trim_ascii(),
                }, )*]
            }

            fn read(
                input: &$crate::serde_json::Map<String, $crate::serde_json::Value>,
            ) -> ::std::result::Result<Self, $crate::param::BadParam> {
                Ok(Self { $(
                    $field: $crate::param::field(input, $wire, || {
                        #[allow(unused_mut, unused_assignments, reason = "only a parameter with a default assigns")]
                        let mut absent: Option<$type> = None;
                        $( absent = Some($default); )?
                        absent
                    })?,
                )*
                    $( vocabulary: ::std::marker::PhantomData::<$vocabulary>, )?
                })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    crate::params! {
        /// A sample.
        struct Sample {
            /// Its name.
            name: Text<5, 1> = "name",
            size: Int<1, 9> = "size" | Int(3),
            url: Option<HttpUrl> = "url",
            tags: List<Text<3>, 2> = "tags" | List::default(),
        }
    }

    fn read(value: Value) -> Result<Sample, String> {
        let Value::Object(map) = value else { panic!("an object") };
        Sample::read(&map).map_err(|bad| bad.to_string())
    }

    #[test]
    fn defaults_stand_in_for_what_is_absent() {
        let sample = read(json!({"name": "ada", "unknown": 1})).expect("valid");
        assert_eq!(
            (sample.name.0.as_str(), sample.size.0, sample.url, sample.tags.0.len()),
            ("ada", 3, None, 0)
        );
        assert_eq!(
            read(json!({"name": "a", "size": "7", "url": ""}))
                .expect("valid")
                .size
                .0,
            7
        );
    }

    #[test]
    fn the_first_bad_parameter_is_named_with_its_rule() {
        let refusals = [
            (json!({}), "Param \"name\" is not optional."),
            (
                json!({"name": "abcdef"}),
                "Invalid `name` param: Value must be a valid string and no longer than 5 chars",
            ),
            (
                json!({"name": "a", "size": 10}),
                "Invalid `size` param: Value must be a whole number between 1 and 9",
            ),
            (
                json!({"name": "a", "url": "javascript:1"}),
                "Invalid `url` param: Value must be a valid URL",
            ),
            (
                json!({"name": "a", "tags": ["1", "2", "3"]}),
                "Invalid `tags` param: Value must be an array of at most 2 items",
            ),
        ];
        for (input, message) in refusals {
            assert_eq!(read(input).map(|_| ()), Err(message.to_owned()));
        }
    }

    #[test]
    fn required_fields_are_known_to_the_document() {
        let required: Vec<_> = Sample::fields().iter().map(|f| (f.name, f.required)).collect();
        assert_eq!(
            required,
            [("name", true), ("size", false), ("url", false), ("tags", false)]
        );
        assert_eq!(Sample::fields()[0].doc, "Its name.");
        let defaults: Vec<_> = Sample::fields().iter().map(|f| f.schema["default"].clone()).collect();
        assert_eq!(defaults, [Value::Null, json!(3), Value::Null, json!([])]);
    }
}

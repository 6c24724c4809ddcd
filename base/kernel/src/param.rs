//! Parameters: values of a request that cannot be invalid once they exist.
//!
//! A type that implements [`Param`] checks itself while it parses, and describes itself for the OpenAPI document. The
//! [`params!`](crate::params) macro declares the parameters of one endpoint as a struct of such types; handlers never validate.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

/// The rule that a value broke, as a sentence for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule(pub Cow<'static, str>);

impl Rule {
    /// A rule in fixed words.
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

/// A value that a request may carry.
pub trait Param: Sized {
    /// Reads and checks it. Texts come from JSON and from query strings alike, so numbers and booleans may be texts.
    fn parse(value: &Value) -> Result<Self, Rule>;

    /// Its JSON schema (OpenAPI 3.0).
    fn schema() -> Value;

    /// What an absent parameter means; `None` where it must be given.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Param> Param for Option<T> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        if value.is_null() {
            return Ok(None);
        }
        match T::parse(value) {
            // Forms and query strings write "nothing" as an empty text.
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
}

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
}

/// A whole number within bounds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Param for Int<MIN, MAX> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        let number = match value {
            Value::Number(n) => n.as_i64(),
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
}

/// A text of at most `MAX` characters, without NUL (which no SQL engine keeps alike).
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
}

/// A JSON object whose text has at most `MAX` bytes. Clients may send it as an object or as its text.
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
}

/// Counts what is written to it.
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
        const RULE: Rule = Rule::new("Value must be a valid date in the format YYYY-MM-DDTHH:MM:SS.ssssss+00:00");
        Self::parse(value.as_str().ok_or(RULE)?).ok_or(RULE)
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

/// One parameter of an endpoint, as the OpenAPI document shows it.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// Whether it must be given.
    pub required: bool,
    /// Its JSON schema.
    pub schema: Value,
    /// What it is.
    pub doc: &'static str,
}

/// A parameter that is missing or breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadParam {
    /// It must be given.
    #[error("Param \"{0}\" is not optional.")]
    Missing(&'static str),
    /// It breaks a rule.
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
    /// What they are.
    fn fields() -> Vec<Field>;

    /// Reads them from the merged path, query and body. Names that are not declared are ignored, as Appwrite does.
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

/// Reads one parameter; `default` is what an absent one means.
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

/// Declares the parameters of an endpoint: `field: Type = "wireName"`, with `| default` where it may be left out.
///
/// ```
/// kernel::params! {
///     /// A new name.
///     pub struct Rename {
///         /// The name, at most 128 characters.
///         name: kernel::param::Text<128> = "name",
///         /// Whether to tell the others.
///         announce: bool = "announce" | false,
///     }
/// }
/// ```
///
/// Endpoints that are spoken in several vocabularies take their wire names from a type parameter, in parentheses:
/// `struct Which<W: Words> { row_id: RowId = (W::ROW_ID), … }`.
#[macro_export]
macro_rules! params {
    ($(#[$meta:meta])* $vis:vis struct $name:ident $(<$words:ident : $bound:path>)? {
        $( $(#[doc = $doc:literal])* $field:ident : $type:ty = $wire:tt $(| $default:expr)? ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name $(<$words: $bound>)? {
            $( $(#[doc = $doc])* pub $field: $type, )*
            $( #[doc(hidden)] pub words: ::std::marker::PhantomData<$words>, )?
        }

        #[allow(unused_parens, reason = "a wire name that is an expression stands in parentheses")]
        impl $(<$words: $bound>)? $crate::param::Params for $name $(<$words>)? {
            fn fields() -> Vec<$crate::param::Field> {
                vec![$( $crate::param::Field {
                    name: $wire,
                    required: {
                        let has_default = false $( || { let _ = stringify!($default); true } )?;
                        !has_default && <$type as $crate::param::Param>::absent().is_none()
                    },
                    schema: <$type as $crate::param::Param>::schema(),
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
                    $( words: ::std::marker::PhantomData::<$words>, )?
                })
            }
        }
    };
}

#[cfg(test)]
mod tests {
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
    }
}

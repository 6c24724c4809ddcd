//! Column types of the endpoints, with their type-specific parameters.

use kernel::param::{Int, List, Params, Text};
use records::Kind;
use records::columns::MAX_VARCHAR;
use serde_json::{Value, json};

use crate::model::columns as models;
use crate::model::columns::Model;

/// A type of columns.
pub trait ColumnType: Sized + Send + Sync + 'static {
    /// The model of its columns.
    const MODEL: &'static Model;
    /// Whether a column of it may be a list.
    const LISTS: bool = true;
    /// Type-specific parameters of a new column.
    type CreateColumn: Params + Clone + std::fmt::Debug;
    /// Type-specific parameters of a changed column.
    type UpdateColumn: Params + Clone + std::fmt::Debug;

    /// Its kind with the widest bounds: values outside of it have another type.
    fn widest() -> Kind;

    /// Type of a new column, and whether its values are encrypted.
    fn kind(new: Self::CreateColumn) -> (Kind, bool);

    /// New type of a changed column; `None` if the column has another type.
    fn reshape(changed: Self::UpdateColumn, kind: &Kind) -> Option<Kind>;

    /// JSON schema of its default value.
    fn default_schema() -> Value;
}

/// Declares types without bounds.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $model:ident, $schema:expr $(, lists: $lists:literal)?;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl ColumnType for $name {
            const MODEL: &'static Model = &models::$model;
            $( const LISTS: bool = $lists; )?
            type CreateColumn = ();
            type UpdateColumn = ();

            fn widest() -> Kind {
                Kind::$kind
            }

            fn kind((): ()) -> (Kind, bool) {
                (Kind::$kind, false)
            }

            fn reshape((): (), kind: &Kind) -> Option<Kind> {
                matches!(kind, Kind::$kind).then_some(Kind::$kind)
            }

            fn default_schema() -> Value {
                $schema
            }
        }
    )* };
}

plain! {
    /// Booleans.
    Booleans: Boolean, BOOLEAN, json!({"type": "boolean"});
    /// Timestamps.
    Datetimes: Datetime, DATETIME, json!({"type": "string", "format": "datetime"});
    /// E-mail addresses.
    Emails: Email, EMAIL, json!({"type": "string", "format": "email"});
    /// IP addresses.
    Ips: Ip, IP, json!({"type": "string"});
    /// URLs.
    Urls: Url, URL, json!({"type": "string", "format": "url"});
    /// Points.
    Points: Point, POINT, json!({"type": "array", "items": {"type": "number"}}), lists: false;
    /// Lines.
    Lines: Line, LINE, json!({"type": "array", "items": {"type": "array"}}), lists: false;
    /// Polygons.
    Polygons: Polygon, POLYGON, json!({"type": "array", "items": {"type": "array"}}), lists: false;
}

kernel::params! {
    /// Parameter of encrypted columns.
    pub struct EncryptParam {
        /// Whether values are encrypted in the database; encrypted columns cannot be queried.
        encrypt: bool = "encrypt" | false,
    }
}

/// Declares text types with a fixed maximum size.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $model:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl ColumnType for $name {
            const MODEL: &'static Model = &models::$model;
            type CreateColumn = EncryptParam;
            type UpdateColumn = ();

            fn widest() -> Kind {
                Kind::Longtext
            }

            fn kind(new: EncryptParam) -> (Kind, bool) {
                (Kind::$kind, new.encrypt)
            }

            fn reshape((): (), kind: &Kind) -> Option<Kind> {
                matches!(kind, Kind::$kind).then_some(Kind::$kind)
            }

            fn default_schema() -> Value {
                json!({"type": "string"})
            }
        }
    )* };
}

texts! {
    /// Texts of up to 16,383 characters.
    Texts: Text, PLAIN;
    /// Texts of up to 4,194,303 characters.
    Mediumtexts: Mediumtext, MEDIUMTEXT;
    /// Texts of up to 1,073,741,823 characters.
    Longtexts: Longtext, LONGTEXT;
}

/// Declares text types with a configurable size.
macro_rules! sized {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $model:ident, $max_size:expr, $new:ident, $changed:ident;)*) => { $(
        kernel::params! {
            /// Size of a new text column.
            pub struct $new {
                /// Maximum length, in characters.
                size: Int<1, { $max_size }> = "size",
                /// Whether values are encrypted in the database; encrypted columns cannot be queried.
                encrypt: bool = "encrypt" | false,
            }
        }

        kernel::params! {
            /// New size of a text column.
            pub struct $changed {
                /// Maximum length, in characters; unchanged if absent.
                size: Option<Int<1, { $max_size }>> = "size",
            }
        }

        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl ColumnType for $name {
            const MODEL: &'static Model = &models::$model;
            type CreateColumn = $new;
            type UpdateColumn = $changed;

            fn widest() -> Kind {
                Kind::Longtext
            }

            fn kind(new: $new) -> (Kind, bool) {
                (Kind::$kind { size: size(new.size) }, new.encrypt)
            }

            fn reshape(changed: $changed, kind: &Kind) -> Option<Kind> {
                match kind {
                    Kind::$kind { size: old } => Some(Kind::$kind { size: changed.size.map_or(*old, size) }),
                    _ => None,
                }
            }

            fn default_schema() -> Value {
                json!({"type": "string"})
            }
        }
    )* };
}

/// Converts a size, which is at most 2^30.
fn size<const MAX: i64>(size: Int<1, MAX>) -> u32 {
    u32::try_from(size.0).unwrap_or(u32::MAX)
}

sized! {
    /// Texts.
    Strings: String, STRING, 1 << 30, NewString, ChangedString;
    /// Texts stored in the row.
    Varchars: Varchar, VARCHAR, MAX_VARCHAR as i64, NewVarchar, ChangedVarchar;
}

/// Declares number types.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $model:ident, $number:ty, $param:ty, $bounds:ident, $schema:expr;)*) => { $(
        kernel::params! {
            /// Bounds of a number column.
            pub struct $bounds {
                /// Minimum; unchanged if absent when a column is updated.
                min: Option<$param> = "min",
                /// Maximum.
                max: Option<$param> = "max",
            }
        }

        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl ColumnType for $name {
            const MODEL: &'static Model = &models::$model;
            type CreateColumn = $bounds;
            type UpdateColumn = $bounds;

            fn widest() -> Kind {
                Kind::$kind { min: <$number>::MIN, max: <$number>::MAX }
            }

            fn kind(new: $bounds) -> (Kind, bool) {
                let min = new.min.map_or(<$number>::MIN, |min| min.0);
                let max = new.max.map_or(<$number>::MAX, |max| max.0);
                (Kind::$kind { min, max }, false)
            }

            fn reshape(changed: $bounds, kind: &Kind) -> Option<Kind> {
                match kind {
                    Kind::$kind { min, max } => Some(Kind::$kind {
                        min: changed.min.map_or(*min, |min| min.0),
                        max: changed.max.map_or(*max, |max| max.0),
                    }),
                    _ => None,
                }
            }

            fn default_schema() -> Value {
                $schema
            }
        }
    )* };
}

/// A finite number, as JSON can represent it.
#[derive(Debug, Clone, Copy)]
pub struct Real(f64);

impl kernel::param::Param for Real {
    fn parse(value: &Value) -> Result<Self, kernel::param::Rule> {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        };
        number
            .map(Self)
            .ok_or(kernel::param::Rule::new("Value must be a valid float"))
    }

    fn schema() -> Value {
        json!({"type": "number", "format": "double"})
    }
}

numbers! {
    /// Integers.
    Integers: Integer, INTEGER, i64, Int<{ i64::MIN }, { i64::MAX }>, IntegerBounds, json!({"type": "integer", "format": "int64"});
    /// Floating-point numbers.
    Floats: Float, FLOAT, f64, Real, FloatBounds, json!({"type": "number", "format": "double"});
}

kernel::params! {
    /// Elements of an enum column.
    pub struct CreateArrayColumn {
        /// Allowed values: up to 100, each of up to 255 characters.
        elements: List<Text<255>> = "elements",
    }
}

/// Enums: one of a set of texts.
#[derive(Debug)]
pub struct Enums;

impl ColumnType for Enums {
    const MODEL: &'static Model = &models::ENUM;
    type CreateColumn = CreateArrayColumn;
    type UpdateColumn = CreateArrayColumn;

    fn widest() -> Kind {
        Kind::Longtext
    }

    fn kind(new: CreateArrayColumn) -> (Kind, bool) {
        let elements = new.elements.0.into_iter().map(|element| element.0).collect();
        (Kind::Enum { elements }, false)
    }

    fn reshape(changed: CreateArrayColumn, kind: &Kind) -> Option<Kind> {
        matches!(kind, Kind::Enum { .. }).then(|| Self::kind(changed).0)
    }

    fn default_schema() -> Value {
        json!({"type": "string"})
    }
}

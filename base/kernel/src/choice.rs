//! Choices: enumerations with fixed string values, the same on the wire and in the database.

/// Common interface of enumerations declared by [`choices!`](crate::choices).
pub trait Choice: Copy + 'static {
    /// Every value, in the order of declaration.
    const EVERY: &'static [Self];

    /// The text on the wire and in the database.
    fn text(self) -> &'static str;
}

/// Declares an enumeration with fixed string values on the wire and in the database.
///
/// ```
/// kernel::choices! {
///     /// Side of a card.
///     pub enum Side {
///         /// Front side.
///         Front = "front",
///         /// Back side.
///         Back = "back",
///     }
/// }
/// assert_eq!(Side::parse("back"), Some(Side::Back));
/// ```
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $( $(#[$variant_meta:meta])* $variant:ident = $text:literal ),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $( $(#[$variant_meta])* $variant, )* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),*];

            /// The text on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }

            /// Parses the text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $( $text => Some(Self::$variant), )* _ => None }
            }
        }

        impl $crate::Choice for $name {
            const EVERY: &'static [Self] = Self::ALL;

            fn text(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| $crate::serde::de::Error::unknown_variant(&text, &[$( $text ),*]))
            }
        }

        impl $crate::param::Param for $name {
            fn parse(value: &$crate::serde_json::Value) -> ::std::result::Result<Self, $crate::param::Rule> {
                value.as_str().and_then(Self::parse).ok_or_else(|| {
                    format!("Value must be one of ({})", [$( $text ),*].join(", ")).into()
                })
            }

            fn schema() -> $crate::serde_json::Value {
                $crate::serde_json::json!({"type": "string", "enum": [$( $text ),*]})
            }

            fn to_json(&self) -> $crate::serde_json::Value {
                self.as_str().into()
            }
        }
    };
}

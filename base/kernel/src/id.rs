//! Ids: 1 to 36 characters of `a-z A-Z 0-9 . _ -`, the first a letter or a digit (Appwrite's UID rule).

use std::fmt::Write;

use serde_json::{Value, json};

use crate::Timestamp;
use crate::param::{Param, Rule};

/// Maximum length of an id, in characters.
pub const MAX_LEN: usize = 36;

/// The rule as an error message for clients.
pub const RULE: Rule = Rule::new(
    "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore. Can't start with a special char",
);

/// Whether a text is a valid id.
pub fn is_valid(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=MAX_LEN).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// A new id: 20 hexadecimal digits, of which the first 11 count milliseconds, so that newer ids sort after older ones
/// and are appended to the end of an index.
pub fn generate(now: Timestamp) -> String {
    let mut chance = [0_u8; 5];
    // The random part only distinguishes ids of the same millisecond; uniqueness is enforced by the database.
    let _ = getrandom::fill(&mut chance);
    let mut id = format!("{:011x}", now.millis().max(0));
    for byte in &chance[..4] {
        let _ = write!(id, "{byte:02x}");
    }
    let _ = write!(id, "{:x}", chance[4] & 15);
    id
}

/// Common interface of id types.
pub trait Id: Sized {
    /// Parses a text; none if it is not a valid id.
    fn parse(text: &str) -> Option<Self>;

    /// Generates a new id.
    fn generate(now: Timestamp) -> Self;
}

/// An id chosen by the caller, or `unique()` for a generated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomId<T>(Option<T>);

impl<T: Id> CustomId<T> {
    /// The chosen id, or a generated one.
    pub fn or_generate(self, now: Timestamp) -> T {
        self.0.unwrap_or_else(|| T::generate(now))
    }
}

impl<T: Id> Param for CustomId<T> {
    fn parse(value: &Value) -> Result<Self, Rule> {
        match value.as_str() {
            Some("unique()") => Ok(Self(None)),
            Some(text) => T::parse(text).map(|id| Self(Some(id))).ok_or(RULE),
            None => Err(RULE),
        }
    }

    fn schema() -> Value {
        json!({"type": "string", "maxLength": MAX_LEN, "x-example": "unique()"})
    }
}

/// Declares id types: validated strings, one type per noun, so that a team's id cannot be passed as a user's.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::serde::Serialize)]
        #[serde(transparent, crate = "::kernel::serde")]
        pub struct $name(String);

        impl $name {
            /// Parses a text; none if it is not a valid id.
            pub fn parse(text: impl Into<String>) -> Option<Self> {
                let text = text.into();
                $crate::id::is_valid(&text).then_some(Self(text))
            }

            /// Generates a new id.
            pub fn generate(now: $crate::Timestamp) -> Self {
                Self($crate::id::generate(now))
            }

            /// Wraps a text from the database, which was validated when it was written.
            pub fn trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl $crate::id::Id for $name {
            fn parse(text: &str) -> Option<Self> {
                Self::parse(text)
            }

            fn generate(now: $crate::Timestamp) -> Self {
                Self::generate(now)
            }
        }

        impl $crate::param::Param for $name {
            fn parse(value: &$crate::serde_json::Value) -> ::std::result::Result<Self, $crate::param::Rule> {
                value.as_str().and_then(Self::parse).ok_or($crate::id::RULE)
            }

            fn schema() -> $crate::serde_json::Value {
                $crate::serde_json::json!({"type": "string", "maxLength": $crate::id::MAX_LEN})
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let text = <String as $crate::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(text).ok_or_else(|| $crate::serde::de::Error::custom($crate::id::RULE))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )* };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_rule_is_appwrites() {
        for good in ["a", "0", "5e5ea5c16897e", "A.b_c-d", &"x".repeat(36)] {
            assert!(is_valid(good), "{good}");
        }
        for bad in ["", "_a", ".a", "-a", "a b", "ä", "a/b", &"x".repeat(37)] {
            assert!(!is_valid(bad), "{bad}");
        }
    }

    #[test]
    fn later_ids_sort_later() {
        let (a, b) = (
            generate(crate::Timestamp::from_millis(1)),
            generate(crate::Timestamp::from_millis(2)),
        );
        assert!(a < b && is_valid(&a) && a.len() == 20);
    }
}

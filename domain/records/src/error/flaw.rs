//! Errors in the data of a row.

use std::borrow::Cow;

use crate::Vocabulary;

/// An error in the data of a row. Keys are the user's and appear unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// A required column has no value.
    Missing(String),
    /// There is no such column.
    Unknown(String),
    /// The value has another type; with the violated rule.
    Type(String, Cow<'static, str>),
    /// The value has the right type, but violates the column's format; with the violated rule.
    Format(String, Cow<'static, str>),
    /// The column is a list and the value is not.
    NotAList(String),
    /// An operator that cannot be applied; with the reason.
    Operator(String),
}

impl Flaw {
    pub(super) fn in_vocabulary(&self, vocabulary: Vocabulary) -> String {
        let (column, word) = (vocabulary.word("column"), vocabulary.word("Column"));
        match self {
            Self::Missing(key) => format!("Missing required {column} \"{key}\""),
            Self::Unknown(key) => format!("Unknown {column}: \"{key}\""),
            Self::Type(key, rule) => format!("{word} \"{key}\" has invalid type. {rule}"),
            Self::Format(key, rule) => format!("{word} \"{key}\" has invalid format. {rule}"),
            Self::NotAList(key) => format!("{word} \"{key}\" must be an array"),
            Self::Operator(why) => why.clone(),
        }
    }
}

impl Flaw {
    /// The violated rule.
    pub fn rule(&self) -> &str {
        match self {
            Self::Type(_, rule) | Self::Format(_, rule) => rule,
            Self::Missing(_) => "A value is required",
            Self::Unknown(_) => "There is no such column",
            Self::NotAList(_) => "Value must be an array",
            Self::Operator(why) => why,
        }
    }
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.in_vocabulary(Vocabulary::Tables))
    }
}

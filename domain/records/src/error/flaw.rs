//! Errors in the data of a row.

use std::borrow::Cow;

use crate::verbatim;

/// An error in the data of a row. Its text is a template of [`crate::Vocabulary::fill`]; the rules within are the same in
/// both vocabularies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A required column has no value.
    #[error("Missing required <column> \"{}\"", verbatim(.0))]
    Missing(String),
    /// There is no such column.
    #[error("Unknown <column>: \"{}\"", verbatim(.0))]
    Unknown(String),
    /// The value has another type; with the violated rule.
    #[error("<Column> \"{}\" has invalid type. {}", verbatim(.0), verbatim(.1))]
    Type(String, Cow<'static, str>),
    /// The value has the right type, but violates the column's format; with the violated rule.
    #[error("<Column> \"{}\" has invalid format. {}", verbatim(.0), verbatim(.1))]
    Format(String, Cow<'static, str>),
    /// The column is a list and the value is not.
    #[error("<Column> \"{}\" must be an array", verbatim(.0))]
    NotAList(String),
    /// An operator that cannot be applied; with the reason.
    #[error("{}", verbatim(.0))]
    Operator(String),
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

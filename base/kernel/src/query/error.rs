//! Why queries were refused, in the client's terms.

use crate::{Fault, Kind};

/// A query that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{rule}{}", prefix(rule), position(*query))]
pub struct Error {
    /// Index of the query in the request, from 0, if the error is about one.
    pub query: Option<usize>,
    /// The rule that it breaks.
    pub rule: Rule,
}

/// A rule of queries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// At most so many queries.
    #[error("Value must be a valid array no longer than {} items", super::MAX_QUERIES)]
    Count,
    /// At most so many characters.
    #[error("Value must be a valid string and no longer than {} chars", super::MAX_LENGTH)]
    Length,
    /// Any other, in Appwrite's words.
    #[error("{0}")]
    Broken(String),
    /// The row of a cursor is not there.
    #[error("Cursor '{0}' not found")]
    CursorNotFound(String),
    /// The row of a cursor has no value for an attribute that the list is sorted by.
    #[error(
        "The order attribute '{0}' has a null value for the cursor. Cursor pagination requires all documents to have a value"
    )]
    CursorOrderNull(String),
}

fn prefix(rule: &Rule) -> &'static str {
    match rule {
        Rule::Count | Rule::Length => "Invalid `queries` param: ",
        Rule::Broken(_) => "Invalid query: ",
        Rule::CursorNotFound(_) | Rule::CursorOrderNull(_) => "",
    }
}

fn position(query: Option<usize>) -> String {
    query.map(|index| format!(" (queries[{index}])")).unwrap_or_default()
}

impl Error {
    /// A query breaks a rule.
    pub fn at(query: usize, rule: impl Into<String>) -> Self {
        Self {
            query: Some(query),
            rule: Rule::Broken(rule.into()),
        }
    }

    /// The queries together break a rule.
    pub fn of_request(rule: Rule) -> Self {
        Self { query: None, rule }
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self.rule {
            Rule::Count | Rule::Length => Kind::Invalid("general_argument_invalid"),
            Rule::Broken(_) => Kind::Invalid("general_query_invalid"),
            Rule::CursorNotFound(_) => Kind::Invalid("general_cursor_not_found"),
            Rule::CursorOrderNull(_) => Kind::Invalid("database_query_order_null"),
        }
    }
}

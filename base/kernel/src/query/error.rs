//! Query errors, with messages for the client.

use crate::{Fault, Kind};

/// An invalid query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{rule}{}", prefix(rule), position(*query))]
pub struct Error {
    /// Index of the query in the request, from 0, if the error is about one.
    pub query: Option<usize>,
    /// The violated rule.
    pub rule: Rule,
}

/// A rule of queries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// Too many queries.
    #[error("Value must be a valid array no longer than {} items", super::MAX_QUERIES)]
    Count,
    /// A query is too long.
    #[error("Value must be a valid string and no longer than {} chars", super::MAX_LENGTH)]
    Length,
    /// Any other rule, with Appwrite's message.
    #[error("{0}")]
    Broken(String),
    /// As [`Rule::Broken`], in a list of the server's own nouns, where Appwrite reports an invalid parameter.
    #[error("{0}")]
    Argument(String),
    /// The row of a cursor does not exist.
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
        Rule::Count | Rule::Length | Rule::Argument(_) => "Invalid `queries` param: ",
        Rule::Broken(_) => "Invalid query: ",
        Rule::CursorNotFound(_) | Rule::CursorOrderNull(_) => "",
    }
}

fn position(query: Option<usize>) -> String {
    query.map(|index| format!(" (queries[{index}])")).unwrap_or_default()
}

impl Error {
    /// An error of one query.
    pub fn at(query: usize, rule: impl Into<String>) -> Self {
        Self {
            query: Some(query),
            rule: Rule::Broken(rule.into()),
        }
    }

    /// The error of a list of the server's own nouns, in which an invalid query is an invalid parameter.
    #[must_use]
    pub fn of_parameter(self) -> Self {
        let rule = match self.rule {
            Rule::Broken(rule) => Rule::Argument(rule),
            rule => rule,
        };
        Self { rule, ..self }
    }

    /// An error of the queries as a whole.
    pub fn of_request(rule: Rule) -> Self {
        Self { query: None, rule }
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self.rule {
            Rule::Count | Rule::Length | Rule::Argument(_) => Kind::Invalid("general_argument_invalid"),
            Rule::Broken(_) => Kind::Invalid("general_query_invalid"),
            Rule::CursorNotFound(_) => Kind::Invalid("general_cursor_not_found"),
            Rule::CursorOrderNull(_) => Kind::Invalid("database_query_order_null"),
        }
    }
}

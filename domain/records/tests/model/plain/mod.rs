//! The model: tables as lists of rows, and queries as the API's description defines them. It shares no code with the
//! tested crates, except for shapes and full-text search, whose crates have their own tests.

mod filter;
mod page;
mod row;
mod search;
mod value;
mod write;

pub(crate) use page::list;
pub(crate) use row::{Row, Table};
pub(crate) use value::Value;

/// Error types of a refused query; an engine may return any of them.
pub(crate) type Refused = Vec<&'static str>;

pub(crate) const BAD_QUERY: &str = "general_query_invalid";

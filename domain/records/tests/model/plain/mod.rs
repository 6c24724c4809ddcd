//! The model: tables as plain lists of rows, and queries as the document of the API describes them. It shares no code with
//! the product, but for shapes and words, whose crates have tests of their own.

mod filter;
mod page;
mod row;
mod search;
mod value;
mod write;

pub(crate) use page::list;
pub(crate) use row::{Row, Table};
pub(crate) use value::Value;

/// Why a question is refused: types of errors, any of which may be answered.
pub(crate) type Refused = Vec<&'static str>;

pub(crate) const BAD_QUERY: &str = "general_query_invalid";

//! Rows: made, read, changed and deleted.
//!
//! A row that is read to be shown goes from SQL to JSON without a tree in between ([`Writer`]); one that is read to be
//! changed becomes a [`Record`].

mod create;
mod get;
mod value;
mod writer;

pub use create::{NewRow, create};
pub use get::get;
pub use value::check;
pub use writer::Writer;

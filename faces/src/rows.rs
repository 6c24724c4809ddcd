//! Rows.

mod read;
mod write;

pub use read::get;
pub use write::{create, delete, update};

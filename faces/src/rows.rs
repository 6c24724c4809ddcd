//! Rows.

mod read;
mod write;

pub use read::{aggregate, get, list};
pub use write::{create, delete, update};

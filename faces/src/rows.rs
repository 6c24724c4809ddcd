//! Rows.

mod read;
mod write;

pub use read::{get, list};
pub use write::{create, delete, update};

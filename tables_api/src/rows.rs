//! Rows.

pub(crate) mod execute;
pub(crate) mod many;
mod numbers;
mod read;
mod write;

pub use many::{delete as delete_many, update as update_many, upsert as upsert_many};
pub use read::{aggregate, get, list};
pub use write::{create, decrement, delete, increment, update, upsert};

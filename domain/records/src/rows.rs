//! Creating, reading, changing and deleting rows.
//!
//! A row of a reply is serialized directly from SQL to JSON ([`Writer`]); a row that is changed becomes a [`Record`],
//! which the same writer serializes. Relationships are handled by `hooks`.

mod aggregate;
mod bulk;
mod create;
mod delete;
mod draft;
mod explain;
mod find;
mod get;
mod hooks;
mod increment;
mod list;
mod observer;
mod operators;
mod page;
mod ranked;
mod record;
mod run;
mod snippet;
pub(crate) mod statements;
mod step;
mod store;
mod update;
mod upsert;
mod value;
mod walk;
mod writer;

pub use crate::query::is_quick;
pub use aggregate::{Aggregate, MAX_FUNCTIONS, MAX_GROUPED, aggregate};
pub(crate) use create::create_within;
pub use create::{NewRow, create};
pub use delete::delete;
pub use explain::explain;
pub(crate) use find::lock_rows;
pub use find::{find, find_for_update};
pub use get::{get, get_selected};
pub use increment::{Count, increment};
pub use list::{MAX_PAGE, list, list_quickly};
pub use observer::{RowObserver, What};
pub use ranked::MAX_RANKED;
pub use record::Record;
pub use step::Step;
pub(crate) use store::{insert, remove};
pub use update::{Change, update};
pub use upsert::upsert;
pub use value::check;
pub use walk::{MAX_WALKED, Walk};
pub use writer::Writer;

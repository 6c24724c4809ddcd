//! The database: one engine, many databases, two dialects.
//!
//! An [`Engine`] holds every database of an installation: files of SQLite in a folder, or schemas of PostgreSQL. A
//! [`Database`] runs acts: closures over a [`Tx`] that happen whole or not at all, on a database thread, so that an
//! endpoint hops there once and back once. `write` answers only after the commit is durable.
//!
//! One rule for acts, the same on both engines: when a statement fails, the transaction is spoilt, every later statement
//! and the commit fail too, and the act should return its error. Work that may fail and be survived goes into
//! [`Tx::attempt`].
//!
//! Not here: what the tables of a noun are (its domain crate declares them with [`table!`] and [`Migration`]s), and how
//! jobs are run (`jobs`).

mod act;
mod after_commit;
mod cache;
pub mod columns;
mod dialect;
mod engine;
mod error;
pub mod list;
mod locked;
pub mod log;
mod migrate;
mod names;
mod postgres;
mod prepared;
mod room;
mod row;
mod schema;
mod settings;
mod shared;
mod sqlite;
mod table;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

pub use cache::{Cache, Ticket};
pub use dialect::Dialect;
pub use engine::{Database, Engine};
pub use error::Error;
pub use kernel::{Event, Payload};
pub use locked::{Entity, Locked};
pub use migrate::{Kind, Migration, Migrations};
pub use prepared::PreparedSql;
pub use room::Room;
pub use row::{Cells, FromRow, Row};
pub use schema::Schema;
pub use sea_query;
pub use sea_query::{Value, Values};
pub use settings::{Options, Settings};
pub use shared::{Commit, Note, Recorded};
#[doc(hidden)]
pub use table::bare;
pub use tx::Tx;
pub use value::{FromValue, Json, Mismatch, Ref, ToValue, value};

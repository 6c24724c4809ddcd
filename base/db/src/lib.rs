//! The database: one engine, many databases, two dialects.
//!
//! An [`Engine`] holds every database of an installation: files of SQLite in a folder, or schemas of PostgreSQL. A
//! [`Database`] runs acts: closures over a [`Tx`] that run atomically on a database thread, so that an endpoint
//! switches threads only once per act. `write` returns only after the commit is durable.
//!
//! One rule for acts, the same on both engines: when a statement fails, the transaction is aborted, every later
//! statement and the commit fail too, and the act should return its error. Work that may fail without aborting the act
//! goes into [`Tx::attempt`].
//!
//! Not here: what the tables of a noun are (its domain crate declares them with [`table!`] and [`Migration`]s), and how
//! jobs are run (`jobs`).

mod act;
mod after_commit;
mod cache;
pub mod columns;
mod commit;
mod dialect;
mod engine;
mod error;
mod internal;
pub mod list;
mod locked;
pub mod log;
mod migrate;
mod names;
mod panics;
mod postgres;
mod prepared;
pub mod retention;
mod room;
mod row;
mod schema;
mod session;
mod settings;
mod shared;
mod sqlite;
mod table;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

pub use cache::{Cache, Ticket};
pub use commit::{Commit, Note, Recorded};
pub use dialect::Dialect;
pub use engine::{Database, Engine};
pub use error::Error;
pub use kernel::{Event, Payload};
pub use locked::{Entity, Locked};
pub use migrate::{Migrations, Scope};
pub use prepared::PreparedSql;
pub use room::Room;
pub use row::{Cells, FromRow, Row};
pub use schema::{Migration, Schema};
pub use sea_query;
pub use sea_query::{Value, Values};
pub use settings::{Options, Settings};
#[doc(hidden)]
pub use table::bare;
pub use tx::Tx;
pub use value::{FromValue, Json, Mismatch, Ref, ToValue, value};

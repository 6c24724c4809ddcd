//! Databases, tables and rows: data whose shape the app's developer defines.
//!
//! A user's table is a table of SQL with typed columns and real indexes, on both engines; what it is made of is written
//! down in a catalog ([`databases`], [`tables`], [`columns`], [`indexes`]) and loaded as a [`Table`], which every act on
//! rows begins with. Rows carry their permissions; who asks is an [`Access`].
//!
//! The same things are spoken of in two vocabularies (tables, columns, rows; collections, attributes, documents). Only
//! the words differ: [`Vocabulary`] has them, and an [`Error`] is told in one of them by [`Error::in_vocabulary`].
//!
//! Not here: HTTP (`tables_api`), and how queries are read (`kernel::query`) and become SQL (`db::list`).

mod access;
pub mod acts;
mod catalog;
pub mod columns;
pub mod databases;
pub mod derived;
mod error;
mod ids;
mod in_order;
pub mod indexes;
pub mod migrations;
mod physical;
mod query;
pub mod relations;
pub mod rows;
mod schema;
mod sealed;
pub mod tables;
pub mod transactions;
pub mod transfer;
pub mod usage;
mod vocabulary;
pub mod work;

pub use access::{Access, Principal};
pub use catalog::{Catalog, Records, Table};
pub use columns::{Column, Kind, Status};
pub use error::{Error, LocalizedError, Result};
pub use ids::{DatabaseId, Key, RowId, TableId, TransactionId, TransferId};
pub use in_order::in_order;
pub use query::Reading;
pub use schema::Schema;
pub use vocabulary::Vocabulary;

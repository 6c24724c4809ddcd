//! Databases, tables and rows: data with schemas that the app's developer defines.
//!
//! A user's table is an SQL table with typed columns and indexes, on both engines. Its definition is stored in a
//! catalog ([`databases`], [`tables`], [`columns`], [`indexes`]) and loaded as a [`Table`], which every act on rows
//! needs. Rows have permissions; the rights of the caller are an [`Access`].
//!
//! Two vocabularies name the same concepts (tables, columns, rows; collections, attributes, documents). [`Vocabulary`]
//! has the words; [`Error::in_vocabulary`] selects one for an error.
//!
//! Not here: HTTP (`tables_api`), parsing of queries (`kernel::query`) and their translation to SQL (`db::list`).

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
pub mod retention;
pub mod roles;
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
pub use error::{
    AccessError, ColumnError, DatabaseError, Error, IndexError, LocalizedError, Result, RowError, TableError,
    TakenValues, TransactionError, TransferError,
};
pub use ids::{DatabaseId, Key, RowId, TableId, TransactionId, TransferId};
pub use in_order::in_order;
pub use query::Reading;
pub use schema::Schema;
pub use vocabulary::{Vocabulary, verbatim};

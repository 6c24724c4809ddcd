//! The handlers of databases, tables and rows, generic over the vocabulary.
//!
//! `tablesdb` speaks of tables, columns and rows; `databases`, the older one, of collections, attributes and documents.
//! They do the same with the same things, so each handler stands here once and takes its words from a type parameter
//! ([`Vocabulary`]): names of parameters, of models, of keys in replies, of error types. The endpoints of both
//! are declared once, too ([`routes`]).

pub mod columns;
pub mod databases;
pub mod indexes;
pub mod logs;
pub mod model;
pub mod relationships;
pub mod routes;
pub mod rows;
mod service;
mod state;
pub mod tables;
pub mod transactions;
pub mod transfers;
pub mod usage;
mod vocabulary;

pub use service::add_to;
pub use state::State;
pub use vocabulary::{Collections, Tables, Vocabulary};

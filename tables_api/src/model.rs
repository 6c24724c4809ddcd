//! Models of replies.

mod aggregates;
pub mod columns;
mod databases;
mod indexes;
mod rows;
mod tables;
mod transactions;
mod transfers;
mod usage;

use std::marker::PhantomData;

use api::{IntoReply, Reply, Schemas};
use http::StatusCode;
use serde_json::{Map, Value, json};

pub use aggregates::Aggregates;
pub use columns::{AnyColumn, ColumnList, ColumnOf, RelationshipOf, column};
pub use databases::{Database, DatabaseList};
pub use indexes::{Index, IndexList, index};
pub use rows::{CreatedRows, Row, RowList, Upserted};
pub use tables::{Table, TableList, table};
pub use transactions::{Transaction, TransactionList};
pub use transfers::{Transfer, TransferList};
pub use usage::{Metric, UsageDatabase, UsageDatabases, UsageTable, points};

/// A model whose JSON is built manually, because its names depend on the vocabulary or on the content.
pub trait VocabularyModel: Send {
    /// Name of its schema; comma-separated names if it is one of several.
    const NAME: &'static str;

    /// Adds its schemas.
    fn define(into: &mut Schemas);
}

/// A reply of such a model; `STATUS` is the HTTP status.
#[derive(Debug)]
pub struct Shown<M, const STATUS: u16 = 200> {
    json: Value,
    model: PhantomData<fn() -> M>,
}

impl<M, const STATUS: u16> From<Value> for Shown<M, STATUS> {
    fn from(json: Value) -> Self {
        Self {
            json,
            model: PhantomData,
        }
    }
}

impl<M: VocabularyModel, const STATUS: u16> IntoReply for Shown<M, STATUS> {
    const STATUS: StatusCode = match StatusCode::from_u16(STATUS) {
        Ok(status) => status,
        Err(_) => StatusCode::OK,
    };

    fn model() -> Option<&'static str> {
        Some(M::NAME)
    }

    fn define(into: &mut Schemas) {
        M::define(into);
    }

    fn into_reply(self) -> Reply {
        Reply::json(<Self as IntoReply>::STATUS, &self.json)
    }
}

/// The schema of an object with these fields; nullable fields are not required.
fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let properties: Map<String, Value> = fields
        .into_iter()
        .map(|(key, schema)| (key.to_owned(), schema))
        .collect();
    let required: Vec<&String> = properties
        .iter()
        .filter(|(_, schema)| schema["nullable"] != true)
        .map(|(key, _)| key)
        .collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// The schema of a list of items, with their total.
fn list(key: &'static str, items: Value) -> Value {
    object([
        ("total", json!({"type": "integer", "format": "int32"})),
        (key, json!({"type": "array", "items": items})),
    ])
}

/// A reference to a model.
fn reference(model: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{model}")})
}

/// Schemas of simple fields with a description.
fn text(doc: &str) -> Value {
    json!({"type": "string", "description": doc})
}

fn time(doc: &str) -> Value {
    json!({"type": "string", "format": "datetime", "description": doc})
}

fn flag(doc: &str) -> Value {
    json!({"type": "boolean", "description": doc})
}

fn number(doc: &str) -> Value {
    json!({"type": "integer", "format": "int32", "description": doc})
}

fn texts(doc: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": doc})
}

/// Makes a schema nullable.
fn or_null(mut schema: Value) -> Value {
    schema["nullable"] = true.into();
    schema
}

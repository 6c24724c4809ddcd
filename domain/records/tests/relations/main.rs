//! Relationships on both engines: creating, writing, reading, unlinking.

mod at_once;
mod columns;
#[path = "../common/mod.rs"]
mod common;
mod deleting;
mod lists;
mod model;
mod permissions;
mod writing;

use common::world::{Relation, World};
use db::testing::Fixture;
use records::Access;
use records::columns::{OnDelete, RelationKind};
use serde_json::{Value, json};

const SERVER: Access = Access::Server;

/// Authors and books, related by `books` and `author`.
async fn library(fixture: &Fixture, kind: RelationKind, two_way: bool, on_delete: OnDelete) -> World {
    let world = World::open(fixture, &["authors", "books"]).await;
    world
        .relate(Relation {
            from: "authors",
            key: "books",
            to: "books",
            back: "author",
            kind,
            two_way,
            on_delete,
        })
        .await
        .expect("a relationship");
    world
}

fn is_many(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::OneToMany | RelationKind::ManyToMany)
}

fn is_many_back(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::ManyToOne | RelationKind::ManyToMany)
}

/// The value, in a list for a side with many.
fn sided(many: bool, value: Value) -> Value {
    if many { json!([value]) } else { value }
}

/// The IDs of loaded related rows.
fn ids(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(rows) => rows.iter().filter_map(|row| row["$id"].as_str()).collect(),
        row => row["$id"].as_str().into_iter().collect(),
    }
}

fn query(method: &str, attribute: &str, values: Value) -> Value {
    json!({"method": method, "attribute": attribute, "values": values})
}

fn select(names: &[&str]) -> Value {
    json!({"method": "select", "values": names})
}

/// The IDs of a list's rows.
fn listed(list: &Value) -> Vec<&str> {
    ids(&list["rows"])
}

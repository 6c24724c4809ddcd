//! Related tables, and helpers for writing and reading their rows.

use std::sync::Arc;

use db::testing::Fixture;
use db::{Database, Tx};
use kernel::permission::{Action, Permissions, Roles};
use kernel::query::Queries;
use records::columns::{self, OnDelete, RelationKind};
use records::relations::{self, NewRelationship};
use records::rows::{self, Change, NewRow};
use records::tables::{self, NewTable};
use records::{
    Access, Catalog, DatabaseId, Key, Principal, Reading, Records, Result, RowId, TableId, Vocabulary, databases,
};
use secrets::Vault;
use serde_json::{Map, Value};

use super::text;

/// A project with one database.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) db: Database,
    pub(crate) catalog: Catalog,
    pub(crate) database: DatabaseId,
}

/// Parameters of a relationship: `one_to_many("author", "books", "book", "author")`.
pub(crate) struct Relation<'a> {
    pub(crate) from: &'a str,
    pub(crate) key: &'a str,
    pub(crate) to: &'a str,
    pub(crate) back: &'a str,
    pub(crate) kind: RelationKind,
    pub(crate) two_way: bool,
    pub(crate) on_delete: OnDelete,
}

pub(crate) fn table_id(id: &str) -> TableId {
    TableId::parse(id).expect("an id")
}

pub(crate) fn key(key: &str) -> Key {
    Key::parse(key).expect("a key")
}

pub(crate) fn row_id(id: &str) -> RowId {
    RowId::parse(id).expect("an id")
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

/// A signed-in user.
pub(crate) fn user(id: &str) -> Access {
    let roles = ["any".to_owned(), "users".to_owned(), format!("user:{id}")];
    Access::Client(Principal {
        roles: Arc::new(Roles::new(roles)),
        user: Some(id.to_owned()),
    })
}

impl World {
    /// Creates the tables, each with the column `name`; only servers have access, except to rows with permissions.
    pub(crate) async fn open(fixture: &Fixture, tables: &[&str]) -> Self {
        let db = fixture.engine.create("world").await.expect("a project");
        let world = Self {
            db,
            catalog: Records::new(Arc::new(Vault::new("secret", &[]))).of("world"),
            database: DatabaseId::parse("main").expect("an id"),
        };
        let tables: Vec<TableId> = tables.iter().map(|id| table_id(id)).collect();
        world
            .act(move |tx, world| {
                let main = databases::create(tx, &world.database, "Main", true, "tablesdb")?;
                for id in tables {
                    let new = NewTable {
                        id: id.clone(),
                        name: id.to_string(),
                        permissions: Permissions::parse(&["create(\"users\")"], Action::ALL).expect("permissions"),
                        row_security: true,
                        enabled: true,
                    };
                    tables::create(tx, &main, new)?;
                    let table = world.catalog.table(tx, &world.database, &id)?;
                    let (key, spec) = text("name", 64);
                    columns::create(tx, &table, &key, spec)?;
                }
                Ok(())
            })
            .await
            .expect("tables");
        world
    }

    /// Deletes the project, so that the next one can be created.
    pub(crate) async fn drop(self, fixture: &Fixture) {
        fixture.engine.remove("world").await.expect("removed");
    }

    pub(crate) async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Tx<'_>, &Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let world = self.clone();
        self.db.write(move |tx| act(tx, &world)).await
    }

    pub(crate) async fn relate(&self, relation: Relation<'_>) -> Result<columns::Column> {
        let from = table_id(relation.from);
        let new = NewRelationship {
            related: table_id(relation.to),
            relation: relation.kind,
            two_way: relation.two_way,
            key: Some(key(relation.key)),
            two_way_key: Some(key(relation.back)),
            on_delete: relation.on_delete,
        };
        self.act(move |tx, world| relations::create(tx, &world.catalog, &world.database, &from, new))
            .await
    }

    /// Creates a row; returns it as a client gets it.
    pub(crate) async fn create(&self, access: &Access, table: &str, id: &str, data: Value) -> Result<Value> {
        let (access, table, id, data) = (access.clone(), table_id(table), row_id(id), object(data));
        self.act(move |tx, world| {
            let table = world.catalog.table(tx, &world.database, &table)?;
            let new = NewRow {
                id,
                data,
                permissions: None,
            };
            let record = rows::create(tx, &table, &access, &new)?;
            let json = relations::written(tx, &table, &access, &record, &new.data, Vocabulary::Tables)?;
            Ok(serde_json::from_slice(&json).expect("JSON"))
        })
        .await
    }

    /// Changes a row; returns it as a client gets it.
    pub(crate) async fn update(&self, access: &Access, table: &str, id: &str, data: Value) -> Result<Value> {
        let (access, table, id, data) = (access.clone(), table_id(table), row_id(id), object(data));
        self.act(move |tx, world| {
            let table = world.catalog.table(tx, &world.database, &table)?;
            let change = Change {
                data: &data,
                permissions: None,
                read_at: None,
            };
            let record = rows::update(tx, &table, &access, &id, &change)?;
            let json = relations::written(tx, &table, &access, &record, change.data, Vocabulary::Tables)?;
            Ok(serde_json::from_slice(&json).expect("JSON"))
        })
        .await
    }

    /// A row as a client gets it, with the selected fields.
    pub(crate) async fn get(&self, access: &Access, table: &str, id: &str, select: &[&'static str]) -> Result<Value> {
        let (access, table, id, select) = (access.clone(), table_id(table), row_id(id), select.to_vec());
        self.act(move |tx, world| {
            let table = world.catalog.table(tx, &world.database, &table)?;
            let json = match select.as_slice() {
                [] => rows::get(tx, &table, &access, &id, Vocabulary::Tables)?,
                select => relations::get(tx, &table, &access, &id, select, Vocabulary::Tables)?,
            };
            Ok(serde_json::from_slice(&json).expect("JSON"))
        })
        .await
    }

    /// A list as a client gets it.
    pub(crate) async fn list(&self, access: &Access, table: &str, queries: &[Value]) -> Result<Value> {
        let texts: Vec<String> = queries.iter().map(Value::to_string).collect();
        let queries = Queries::parse(&texts)?;
        let (access, table) = (access.clone(), table_id(table));
        self.act(move |tx, world| {
            let table = world.catalog.table(tx, &world.database, &table)?;
            let reading = Reading {
                catalog: &world.catalog,
                table: &table,
                access: &access,
                vocabulary: Vocabulary::Tables,
            };
            let json = rows::list(tx, reading, &queries, None)?;
            Ok(serde_json::from_slice(&json).expect("JSON"))
        })
        .await
    }

    pub(crate) async fn delete(&self, access: &Access, table: &str, id: &str) -> Result<()> {
        let (access, table, id) = (access.clone(), table_id(table), row_id(id));
        self.act(move |tx, world| {
            let table = world.catalog.table(tx, &world.database, &table)?;
            rows::delete(tx, &table, &access, &id, None).map(drop)
        })
        .await
    }
}

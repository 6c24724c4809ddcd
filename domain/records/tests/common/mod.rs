//! A project with one table, for tests of rows.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod shop;
pub(crate) mod world;

use std::sync::Arc;

use db::testing::Fixture;
use db::{Database, Migrations, Scope, Tx};
use kernel::permission::Permissions;
use records::columns::{self, Spec};
use records::tables::{self, NewTable};
use records::{Catalog, DatabaseId, Key, Kind as Holds, Records, Result, Table, TableId, databases};
use secrets::Vault;

pub(crate) fn migrations() -> Migrations {
    Migrations::new().with(Scope::Except("console"), records::migrations::MIGRATIONS)
}

/// A column of text.
pub(crate) fn text(key: &str, size: u32) -> (Key, Spec) {
    spec(key, Holds::String { size })
}

/// A column that is neither required nor an array.
pub(crate) fn spec(key: &str, kind: Holds) -> (Key, Spec) {
    let spec = Spec {
        kind,
        required: false,
        array: false,
        default: None,
        encrypt: false,
    };
    (Key::parse(key).expect("a key"), spec)
}

/// A project whose database `main` has the table `posts`.
pub(crate) struct Shop {
    pub(crate) db: Database,
    pub(crate) catalog: Catalog,
    pub(crate) database: DatabaseId,
    pub(crate) table: TableId,
}

impl Shop {
    pub(crate) async fn open(fixture: &Fixture, columns: Vec<(Key, Spec)>) -> Self {
        let db = fixture.engine.create("shop").await.expect("a project");
        let catalog = Records::new(Arc::new(Vault::new("secret", &[]))).of("shop");
        let (database, table) = (
            DatabaseId::parse("main").expect("an id"),
            TableId::parse("posts").expect("an id"),
        );
        let shop = Self {
            db: db.clone(),
            catalog: catalog.clone(),
            database: database.clone(),
            table: table.clone(),
        };
        db.write(move |tx| {
            let main = databases::create(tx, &database, "Main", true, "tablesdb")?;
            let new = NewTable {
                id: table.clone(),
                name: "Posts".into(),
                permissions: Permissions::default(),
                row_security: true,
                enabled: true,
            };
            tables::create(tx, &main, new)?;
            for (key, spec) in columns {
                let table = catalog.table(tx, &database, &table)?;
                columns::create(tx, &table, &key, spec)?;
            }
            Result::Ok(())
        })
        .await
        .expect("a table");
        shop
    }

    /// Runs an act on the current table.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Tx<'_>, &Table) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (catalog, database, table) = (self.catalog.clone(), self.database.clone(), self.table.clone());
        self.db
            .write(move |tx| {
                let table = catalog.table(tx, &database, &table)?;
                act(tx, &table)
            })
            .await
    }
}

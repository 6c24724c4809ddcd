//! Migrations, and the schema builder that is passed to them.

use sea_query::SchemaStatementBuilder;

use crate::{Dialect, Error, Tx};

/// Runs statements that change the schema, in the transaction of the migration.
#[derive(Debug)]
pub struct Schema<'a> {
    tx: Tx<'a>,
}

impl<'a> Schema<'a> {
    pub(crate) fn new(tx: Tx<'a>) -> Self {
        Self { tx }
    }

    /// Runs one statement of sea-query: `Table::create()`, `Table::alter()`, `Index::create()`, … Unique indexes must
    /// be named `<table>_<columns>`, because [`Error::is_unique`] identifies them by name.
    pub fn run(&mut self, statement: &impl SchemaStatementBuilder) -> Result<(), Error> {
        let sql = self.dialect().render_schema(statement);
        self.tx.batch(&sql)
    }

    /// Runs SQL of one dialect (full-text tables, partial indexes, …); any number of statements.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.tx.batch(sql)
    }

    /// The transaction, for a migration that also changes rows.
    pub fn tx(&mut self) -> &mut Tx<'a> {
        &mut self.tx
    }

    /// SQL dialect.
    pub fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }
}

/// One schema migration. It is declared in the crate of its noun and never changed once released: add first, switch the
/// code, then remove.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Dated and unique: `2026-11-21-users`. Migrations are applied in the order of their names.
    pub name: &'static str,
    /// Function that applies the migration.
    pub up: fn(&mut Schema<'_>) -> Result<(), Error>,
}

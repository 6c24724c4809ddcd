//! Cached tables for acts on rows: the catalog's entries of one table, loaded together.

use std::sync::{Arc, OnceLock, Weak};

use db::Tx;
use quick_cache::sync::Cache;
use secrets::Vault;

use crate::columns::{self, Column, Relationship};
use crate::databases::entry::find as find_database;
use crate::derived::{self, Derived};
use crate::indexes::{self, IndexKind};
use crate::query::TableCache;
use crate::rows::{Writer, statements::Statements};
use crate::schema::Schema;
use crate::sealed::Sealer;
use crate::tables::entry::{self, find as find_table};
use crate::usage::{Counts, Meter};
use crate::{Access, DatabaseError, DatabaseId, Result, TableError, TableId, Vocabulary};

/// Maximum number of cached tables of all projects.
const REMEMBERED: usize = 4096;

/// Shared state of acts on records. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Records {
    vault: Arc<Vault>,
    tables: Arc<Cache<String, Arc<Table>>>,
    meter: Meter,
}

impl Records {
    /// Creates the state with the vault that seals encrypted columns.
    pub fn new(vault: Arc<Vault>) -> Self {
        Self {
            vault,
            tables: Arc::new(Cache::new(REMEMBERED)),
            meter: Meter::default(),
        }
    }

    /// Usage counters.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The catalog of a project.
    pub fn of(&self, project: &str) -> Catalog {
        Catalog {
            records: self.clone(),
            project: project.into(),
        }
    }
}

/// Access to the tables of one project. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalog {
    records: Records,
    project: Arc<str>,
}

impl Catalog {
    /// The vault that seals encrypted columns.
    pub fn vault(&self) -> &Vault {
        &self.records.vault
    }

    /// Usage counters.
    pub fn meter(&self) -> &Meter {
        &self.records.meter
    }

    /// A table as of this transaction. The cached table is used if the version in the database is the same, which is
    /// one lookup; so no act works with an outdated table.
    ///
    /// Fails with [`DatabaseError::NotFound`] or [`TableError::NotFound`].
    pub fn table(&self, tx: &mut Tx<'_>, database: &DatabaseId, table: &TableId) -> Result<Arc<Table>> {
        let key = format!("{}/{database}/{table}", self.project);
        if let Some(known) = self.records.tables.get(&key)
            && entry::version(tx, known.names.seq)? == Some(known.version)
        {
            return Ok(known);
        }
        entry::hold(tx, database, table)?;
        let loaded = Arc::new(Table::load(tx, self, database, table)?);
        self.records.tables.insert(key, Arc::clone(&loaded));
        Ok(loaded)
    }

    /// As [`Catalog::table`], for an act that changes the table itself; locks the table until the transaction ends.
    pub fn table_to_change(&self, tx: &mut Tx<'_>, database: &DatabaseId, table: &TableId) -> Result<Arc<Table>> {
        entry::lock(tx, database, table)?;
        self.table(tx, database, table)
    }

    /// The cached table, which can be outdated: for estimates only.
    pub fn remembered(&self, database: &DatabaseId, table: &TableId) -> Option<Arc<Table>> {
        self.records.tables.get(&format!("{}/{database}/{table}", self.project))
    }

    /// As [`Catalog::table`], with a check of access: disabled databases and tables are not found by clients.
    pub fn table_for(
        &self,
        tx: &mut Tx<'_>,
        access: &Access,
        database: &DatabaseId,
        table: &TableId,
    ) -> Result<Arc<Table>> {
        let table = self.table(tx, database, table)?;
        match access {
            Access::Client(_) if !table.database_enabled => Err(DatabaseError::NotFound.into()),
            Access::Client(_) if !table.enabled => Err(TableError::NotFound.into()),
            _ => Ok(table),
        }
    }
}

/// The catalog that a table was loaded from, for finding related tables. The reference is weak, because the catalog's
/// cache holds the table.
#[derive(Debug)]
struct CatalogRef {
    project: Arc<str>,
    vault: Arc<Vault>,
    tables: Weak<Cache<String, Arc<Table>>>,
    meter: Meter,
}

impl CatalogRef {
    fn of(catalog: &Catalog) -> Self {
        Self {
            project: Arc::clone(&catalog.project),
            vault: Arc::clone(&catalog.records.vault),
            tables: Arc::downgrade(&catalog.records.tables),
            meter: catalog.records.meter.clone(),
        }
    }

    fn catalog(&self) -> Catalog {
        let remembered = self.tables.upgrade();
        Catalog {
            records: Records {
                vault: Arc::clone(&self.vault),
                tables: remembered.unwrap_or_else(|| Arc::new(Cache::new(REMEMBERED))),
                meter: self.meter.clone(),
            },
            project: Arc::clone(&self.project),
        }
    }
}

/// A table: its schema, and the prepared statements for acts on rows.
#[derive(Debug)]
pub struct Table {
    schema: Schema,
    /// Derived index data of rows: full text, list elements, bounding boxes.
    pub derived: Vec<Derived>,
    pub(crate) statements: Statements,
    /// Prepared statements and the query schema of the table.
    pub(crate) cache: TableCache,
    /// Usage counters of reads and writes.
    pub(crate) counts: Arc<Counts>,
    writers: [OnceLock<Writer>; 2],
    catalog_ref: CatalogRef,
}

impl std::ops::Deref for Table {
    type Target = Schema;

    fn deref(&self) -> &Schema {
        &self.schema
    }
}

impl Table {
    fn load(tx: &mut Tx<'_>, catalog: &Catalog, database: &DatabaseId, id: &TableId) -> Result<Self> {
        let database = find_database(tx, database)?;
        let entry = find_table(tx, &database.id, id)?;
        let seq = entry.seq;
        let columns = columns::of_table(tx, seq)?;
        let indexes = indexes::of_table(tx, seq)?;
        let counts = catalog.records.meter.of(&catalog.project, database.seq, seq);
        let sealer = Sealer::of(&catalog.records.vault, seq);
        let schema = Schema::of(database, entry, columns, indexes, sealer);
        let stored: Vec<&Column> = schema.stored().collect();
        let derived = derived::of_table(tx.dialect(), &schema.names, &stored, &schema.indexes);
        let statements = Statements::of(tx.dialect(), &schema.names, stored.iter().map(|column| column.name()));
        Ok(Self {
            schema,
            derived,
            statements,
            cache: TableCache::default(),
            counts,
            catalog_ref: CatalogRef::of(catalog),
            writers: Default::default(),
        })
    }

    /// The catalog that it was loaded from.
    pub(crate) fn catalog(&self) -> Catalog {
        self.catalog_ref.catalog()
    }

    /// The related table of a relationship, as of this transaction.
    pub(crate) fn related(&self, tx: &mut Tx<'_>, relationship: &Relationship) -> Result<Arc<Self>> {
        self.catalog().table(tx, &self.database, &relationship.related)
    }

    /// The derived values of one column for an index type; `None` if there are none.
    pub(crate) fn derived_of(&self, column: &Column, kind: IndexKind) -> Option<&Derived> {
        let position = self.stored().position(|stored| stored.key == column.key)?;
        self.derived.iter().find(|derived| derived.answers(position, kind))
    }

    /// Serializer of whole rows in a vocabulary.
    pub fn writer(&self, vocabulary: Vocabulary) -> &Writer {
        self.writers[vocabulary as usize].get_or_init(|| Writer::of(self, vocabulary))
    }
}

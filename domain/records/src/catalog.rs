//! Tables as acts on rows need them: the catalog's entries of one table, loaded together and remembered.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, Weak};

use db::Tx;
use db::sea_query::{Expr, ExprTrait};
use kernel::permission::{Action, Permissions};
use quick_cache::sync::Cache;
use secrets::Vault;

use crate::columns::{self, Column, Relationship, Spec, Status};
use crate::databases::{Database, Databases};
use crate::derived::{self, Derived};
use crate::indexes::{self, Index};
use crate::physical::Names;
use crate::query::TableCache;
use crate::rows::{Writer, statements::Statements};
use crate::sealed::Sealer;
use crate::tables::{self, Entry, Tables};
use crate::usage::{Counts, Meter};
use crate::{Access, DatabaseId, Error, Key, Result, TableId, Vocabulary};

/// Tables of all projects that are remembered.
const REMEMBERED: usize = 4096;

/// What acts on records need beside a transaction. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Records {
    vault: Arc<Vault>,
    tables: Arc<Cache<String, Arc<Table>>>,
    meter: Meter,
}

impl Records {
    /// With the keys that seal encrypted columns.
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

/// The tables of one project. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalog {
    records: Records,
    project: Arc<str>,
}

impl Catalog {
    /// The keys that seal encrypted columns.
    pub fn vault(&self) -> &Vault {
        &self.records.vault
    }

    /// Usage counters.
    pub fn meter(&self) -> &Meter {
        &self.records.meter
    }

    /// A table as it is in this transaction. What is remembered is used if the table's version says that nothing changed:
    /// one look at a number, so that no act ever works with a table that is no more.
    ///
    /// Fails with [`Error::DatabaseNotFound`] or [`Error::TableNotFound`].
    pub fn table(&self, tx: &mut Tx<'_>, database: &DatabaseId, table: &TableId) -> Result<Arc<Table>> {
        let key = format!("{}/{database}/{table}", self.project);
        if let Some(known) = self.records.tables.get(&key)
            && tables::version(tx, known.names.seq)? == Some(known.version)
        {
            return Ok(known);
        }
        tables::hold(tx, database, table)?;
        let loaded = Arc::new(Table::load(tx, self, database, table)?);
        self.records.tables.insert(key, Arc::clone(&loaded));
        Ok(loaded)
    }

    /// As [`Catalog::table`], for an act that changes the table itself: no other does until this one ends.
    pub fn table_to_change(&self, tx: &mut Tx<'_>, database: &DatabaseId, table: &TableId) -> Result<Arc<Table>> {
        tables::lock(tx, database, table)?;
        self.table(tx, database, table)
    }

    /// A table as it was when an act last looked at it: to guess by, not to act on.
    pub fn remembered(&self, database: &DatabaseId, table: &TableId) -> Option<Arc<Table>> {
        self.records.tables.get(&format!("{}/{database}/{table}", self.project))
    }

    /// As [`Catalog::table`], for someone: clients do not find what is disabled.
    pub fn table_for(
        &self,
        tx: &mut Tx<'_>,
        access: &Access,
        database: &DatabaseId,
        table: &TableId,
    ) -> Result<Arc<Table>> {
        let table = self.table(tx, database, table)?;
        match access {
            Access::Client(_) if !table.database_enabled => Err(Error::DatabaseNotFound),
            Access::Client(_) if !table.enabled => Err(Error::TableNotFound),
            _ => Ok(table),
        }
    }
}

/// The catalog that a table was loaded from, where its relationships find other tables. It is not held: the catalog
/// holds the table.
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

/// A table with its columns and indexes.
#[derive(Debug)]
pub struct Table {
    /// Its id.
    pub id: TableId,
    /// The database that it lies in.
    pub database: DatabaseId,
    /// Whether clients find the database.
    pub database_enabled: bool,
    /// Whether clients find it.
    pub enabled: bool,
    /// Whether rows have permissions of their own.
    pub row_security: bool,
    /// Table permissions: create, and read, update and delete of its rows.
    pub permissions: Permissions,
    /// Every column, in the order of making.
    pub columns: Vec<Column>,
    /// Every index, in the order of making.
    pub indexes: Vec<Index>,
    /// Its names in SQL.
    pub names: Names,
    pub(crate) version: i64,
    /// The places in `columns` of those that rows hold, in the order in which rows are read and written.
    pub(crate) stored: Vec<usize>,
    /// Derived index data of rows: full text, list elements, bounding boxes.
    pub(crate) derived: Vec<Derived>,
    pub(crate) statements: Statements,
    /// Seals and opens the values of encrypted columns.
    pub(crate) sealer: Sealer,
    /// Prepared statements and the query schema of the table.
    pub(crate) cache: TableCache,
    /// Counts how much is read and written.
    pub(crate) counts: Arc<Counts>,
    writers: [OnceLock<Writer>; 2],
    catalog_ref: CatalogRef,
    by_key: HashMap<Key, usize>,
}

impl Table {
    fn load(tx: &mut Tx<'_>, catalog: &Catalog, database: &DatabaseId, id: &TableId) -> Result<Self> {
        let mut select = Entry::select();
        select.and_where(Expr::col(Tables::DatabaseId).eq(database.as_str()));
        select.and_where(Expr::col(Tables::Id).eq(id.as_str()));
        let entry: Option<Entry> = tx.optional(&select)?;
        let mut select = Database::select();
        select.and_where(Expr::col(Databases::Id).eq(database.as_str()));
        let database: Database = tx.optional(&select)?.ok_or(Error::DatabaseNotFound)?;
        let entry = entry.ok_or(Error::TableNotFound)?;
        let columns = columns::of_table(tx, entry.seq)?;
        let indexes = indexes::of_table(tx, entry.seq)?;
        let names = entry.physical();
        let stored: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].is_stored()).collect();
        let of_rows: Vec<&Column> = stored.iter().map(|index| &columns[*index]).collect();
        let derived = derived::of_table(tx.dialect(), &names, &of_rows, &indexes);
        let statements = Statements::of(tx.dialect(), &names, stored.iter().map(|index| columns[*index].name()));
        Ok(Self {
            database: database.id,
            database_enabled: database.enabled,
            enabled: entry.enabled,
            row_security: entry.row_security,
            permissions: Permissions::parse(&entry.permissions.0, Action::ALL).unwrap_or_default(),
            by_key: columns
                .iter()
                .enumerate()
                .map(|(index, column)| (column.key.clone(), index))
                .collect(),
            id: entry.id,
            version: entry.version,
            columns,
            indexes,
            names,
            stored,
            derived,
            statements,
            cache: TableCache::default(),
            counts: catalog.records.meter.of(&catalog.project, database.seq, entry.seq),
            sealer: Sealer::of(&catalog.records.vault, entry.seq),
            catalog_ref: CatalogRef::of(catalog),
            writers: Default::default(),
        })
    }

    /// The column of a key, in whatever state.
    pub fn column(&self, key: &str) -> Option<&Column> {
        self.by_key.get(key).map(|index| &self.columns[*index])
    }

    /// Its relationships with the columns that they are, also those that clients do not see.
    pub fn relationships(&self) -> impl Iterator<Item = (&Column, &Relationship)> {
        self.columns
            .iter()
            .filter_map(|column| Some((column, column.spec.kind.relationship()?)))
    }

    /// The catalog that it was loaded from.
    pub(crate) fn catalog(&self) -> Catalog {
        self.catalog_ref.catalog()
    }

    /// The table at the other side of a relationship, as it is in this transaction.
    pub(crate) fn related(&self, tx: &mut Tx<'_>, relationship: &Relationship) -> Result<Arc<Self>> {
        self.catalog().table(tx, &self.database, &relationship.related)
    }

    /// Whether clients see a relationship among its columns: acts on many rows at once refuse such tables.
    pub fn has_relationships(&self) -> bool {
        let seen = |column: &Column| column.status == Status::Available && !column.is_hidden();
        self.relationships().any(|(column, _)| seen(column))
    }

    /// Serializer of whole rows in a vocabulary.
    pub fn writer(&self, vocabulary: Vocabulary) -> &Writer {
        self.writers[vocabulary as usize].get_or_init(|| Writer::of(self, vocabulary))
    }

    /// The column of a key that clients see, in whatever state.
    ///
    /// Fails with [`Error::ColumnNotFound`].
    pub fn find_column(&self, key: &Key) -> Result<&Column> {
        let column = self.by_key.get(key).map(|index| &self.columns[*index]);
        let seen = column.filter(|column| !column.is_hidden());
        seen.ok_or_else(|| Error::ColumnNotFound(key.to_string()))
    }

    /// The index of a key, in whatever state.
    ///
    /// Fails with [`Error::IndexNotFound`].
    pub fn find_index(&self, key: &Key) -> Result<&Index> {
        let found = self.indexes.iter().find(|index| index.key == *key);
        found.ok_or_else(|| Error::IndexNotFound(key.to_string()))
    }

    /// Specifications of the columns.
    pub(crate) fn specs(&self) -> impl Iterator<Item = &Spec> + Clone {
        self.columns.iter().map(|column| &column.spec)
    }

    /// The columns that rows hold, in the order in which they are read and written.
    pub fn stored(&self) -> impl ExactSizeIterator<Item = &Column> {
        self.stored.iter().map(|index| &self.columns[*index])
    }
}

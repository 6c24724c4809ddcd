//! Tables: their entries in the catalog, creation and deletion.

pub(crate) mod entry;
mod schema;

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Locked, Tx};
use kernel::permission::Permissions;

pub use self::entry::{Entry, Tables, all_of, find, lock_entry};
pub use self::schema::{NewSchema, add_schema};
use crate::columns::Columns;
use crate::databases::entry::{self as database_entry, Database};
use crate::indexes::Indexes;
use crate::usage::{Metric, UsageScope};
use crate::{Catalog, Error, Result, TableError, TableId, physical, relations, usage, work};

/// Parameters of a new table.
#[derive(Debug, Clone)]
pub struct NewTable {
    /// Its ID.
    pub id: TableId,
    /// Its name.
    pub name: String,
    /// Table permissions: for creating, and for reading, updating and deleting all rows.
    pub permissions: Permissions,
    /// Whether rows have their own permissions.
    pub row_security: bool,
    /// Whether clients can find it.
    pub enabled: bool,
}

/// Attributes by which tables can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Tables::Id)
        .text("name", Tables::Name)
        .boolean("enabled", Tables::Enabled)
        .boolean("rowSecurity", Tables::RowSecurity)
        .boolean("documentSecurity", Tables::RowSecurity)
        .integer("$sequence", Tables::Seq)
        .datetime("$createdAt", Tables::CreatedAt)
        .datetime("$updatedAt", Tables::UpdatedAt)
        .searched([Tables::Id, Tables::Name])
}

/// Creates a table without columns.
///
/// Fails with [`TableError::Exists`] if the database has a table with this ID.
pub fn create(tx: &mut Tx<'_>, database: &Database, new: NewTable) -> Result<Entry> {
    let now = tx.now();
    let insert = Query::insert()
        .into_table(Tables::Table)
        .columns([
            Tables::Id,
            Tables::DatabaseId,
            Tables::Name,
            Tables::Enabled,
            Tables::RowSecurity,
            Tables::Permissions,
            Tables::Version,
            Tables::CreatedAt,
            Tables::UpdatedAt,
        ])
        .values_panic([
            (&new.id).into(),
            (&database.id).into(),
            new.name.into(),
            new.enabled.into(),
            new.row_security.into(),
            db::value(&Json(new.permissions.texts())).into(),
            physical::new_version().into(),
            db::value(&now).into(),
            db::value(&now).into(),
        ])
        .take();
    tx.attempt(|tx| tx.execute(&insert)).map_err(|error| {
        if error.is_unique("tables_database_id_id") {
            Error::Table(TableError::Exists)
        } else {
            error.into()
        }
    })?;
    let entry = find(tx, &database.id, &new.id)?;
    physical::create_table(tx, &entry.physical())?;
    for position in [UsageScope::Project, UsageScope::Database(database.seq)] {
        usage::count(tx, position, Metric::Tables, 1)?;
    }
    Ok(entry)
}

/// Changes to a table.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name; `None` to keep.
    pub name: Option<String>,
    /// New permissions of the table; `None` to keep.
    pub permissions: Option<Permissions>,
    /// Whether rows have their own permissions; `None` to keep.
    pub row_security: Option<bool>,
    /// Whether clients can find it; `None` to keep.
    pub enabled: Option<bool>,
}

/// Changes a table.
pub fn update(tx: &mut Tx<'_>, mut entry: Locked<Entry>, change: Change) -> Result<Entry> {
    if let Some(name) = change.name {
        entry.name = name;
    }
    entry.row_security = change.row_security.unwrap_or(entry.row_security);
    entry.enabled = change.enabled.unwrap_or(entry.enabled);
    if let Some(permissions) = change.permissions {
        entry.permissions = Json(permissions.texts());
    }
    entry.version = physical::new_version();
    entry.updated_at = tx.now();
    tx.save(&mut entry)?;
    Ok(entry.into_inner())
}

/// Deletes a table, and the relationships of other tables with it. Its storage is freed by a job.
pub fn delete(tx: &mut Tx<'_>, catalog: &Catalog, entry: &Entry) -> Result<()> {
    let table = catalog.table(tx, &entry.database_id, &entry.id)?;
    relations::remove_all(tx, catalog, &table)?;
    let database = database_entry::find(tx, &entry.database_id)?;
    forget(tx, &database, &[entry.seq])
}

/// Deletes every table of a database.
pub(crate) fn delete_all(tx: &mut Tx<'_>, database: &Database) -> Result<()> {
    let select = Query::select()
        .column(Tables::Seq)
        .from(Tables::Table)
        .and_where(Expr::col(Tables::DatabaseId).eq(database.id.as_str()))
        .take();
    let all: Vec<(i64,)> = tx.all(&select)?;
    for some in all.chunks(500) {
        let some: Vec<i64> = some.iter().map(|(seq,)| *seq).collect();
        forget(tx, database, &some)?;
    }
    Ok(())
}

/// Deletes tables from the catalog, and enqueues the jobs that free their storage.
fn forget(tx: &mut Tx<'_>, database: &Database, tables: &[i64]) -> Result<()> {
    usage::subtract_tables(tx, database.seq, tables)?;
    let of = |column: Expr| column.is_in(tables.iter().copied());
    let gone = [
        Query::delete()
            .from_table(Columns::Table)
            .and_where(of(Expr::col(Columns::TableSeq)))
            .take(),
        Query::delete()
            .from_table(Indexes::Table)
            .and_where(of(Expr::col(Indexes::TableSeq)))
            .take(),
        Query::delete()
            .from_table(Tables::Table)
            .and_where(of(Expr::col(Tables::Seq)))
            .take(),
    ];
    for delete in &gone {
        tx.execute(delete)?;
    }
    tables.iter().try_for_each(|table| work::drop_table(tx, *table))
}

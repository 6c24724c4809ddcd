//! Tables: what is written down of them in the catalog, and how they are made.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;
use kernel::permission::Permissions;

use crate::columns::Columns;
use crate::databases::{self, Database};
use crate::indexes::Indexes;
use crate::usage::{Metric, UsageScope};
use crate::{Catalog, DatabaseId, Error, Result, TableId, physical, relations, usage, work};

db::table! {
    /// The catalog's entry of a table.
    pub struct Entry in tables as Tables {
        /// Its number, in the order of making; part of its name in SQL.
        pub seq: i64 => Seq,
        /// Its id.
        pub id: TableId => Id,
        /// The database that it lies in.
        pub database_id: DatabaseId => DatabaseId,
        /// Its name.
        pub name: String => Name,
        /// Whether clients find it.
        pub enabled: bool => Enabled,
        /// Whether rows have permissions of their own.
        pub row_security: bool => RowSecurity,
        /// Table permissions: create, and read, update and delete of its rows.
        pub permissions: Json<Vec<String>> => Permissions,
        /// Another number after every change of the table, its columns, its indexes or its database, never used twice:
        /// what was loaded with one is good as long as it stands.
        pub version: i64 => Version,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

impl Entry {
    /// The entry of a number, if the table is still there.
    pub(crate) fn of(tx: &mut Tx<'_>, seq: i64) -> Result<Option<Self>> {
        let mut select = Self::select();
        select.and_where(Expr::col(Tables::Seq).eq(seq));
        Ok(tx.optional(&select)?)
    }

    /// Its name in SQL: readable, and never the name of another table, whatever the engine thinks of case and length.
    pub fn physical(&self) -> physical::Names {
        physical::Names::of(self.seq, &self.id)
    }
}

/// Parameters of a new table.
#[derive(Debug, Clone)]
pub struct NewTable {
    /// Its id.
    pub id: TableId,
    /// Its name.
    pub name: String,
    /// Table permissions: create, and read, update and delete of its rows.
    pub permissions: Permissions,
    /// Whether rows have permissions of their own.
    pub row_security: bool,
    /// Whether clients find it.
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

/// The entry of a table.
pub fn find(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<Entry> {
    tx.optional(&by_id(database, id))?.ok_or(Error::TableNotFound)
}

/// The entry of a table that is about to be changed: no other act changes it until this one ends.
pub fn lock_entry(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<Locked<Entry>> {
    lock(tx, database, id)?;
    tx.lock_row(&by_id(database, id))?.ok_or(Error::TableNotFound)
}

fn by_id(database: &DatabaseId, id: &TableId) -> SelectStatement {
    Entry::select()
        .and_where(Expr::col(Tables::DatabaseId).eq(database.as_str()))
        .and_where(Expr::col(Tables::Id).eq(id.as_str()))
        .take()
}

/// Lets one act at a time change a table, once those have ended that write its rows.
pub(crate) fn lock(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<()> {
    if tx.writes_beside_others() {
        tx.sql_execute(
            "SELECT 1 FROM tables WHERE database_id = ? AND id = ? FOR UPDATE",
            &[database.into(), id.into()],
        )?;
    }
    Ok(())
}

/// Keeps others from changing a table until this act ends: an act that writes rows derives of them what indexes need, and
/// must not miss one that is being made. Where one act writes at a time there is nothing to do.
pub(crate) fn hold(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<()> {
    if tx.writes_beside_others() {
        tx.sql_execute(
            "SELECT 1 FROM tables WHERE database_id = ? AND id = ? FOR KEY SHARE",
            &[database.into(), id.into()],
        )?;
    }
    Ok(())
}

/// The version of a table, which stays so until the end of an act that writes.
pub(crate) fn version(tx: &mut Tx<'_>, seq: i64) -> Result<Option<i64>> {
    let sql = if tx.writes_beside_others() {
        "SELECT version FROM tables WHERE seq = ? FOR KEY SHARE"
    } else {
        "SELECT version FROM tables WHERE seq = ?"
    };
    Ok(tx.sql_optional(sql, &[seq.into()])?)
}

/// Selects the tables of a database, unsorted, for a list.
pub fn all_of(database: &DatabaseId) -> SelectStatement {
    let mut select = Entry::select();
    select.and_where(Expr::col(Tables::DatabaseId).eq(database.as_str()));
    select
}

/// Makes a table without columns.
///
/// Fails with [`Error::TableExists`] if the database has one of this id.
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
            Error::TableExists
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

/// Changes to a table; absent fields stay as they are.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// New permissions of the table; `None` to keep.
    pub permissions: Option<Permissions>,
    /// Whether rows have permissions of their own.
    pub row_security: bool,
    /// Whether clients find it.
    pub enabled: bool,
}

/// Changes a table.
pub fn update(tx: &mut Tx<'_>, mut entry: Locked<Entry>, change: Change) -> Result<Entry> {
    entry.name = change.name;
    entry.row_security = change.row_security;
    entry.enabled = change.enabled;
    if let Some(permissions) = change.permissions {
        entry.permissions = Json(permissions.texts());
    }
    entry.version = physical::new_version();
    entry.updated_at = tx.now();
    tx.save(&mut entry)?;
    Ok(entry.into_inner())
}

/// Deletes a table, and what other tables have of their relationships with it. What it holds on the disk goes in a job.
pub fn delete(tx: &mut Tx<'_>, catalog: &Catalog, entry: &Entry) -> Result<()> {
    let table = catalog.table(tx, &entry.database_id, &entry.id)?;
    relations::sever(tx, catalog, &table)?;
    let database = databases::find(tx, &entry.database_id)?;
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

/// Takes tables out of the catalog, and asks for the end of what they hold.
fn forget(tx: &mut Tx<'_>, database: &Database, tables: &[i64]) -> Result<()> {
    usage::lose_tables(tx, database.seq, tables)?;
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

/// Says that what was loaded of a table is stale: after every change of its columns or its indexes.
pub(crate) fn outdate(tx: &mut Tx<'_>, seq: i64) -> Result<()> {
    outdate_where(tx, Expr::col(Tables::Seq).eq(seq))
}

/// Says that what was loaded of a database's tables is stale.
pub(crate) fn outdate_all(tx: &mut Tx<'_>, database: &DatabaseId) -> Result<()> {
    outdate_where(tx, Expr::col(Tables::DatabaseId).eq(database.as_str()))
}

fn outdate_where(tx: &mut Tx<'_>, which: Expr) -> Result<()> {
    let update = Query::update()
        .table(Tables::Table)
        .value(Tables::Version, physical::new_version())
        .and_where(which)
        .take();
    tx.execute(&update)?;
    Ok(())
}

//! The catalog's entry of a table: lookup, locking and versions.

use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;

use crate::{DatabaseId, Result, TableError, TableId, physical};

db::table! {
    /// The catalog's entry of a table.
    pub struct Entry in tables as Tables {
        /// Its number, ascending in the order of creation; part of its name in SQL.
        pub seq: i64 => Seq,
        /// Its ID.
        pub id: TableId => Id,
        /// ID of its database.
        pub database_id: DatabaseId => DatabaseId,
        /// Its name.
        pub name: String => Name,
        /// Whether clients can find it.
        pub enabled: bool => Enabled,
        /// Whether rows have their own permissions.
        pub row_security: bool => RowSecurity,
        /// Table permissions: for creating, and for reading, updating and deleting all rows.
        pub permissions: Json<Vec<String>> => Permissions,
        /// Random version, replaced after every change of the table, its columns, its indexes or its database: a cached
        /// table is valid while its version is the stored one.
        pub version: i64 => Version,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

impl Entry {
    /// The entry with a number, if the table still exists.
    pub(crate) fn of(tx: &mut Tx<'_>, seq: i64) -> Result<Option<Self>> {
        let mut select = Self::select();
        select.and_where(Expr::col(Tables::Seq).eq(seq));
        Ok(tx.optional(&select)?)
    }

    /// Its names in SQL: readable, and unique even if the engine ignores case or truncates names.
    pub fn physical(&self) -> physical::Names {
        physical::Names::of(self.seq, &self.id)
    }
}

/// Finds a table.
pub fn find(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<Entry> {
    tx.optional(&by_id(database, id))?.ok_or(TableError::NotFound.into())
}

/// Finds a table and locks it until the transaction ends.
pub fn lock_entry(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<Locked<Entry>> {
    lock(tx, database, id)?;
    tx.lock_row(&by_id(database, id))?.ok_or(TableError::NotFound.into())
}

fn by_id(database: &DatabaseId, id: &TableId) -> SelectStatement {
    Entry::select()
        .and_where(Expr::col(Tables::DatabaseId).eq(database.as_str()))
        .and_where(Expr::col(Tables::Id).eq(id.as_str()))
        .take()
}

/// Locks a table for a change; waits until acts that write its rows have ended.
pub(crate) fn lock(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<()> {
    if tx.writes_beside_others() {
        tx.sql_execute(
            "SELECT 1 FROM tables WHERE database_id = ? AND id = ? FOR UPDATE",
            &[database.into(), id.into()],
        )?;
    }
    Ok(())
}

/// Locks a table against changes until the transaction ends: an act that writes rows also writes their derived values,
/// and must not miss an index that is being created. Not needed where acts write one at a time.
pub(crate) fn hold(tx: &mut Tx<'_>, database: &DatabaseId, id: &TableId) -> Result<()> {
    if tx.writes_beside_others() {
        tx.sql_execute(
            "SELECT 1 FROM tables WHERE database_id = ? AND id = ? FOR KEY SHARE",
            &[database.into(), id.into()],
        )?;
    }
    Ok(())
}

/// The version of a table; in an act that writes, locked until the transaction ends.
pub(crate) fn version(tx: &mut Tx<'_>, seq: i64) -> Result<Option<i64>> {
    let sql = if tx.writes_beside_others() {
        "SELECT version FROM tables WHERE seq = ? FOR KEY SHARE"
    } else {
        "SELECT version FROM tables WHERE seq = ?"
    };
    Ok(tx.sql_optional(sql, &[seq.into()])?)
}

/// Query for the tables of a database, unsorted, for a list.
pub fn all_of(database: &DatabaseId) -> SelectStatement {
    let mut select = Entry::select();
    select.and_where(Expr::col(Tables::DatabaseId).eq(database.as_str()));
    select
}

/// Invalidates the cached table: to be called after every change of its columns or indexes.
pub(crate) fn outdate(tx: &mut Tx<'_>, seq: i64) -> Result<()> {
    outdate_where(tx, Expr::col(Tables::Seq).eq(seq))
}

/// Invalidates all cached tables of a database.
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

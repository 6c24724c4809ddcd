//! The catalog's entry of a table: how it is found, locked and outdated.

use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;

use crate::{DatabaseId, Error, Result, TableId, physical};

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

//! Tables: what is written down of them in the catalog, and how they are made.

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use kernel::permission::Permissions;

use crate::databases::Database;
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
        /// Who may do what with its rows, and make new ones.
        pub permissions: Json<Vec<String>> => Permissions,
        /// Another number after every change of the table, its columns, its indexes or its database, never used twice:
        /// what was loaded with one is good as long as it stands.
        pub version: i64 => Version,
        /// When it was made.
        pub created_at: Timestamp => CreatedAt,
        /// When it was last changed.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

impl Entry {
    /// Its name in SQL: readable, and never the name of another table, whatever the engine thinks of case and length.
    pub fn physical(&self) -> physical::Names {
        physical::Names::of(self.seq, &self.id)
    }
}

/// What a table is to be.
#[derive(Debug, Clone)]
pub struct NewTable {
    /// Its id.
    pub id: TableId,
    /// Its name.
    pub name: String,
    /// Who may do what with its rows, and make new ones.
    pub permissions: Permissions,
    /// Whether rows have permissions of their own.
    pub row_security: bool,
    /// Whether clients find it.
    pub enabled: bool,
}

/// What may be asked of lists of tables.
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
    let mut select = Entry::select();
    select.and_where(Expr::col(Tables::DatabaseId).eq(database.as_str()));
    select.and_where(Expr::col(Tables::Id).eq(id.as_str()));
    tx.optional(&select)?.ok_or(Error::TableNotFound)
}

/// Makes a table without columns.
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
    tx.attempt(|tx| tx.execute(&insert))
        .map_err(|error| match error.is_unique("tables_database_id_id") {
            true => Error::TableExists,
            false => error.into(),
        })?;
    let entry = find(tx, &database.id, &new.id)?;
    physical::create_table(tx, &entry.physical())?;
    Ok(entry)
}

/// Says that what was loaded of a table is stale: after every change of it, its columns or its indexes.
pub(crate) fn outdate(tx: &mut Tx<'_>, seq: i64) -> Result<()> {
    let update = Query::update()
        .table(Tables::Table)
        .value(Tables::Version, physical::new_version())
        .value(Tables::UpdatedAt, db::value(&tx.now()))
        .and_where(Expr::col(Tables::Seq).eq(seq))
        .take();
    tx.execute(&update)?;
    Ok(())
}

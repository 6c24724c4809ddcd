//! The catalog's entry of a database: how it is found and locked.

use db::sea_query::{Expr, ExprTrait};
use db::{Locked, Tx};
use kernel::Timestamp;

use crate::{DatabaseId, Error, Result};

db::table! {
    /// A database.
    pub struct Database in databases as Databases {
        /// Its number, in the order of making.
        pub seq: i64 => Seq,
        /// Its id.
        pub id: DatabaseId => Id,
        /// Its name.
        pub name: String => Name,
        /// Whether clients find it.
        pub enabled: bool => Enabled,
        /// In which words it was made: `legacy` or `tablesdb`.
        pub r#type: String => Type,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

/// The database of an id.
pub fn find(tx: &mut Tx<'_>, id: &DatabaseId) -> Result<Database> {
    let mut select = Database::select();
    select.and_where(Expr::col(Databases::Id).eq(id.as_str()));
    tx.optional(&select)?.ok_or(Error::DatabaseNotFound)
}

/// The database of an id, about to be changed: no other act changes it or makes tables in it until this one ends.
pub fn lock(tx: &mut Tx<'_>, id: &DatabaseId) -> Result<Locked<Database>> {
    tx.lock(&format!("database/{id}"))?;
    let mut select = Database::select();
    select.and_where(Expr::col(Databases::Id).eq(id.as_str()));
    tx.lock_row(&select)?.ok_or(Error::DatabaseNotFound)
}

//! The catalog's entry of a database: lookup and locking.

use db::sea_query::{Expr, ExprTrait};
use db::{Locked, Tx};
use kernel::Timestamp;

use crate::{DatabaseError, DatabaseId, Result};

db::table! {
    /// A database.
    pub struct Database in databases as Databases {
        /// Its number, ascending in the order of creation.
        pub seq: i64 => Seq,
        /// Its ID.
        pub id: DatabaseId => Id,
        /// Its name.
        pub name: String => Name,
        /// Whether clients can find it.
        pub enabled: bool => Enabled,
        /// The vocabulary in which it was created: `legacy` or `tablesdb`.
        pub r#type: String => Type,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

/// Finds a database.
pub fn find(tx: &mut Tx<'_>, id: &DatabaseId) -> Result<Database> {
    let mut select = Database::select();
    select.and_where(Expr::col(Databases::Id).eq(id.as_str()));
    tx.optional(&select)?.ok_or(DatabaseError::NotFound.into())
}

/// Finds a database and locks it: until the transaction ends no other act can change it or create tables in it.
pub fn lock(tx: &mut Tx<'_>, id: &DatabaseId) -> Result<Locked<Database>> {
    tx.lock(&format!("database/{id}"))?;
    let mut select = Database::select();
    select.and_where(Expr::col(Databases::Id).eq(id.as_str()));
    tx.lock_row(&select)?.ok_or(DatabaseError::NotFound.into())
}

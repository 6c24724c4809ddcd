//! Tombstones: roles of deleted users and teams (`user:bob`, `team:staff`). Stored permissions can still name such a role, so
//! its ID is not given to clients before that is looked up.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, OnConflict};
use kernel::Timestamp;

use crate::Result;

db::table! {
    /// The role of a deleted user or team.
    pub struct Tombstone in tombstones as Tombstones {
        /// The role.
        pub role: String => Role,
        /// Time of the deletion.
        pub time: Timestamp => Time,
    }
}

/// Records the deletion of a role's user or team.
pub fn add(tx: &mut Tx<'_>, role: String) -> Result<()> {
    let time = tx.now();
    let mut insert = Tombstone { role, time }.insert();
    insert.on_conflict(
        OnConflict::column(Tombstones::Role)
            .update_column(Tombstones::Time)
            .to_owned(),
    );
    tx.execute(&insert)?;
    Ok(())
}

/// Whether a role was a deleted user's or team's.
pub fn exists(tx: &mut Tx<'_>, role: &str) -> Result<bool> {
    let query = Tombstone::select()
        .and_where(Expr::col(Tombstones::Role).eq(role))
        .take();
    Ok(tx.optional::<Tombstone>(&query)?.is_some())
}

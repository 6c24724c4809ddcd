//! Upserts of rows.

use db::Tx;
use kernel::Timestamp;

use super::find::lock_missing;
use super::update::amend;
use super::{Change, NewRow, Record, create, find_for_update};
use crate::{Access, Result, RowError, Table};

/// Creates the row with this ID, or changes the existing one. If `read_at` is given, that must not have been changed
/// later.
///
/// Fails with [`RowError::Exists`] if a value of a unique index is in use; the transaction, or the savepoint around the
/// call, must then be rolled back.
pub fn upsert(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    row: &NewRow,
    read_at: Option<Timestamp>,
) -> Result<Record> {
    if row.data.is_empty() && row.permissions.is_none() {
        return Err(RowError::MissingPayload.into());
    }
    let found = match find_for_update(tx, table, &row.id)? {
        Some(found) => Some(found),
        None => {
            lock_missing(tx, table, row.id.as_str())?;
            find_for_update(tx, table, &row.id)?
        }
    };
    let Some(old) = found else {
        let now = tx.now();
        return create::make(tx, table, access, row, Some(now));
    };
    access.may_grant(row.permissions.as_ref())?;
    let change = Change {
        data: &row.data,
        permissions: row.permissions.as_ref(),
        read_at,
    };
    amend(tx, table, access, old, &change)
}

//! Upserts of rows.

use db::Tx;
use kernel::Timestamp;

use super::create::Origin;
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
    let found = current(tx, table, row)?;
    write(tx, table, access, row, (found, false), read_at)
}

/// As [`upsert`], of a server. None if there is nothing to write: the request names the value of each column as it is,
/// and the permissions as they are, or none. A request that leaves a column out counts as a change, as in Appwrite.
pub(super) fn differing(
    tx: &mut Tx<'_>,
    table: &Table,
    row: &NewRow,
    read_at: Option<Timestamp>,
) -> Result<Option<Record>> {
    let found = current(tx, table, row)?;
    let is_complete = table.stored().all(|column| row.data.contains_key(column.key.as_str()));
    let before = found.clone().filter(|_| is_complete);
    let record = write(tx, table, &Access::Server, row, (found, !is_complete), read_at)?;
    Ok(Some(record).filter(|record| before.as_ref() != Some(record)))
}

/// The row with this ID, locked; if there is none, its ID is locked.
fn current(tx: &mut Tx<'_>, table: &Table, row: &NewRow) -> Result<Option<Record>> {
    if row.data.is_empty() && row.permissions.is_none() {
        return Err(RowError::MissingPayload.into());
    }
    match find_for_update(tx, table, &row.id)? {
        Some(found) => Ok(Some(found)),
        None => {
            lock_missing(tx, table, row.id.as_str())?;
            find_for_update(tx, table, &row.id)
        }
    }
}

/// Creates the row, or changes the one that was `found`; `touched` counts as a change.
fn write(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    row: &NewRow,
    (found, touched): (Option<Record>, bool),
    read_at: Option<Timestamp>,
) -> Result<Record> {
    let Some(old) = found else {
        let now = tx.now();
        return create::make(tx, table, access, row, Origin::Upsert(now));
    };
    access.may_grant(row.permissions.as_ref())?;
    let change = Change {
        data: &row.data,
        permissions: row.permissions.as_ref(),
        read_at,
    };
    amend(tx, table, access, old, (&change, touched))
}

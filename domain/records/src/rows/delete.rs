//! Deletion of rows.

use db::Tx;
use kernel::Timestamp;
use kernel::permission::Action;

use super::{Record, find_for_update, hooks, store};
use crate::{Access, AccessError, Result, RowError, RowId, Table};

/// Deletes a row, and returns it. If `read_at` is given, the row must not have been changed later.
///
/// Fails with [`RowError::NotFound`] if it does not exist.
pub fn delete(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    id: &RowId,
    read_at: Option<Timestamp>,
) -> Result<Record> {
    let old = find_for_update(tx, table, id)?.ok_or(RowError::NotFound)?;
    if !access.granted_on(table, &old.permissions, Action::Delete) {
        return Err(AccessError::Unauthorized.into());
    }
    if read_at.is_some_and(|read_at| old.updated_at > read_at) {
        return Err(RowError::UpdateConflict.into());
    }
    hooks::before_delete(tx, table, access, &old)?;
    store::remove(tx, table, &old)?;
    Ok(old)
}

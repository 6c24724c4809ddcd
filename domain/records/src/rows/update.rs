//! Changes to rows.

use db::Tx;
use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value as Json};

use super::draft::{self, Draft};
use super::{Record, find_for_update, hooks, store};
use crate::{Access, AccessError, Result, RowError, RowId, Table};

/// Changes to a row; absent fields stay as they are.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The changed values, by column.
    pub data: &'a Map<String, Json>,
    /// New permissions; `None` to keep.
    pub permissions: Option<&'a Permissions>,
    /// Time at which the caller read the row: it must not have been changed later.
    pub read_at: Option<Timestamp>,
}

/// Changes a row.
///
/// Fails with [`RowError::NotFound`] if it does not exist, and with [`RowError::Exists`] if a value of a unique index
/// is in use; the transaction, or the savepoint around the call, must then be rolled back.
pub fn update(tx: &mut Tx<'_>, table: &Table, access: &Access, id: &RowId, change: &Change<'_>) -> Result<Record> {
    if change.data.is_empty() && change.permissions.is_none() {
        return Err(RowError::MissingPayload.into());
    }
    let old = find_for_update(tx, table, id)?.ok_or(RowError::NotFound)?;
    access.may_grant(change.permissions)?;
    amend(tx, table, access, old, (change, false))
}

/// Changes a locked row. If nothing differs, the row stays the same, and the caller needs only the right to read it.
/// With `touched`, and for a caller who may not read the row, it counts as changed in any case; for the latter, so that the result does not reveal its values.
pub(super) fn amend(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    old: Record,
    (change, touched): (&Change<'_>, bool),
) -> Result<Record> {
    let mut draft = Draft::over(table, &old, change.data, tx.now())?;
    let hidden = hooks::hidden(tx, table, access, &old)?;
    let names_hidden = draft.keep(table, &old, &hidden);
    let permissions = change.permissions.unwrap_or(&old.permissions).clone();
    let created_at = draft::instant(access, change.data, "$createdAt")?.unwrap_or(old.created_at);
    let updated_at = draft::instant(access, change.data, "$updatedAt")?;
    let changes = touched
        || !access.granted_on(table, &old.permissions, Action::Read)
        || names_hidden
        || draft.values != old.values
        || permissions != old.permissions
        || created_at != old.created_at
        || updated_at.is_some_and(|instant| instant != old.updated_at)
        || hooks::differs(tx, table, access, &old.id, change.data)?;
    let action = if changes { Action::Update } else { Action::Read };
    if !access.granted_on(table, &old.permissions, action) {
        return Err(AccessError::Unauthorized.into());
    }
    if change.read_at.is_some_and(|read_at| old.updated_at > read_at) {
        return Err(RowError::UpdateConflict.into());
    }
    let values = draft.settle(tx, table, access, &permissions)?;
    if !changes {
        hooks::after_write(tx, table, access, &old, change.data)?;
        return Ok(old);
    }
    let new = Record {
        seq: old.seq,
        id: old.id.clone(),
        created_at,
        updated_at: updated_at.unwrap_or_else(|| tx.now()),
        permissions,
        values,
    };
    store::change(tx, table, &old, &new)?;
    hooks::after_write(tx, table, access, &new, change.data)?;
    Ok(new)
}

//! Creation of rows.

use db::Tx;
use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::draft::{self, Draft};
use super::{Record, hooks, store};
use crate::{Access, AccessError, Result, RowId, Table};

/// Parameters of a new row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewRow {
    /// Its ID.
    pub id: RowId,
    /// Its values by column.
    pub data: Map<String, Json>,
    /// Permissions; `None` for the default permissions of the creator.
    pub permissions: Option<Permissions>,
}

/// Creates a row.
///
/// Fails with [`crate::RowError::Exists`] if its ID or a value of a unique index is in use; the transaction, or the
/// savepoint around the call, must then be rolled back.
pub fn create(tx: &mut Tx<'_>, table: &Table, access: &Access, new: &NewRow) -> Result<Record> {
    make(tx, table, access, new, None)
}

/// As [`create`]; `operators` is the current time for operators in the data, which only upserts allow.
pub(super) fn make(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    new: &NewRow,
    operators: Option<Timestamp>,
) -> Result<Record> {
    access.may_grant(new.permissions.as_ref())?;
    if !access.granted(&table.permissions, Action::Create) {
        return Err(AccessError::Unauthorized.into());
    }
    let draft = Draft::new(table, &new.data, operators)?;
    let now = tx.now();
    let mut record = Record {
        seq: 0,
        id: new.id.clone(),
        created_at: draft::instant(access, &new.data, "$createdAt")?.unwrap_or(now),
        updated_at: draft::instant(access, &new.data, "$updatedAt")?.unwrap_or(now),
        permissions: new.permissions.clone().unwrap_or_else(|| access.default_permissions()),
        values: draft.settle(tx, table, access)?,
    };
    store::insert(tx, table, &mut record)?;
    hooks::after_write(tx, table, access, &record, &new.data)?;
    Ok(record)
}

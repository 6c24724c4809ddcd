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
    make(tx, table, access, new, Origin::Request)
}

/// As [`create`], for a row nested in another one, whose `permissions` it takes over if it names none.
pub(crate) fn create_within(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    new: &NewRow,
    permissions: &Permissions,
) -> Result<Record> {
    make(tx, table, access, new, Origin::Nested(permissions))
}

/// The kind of request that creates a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'a> {
    /// A plain creation.
    Request,
    /// An upsert, whose data can have operators; the current time.
    Upsert(Timestamp),
    /// A row nested in another one, with that one's permissions.
    Nested(&'a Permissions),
}

/// Creates a row. Permissions that it takes over are not checked: the caller grants nothing that was not granted before.
pub(super) fn make(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    new: &NewRow,
    origin: Origin<'_>,
) -> Result<Record> {
    access.may_grant(new.permissions.as_ref())?;
    if !access.granted(&table.permissions, Action::Create) {
        return Err(AccessError::Unauthorized.into());
    }
    let operators = match origin {
        Origin::Upsert(now) => Some(now),
        Origin::Request | Origin::Nested(_) => None,
    };
    let permissions = match (&new.permissions, origin) {
        (Some(named), _) => named.clone(),
        (None, Origin::Nested(inherited)) => inherited.clone(),
        (None, _) => access.default_permissions(),
    };
    let draft = Draft::new(table, &new.data, operators)?;
    let now = tx.now();
    let mut record = Record {
        seq: 0,
        id: new.id.clone(),
        created_at: draft::instant(access, &new.data, "$createdAt")?.unwrap_or(now),
        updated_at: draft::instant(access, &new.data, "$updatedAt")?.unwrap_or(now),
        values: draft.settle(tx, table, access, &permissions)?,
        permissions,
    };
    store::insert(tx, table, &mut record)?;
    hooks::after_write(tx, table, access, &record, &new.data)?;
    Ok(record)
}

//! Relationship steps of row writes, called by every act that writes rows.

use db::Tx;
use serde_json::{Map, Value as Json};

use super::Record;
use crate::{Access, Column, Result, RowId, Table, relations};

/// Before a stored relationship is written: converts its value in the request to the ID of the related row or null.
pub(super) fn before_value(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    column: &Column,
    given: &Json,
) -> Result<Json> {
    match column.spec.kind.relationship() {
        Some(relationship) => relations::value(tx, table, access, column, relationship, given),
        None => Ok(given.clone()),
    }
}

/// Whether the request changes a relationship that is not stored in the row itself.
pub(super) fn differs(tx: &mut Tx<'_>, table: &Table, id: &RowId, given: &Map<String, Json>) -> Result<bool> {
    relations::differs(tx, table, id, given)
}

/// After a row was inserted, changed or found unchanged. `given` is the data of the request, including relationships
/// that are not stored in the row itself.
pub(super) fn after_write(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    record: &Record,
    given: &Map<String, Json>,
) -> Result<()> {
    relations::write_links(tx, table, access, record, given)
}

/// Before a row is deleted.
pub(super) fn before_delete(tx: &mut Tx<'_>, table: &Table, access: &Access, record: &Record) -> Result<()> {
    relations::before_delete(tx, table, access, record)
}

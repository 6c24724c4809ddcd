//! Relationship steps of row writes: one function for each, called by every act that writes rows.

use db::Tx;
use serde_json::{Map, Value as Json};

use super::Record;
use crate::{Access, Column, Result, RowId, Table, relations};

/// Before a value of a stored relationship is written: what a request says of it becomes what the row holds, the id of the
/// related row or null.
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

/// Whether a request says something else of relationships that a row does not hold itself than is there.
pub(super) fn differs(tx: &mut Tx<'_>, table: &Table, id: &RowId, given: &Map<String, Json>) -> Result<bool> {
    relations::differs(tx, table, id, given)
}

/// After a row was inserted or changed, or found to be as it is to be. `given` is what the request said, relationships that
/// other tables hold included.
pub(super) fn after_write(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    record: &Record,
    given: &Map<String, Json>,
) -> Result<()> {
    relations::beyond_row(tx, table, access, record, given)
}

/// Before a row is deleted.
pub(super) fn before_delete(tx: &mut Tx<'_>, table: &Table, access: &Access, record: &Record) -> Result<()> {
    relations::before_delete(tx, table, access, record)
}

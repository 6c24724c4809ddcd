//! Where relationships take part in the writing of rows: one function each, called by every act that writes.

use db::Tx;
use serde_json::{Map, Value as Json};

use super::Record;
use crate::{Access, Column, Error, Result, Table};

/// Before a value of a stored relationship is written: what a request says of it becomes what the row holds, the id of the
/// related row or null.
pub(super) fn before_value(_: &mut Tx<'_>, _: &Table, _: &Access, column: &Column, given: &Json) -> Result<Json> {
    match given {
        Json::Null => Ok(Json::Null),
        Json::String(id) if kernel::id::is_valid(id) => Ok(given.clone()),
        _ => Err(Error::RelationshipValue(format!(
            "Invalid relationship value of \"{}\". Must be either a row, a row id, or null",
            column.key
        ))),
    }
}

/// After a row was inserted or changed. `given` is what the request said, relationships that other tables hold included.
pub(super) fn after_write(_: &mut Tx<'_>, _: &Table, _: &Access, _: &Record, _: &Map<String, Json>) -> Result<()> {
    Ok(())
}

/// Before a row is deleted.
pub(super) fn before_delete(_: &mut Tx<'_>, _: &Table, _: &Access, _: &Record) -> Result<()> {
    Ok(())
}

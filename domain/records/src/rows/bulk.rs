//! Bulk creation and change of rows. Only servers can use it, so permissions do not apply.

use std::collections::HashSet;

use db::Tx;
use kernel::Timestamp;

use super::{NewRow, RowObserver, What, lock_rows};
use crate::{Access, Error, Result, RowError, Table};

/// Refuses tables with relationships, which support no bulk acts.
pub(super) fn refuse_related(table: &Table) -> Result<()> {
    if table.has_relationships() {
        let rule = "Bulk operations are not supported for a <table> with relationship <columns>";
        return Err(Error::BadRequest(rule.to_owned()));
    }
    Ok(())
}

/// Creates rows.
pub(super) fn create(tx: &mut Tx<'_>, table: &Table, rows: &[NewRow], observer: RowObserver<'_>) -> Result<()> {
    refuse_related(table)?;
    for (index, row) in rows.iter().enumerate() {
        let record = super::create(tx, table, &Access::Server, row);
        let record = record.map_err(|error| error.at_row(index, rows.len(), &row.id))?;
        observer(tx, table, What::Create, &record)?;
    }
    Ok(())
}

/// Creates or changes rows. A row that has all values of an item already is skipped.
///
/// Fails with [`RowError::Exists`] if two items have the same ID.
pub(super) fn upsert(
    tx: &mut Tx<'_>,
    table: &Table,
    rows: &[NewRow],
    read_at: Option<Timestamp>,
    observer: RowObserver<'_>,
) -> Result<()> {
    refuse_related(table)?;
    lock_rows(tx, table, rows.iter().map(|row| &row.id))?;
    let mut seen = HashSet::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let at_row = |error: Error| error.at_row(index, rows.len(), &row.id);
        if !seen.insert(&row.id) {
            return Err(at_row(RowError::Exists.into()));
        }
        if let Some(record) = super::upsert::differing(tx, table, row, read_at).map_err(at_row)? {
            observer(tx, table, What::Upsert, &record)?;
        }
    }
    Ok(())
}

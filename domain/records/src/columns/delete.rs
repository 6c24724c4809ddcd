//! Deletion of columns.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Dialect, Tx};

use super::{Column, Columns, Status};
use crate::tables::entry::outdate;
use crate::{Key, Result, Table, indexes, physical, relations, work};

/// Deletes a column and removes it from indexes; returns the column before the deletion.
///
/// SQLite rewrites every row, so for a large table this is done in a job. The column disappears from replies
/// immediately.
///
/// Fails with [`crate::ColumnError::NotFound`], or with [`crate::IndexError::Dependency`] if an index depends on it.
pub fn delete(tx: &mut Tx<'_>, table: &Table, key: &Key) -> Result<Column> {
    let column = table.find_column(key)?.clone();
    if column.status == Status::Deleting {
        return Ok(column);
    }
    if column.spec.kind.relationship().is_some() {
        relations::remove(tx, &table.catalog(), table, key)?;
        return Ok(column);
    }
    indexes::remove_column(tx, table, &column)?;
    let stored = column.is_stored();
    if stored && tx.dialect() == Dialect::Sqlite && physical::is_big(tx, &table.names)? {
        set_status(tx, table.names.seq, key, Status::Deleting, "")?;
        work::drop_column(tx, table, key)?;
    } else {
        if stored {
            physical::drop_column(tx, &table.names, &column.name())?;
        }
        forget(tx, table.names.seq, key)?;
    }
    outdate(tx, table.names.seq)?;
    Ok(column)
}

/// Deletes a column's entry in the catalog.
pub(crate) fn forget(tx: &mut Tx<'_>, table: i64, key: &Key) -> Result<()> {
    let delete = Query::delete()
        .from_table(Columns::Table)
        .and_where(Expr::col(Columns::TableSeq).eq(table))
        .and_where(Expr::col(Columns::Key).eq(key.as_str()))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

/// Sets the status of a column.
pub(crate) fn set_status(tx: &mut Tx<'_>, table: i64, key: &Key, status: Status, error: &str) -> Result<()> {
    let update = Query::update()
        .table(Columns::Table)
        .value(Columns::Status, db::value(&status))
        .value(Columns::Error, error)
        .and_where(Expr::col(Columns::TableSeq).eq(table))
        .and_where(Expr::col(Columns::Key).eq(key.as_str()))
        .take();
    tx.execute(&update)?;
    Ok(())
}

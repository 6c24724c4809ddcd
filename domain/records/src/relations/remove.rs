//! Relationships, deleted.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query};

use super::{Link, locked, seen, storage};
use crate::columns::{Column, Columns, Relationship};
use crate::{Catalog, Key, Result, Table, tables};

/// Deletes a relationship: the columns of both sides, and what was kept.
///
/// Fails with [`crate::Error::ColumnNotFound`], and [`crate::Error::ColumnTypeInvalid`] if the column is no relationship.
pub fn remove(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, key: &Key) -> Result<()> {
    let (column, relationship) = seen(table, key.as_str())?;
    part(tx, catalog, table, column, relationship)
}

/// Deletes every relationship of a table, so that no other table speaks of it: before its own deletion.
pub fn sever(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table) -> Result<()> {
    // Of a relationship with itself a table has both sides, and one deletes the other.
    let sides = table.relationships().filter(|(_, relationship)| {
        relationship.related != table.id || relationship.side == crate::columns::Side::Parent
    });
    for (column, relationship) in sides {
        part(tx, catalog, table, column, relationship)?;
    }
    Ok(())
}

fn part(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, column: &Column, relationship: &Relationship) -> Result<()> {
    let (table, related) = locked(tx, catalog, &table.database, [&table.id, &relationship.related])?;
    let sides = [(&table, &column.key), (&related, &relationship.two_way_key)];
    for (table, key) in sides {
        let delete = Query::delete()
            .from_table(Columns::Table)
            .and_where(Expr::col(Columns::TableSeq).eq(table.names.seq))
            .and_where(Expr::col(Columns::Key).eq(key))
            .take();
        tx.execute(&delete)?;
        tables::outdate(tx, table.names.seq)?;
    }
    match Link::of(column, relationship) {
        Link::Here { column } => storage::drop_column(tx, &table.names, &column, relationship),
        Link::There { column } => storage::drop_column(tx, &related.names, &column, relationship),
        Link::Between { .. } => storage::drop_pairs(tx, relationship),
    }
}

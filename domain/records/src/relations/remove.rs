//! Deletion of relationships.

use db::{Dialect, Tx};

use super::{Link, locked, storage, visible_relationship};
use crate::columns::{self, Column, Relationship, Side, Status};
use crate::tables::entry::outdate;
use crate::{Catalog, Key, Result, Table, physical, work};

/// Deletes a relationship: the columns of both sides, and the stored links.
///
/// Fails with [`crate::ColumnError::NotFound`], and [`crate::ColumnError::TypeInvalid`] for a column of another type.
pub fn remove(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, key: &Key) -> Result<()> {
    let (column, relationship) = visible_relationship(table, key.as_str())?;
    remove_one(tx, catalog, table, column, relationship, false)
}

/// Deletes all relationships of a table that is about to be deleted, so that no other table refers to it.
pub fn remove_all(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table) -> Result<()> {
    // Relationships with the table itself are deleted with the table.
    let with_others = table
        .relationships()
        .filter(|(column, relationship)| column.status == Status::Available && relationship.related != table.id);
    for (column, relationship) in with_others {
        remove_one(tx, catalog, table, column, relationship, true)?;
    }
    Ok(())
}

/// Deletes a relationship. `table_deleted`: the table of this side is being deleted, and its storage with it.
fn remove_one(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    table: &Table,
    column: &Column,
    relationship: &Relationship,
    table_deleted: bool,
) -> Result<()> {
    let (table, related) = locked(tx, catalog, &table.database, [&table.id, &relationship.related])?;
    let sides = [(&table, &column.key), (&related, &relationship.two_way_key)];
    for (table, key) in sides {
        columns::forget(tx, table.names.seq, key)?;
        outdate(tx, table.names.seq)?;
    }
    match Link::of(column, relationship) {
        Link::Here { .. } if table_deleted => Ok(()),
        Link::Here { column: name } => drop_column(tx, &table, column, &name, relationship),
        Link::There { column: name } => match related.column(relationship.two_way_key.as_str()) {
            Some(column) => drop_column(tx, &related, column, &name, relationship),
            None => Ok(()),
        },
        Link::Between { .. } if table_deleted && relationship.side == Side::Parent => Ok(()),
        Link::Between { .. } => storage::drop_pairs(tx, relationship),
    }
}

/// Drops the column with the stored IDs. SQLite rewrites every row, so for a large table this is done in a job, and the
/// column stays in the catalog until then.
fn drop_column(tx: &mut Tx<'_>, table: &Table, column: &Column, name: &str, relationship: &Relationship) -> Result<()> {
    storage::drop_index(tx, &table.names, relationship)?;
    if tx.dialect() == Dialect::Sqlite && physical::is_big(tx, &table.names)? {
        let deleting = Column {
            status: Status::Deleting,
            ..column.clone()
        };
        columns::insert(tx, table, &deleting)?;
        return work::drop_column(tx, table, &column.key);
    }
    physical::drop_column(tx, &table.names, name)
}

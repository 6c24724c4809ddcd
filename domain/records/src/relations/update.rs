//! Changes to relationships.

use db::Tx;

use super::{Link, locked, rewrite, visible_relationship};
use crate::columns::{Column, OnDelete, Relationship, Status, name_of};
use crate::{Catalog, ColumnError, DatabaseId, Key, Result, TableId, physical};

/// Changes to a relationship.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Action on related rows when a row is deleted.
    pub on_delete: Option<OnDelete>,
    /// New key of the column.
    pub new_key: Option<Key>,
}

/// Changes a relationship, on both sides.
///
/// Fails with [`ColumnError::NotFound`], [`ColumnError::TypeInvalid`] for a column of another type,
/// [`ColumnError::NotAvailable`], and [`ColumnError::Exists`] if the new key is in use.
pub fn update(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    database: &DatabaseId,
    table: &TableId,
    key: &Key,
    changes: Changes,
) -> Result<Column> {
    let table = catalog.table(tx, database, table)?;
    let related = visible_relationship(&table, key.as_str())?.1.related.clone();
    let (table, related) = locked(tx, catalog, database, [&table.id, &related])?;
    let (column, relationship) = visible_relationship(&table, key.as_str())?;
    if column.status != Status::Available {
        return Err(ColumnError::NotAvailable(key.to_string()).into());
    }
    let new_key = changes.new_key.unwrap_or_else(|| key.clone());
    let taken = |other: &Column| other.key != column.key && other.key.as_str().eq_ignore_ascii_case(new_key.as_str());
    if table.columns.iter().any(taken) {
        return Err(ColumnError::Exists(new_key.to_string()).into());
    }
    let on_delete = changes.on_delete.unwrap_or(relationship.on_delete);
    let ours = Relationship {
        on_delete,
        ..relationship.clone()
    };
    let theirs = related
        .column(relationship.two_way_key.as_str())
        .and_then(|column| column.spec.kind.relationship());
    if let Some(theirs) = theirs {
        let theirs = Relationship {
            on_delete,
            two_way_key: new_key.clone(),
            ..theirs.clone()
        };
        rewrite(tx, &related, &ours.two_way_key, &ours.two_way_key, &theirs)?;
    }
    if let Link::Here { column } = Link::of(column, relationship) {
        let (from, to) = (column, name_of(&new_key));
        if from != to {
            physical::rename_column(tx, &table.names, &from, &to)?;
        }
    }
    rewrite(tx, &table, key, &new_key, &ours)
}

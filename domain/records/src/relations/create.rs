//! Creation of relationships.

use db::Tx;

use super::{locked, storage};
use crate::columns::{self, Column, OnDelete, RelationKind, Relationship, Side, Spec, name_of};
use crate::tables::entry::outdate;
use crate::{Catalog, ColumnError, DatabaseId, Key, Result, Table, TableId};

/// Parameters of a new relationship.
#[derive(Debug, Clone)]
pub struct NewRelationship {
    /// The related table.
    pub related: TableId,
    /// Cardinality: oneToOne, oneToMany, manyToOne or manyToMany.
    pub relation: RelationKind,
    /// Whether the other side is visible to clients.
    pub two_way: bool,
    /// Key of this side's column; defaults to the other table's ID.
    pub key: Option<Key>,
    /// Key of the other side's column; defaults to this table's ID.
    pub two_way_key: Option<Key>,
    /// Action on related rows when a row is deleted.
    pub on_delete: OnDelete,
}

/// Relates a table to another, or to itself: adds a column on both sides. Returns the parent's column.
///
/// Fails with [`ColumnError::Exists`] if either table has a column with this key, or this table has another visible
/// many-to-many relationship with the other; with [`crate::TableError::NotFound`] if there is no such table.
pub fn create(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    database: &DatabaseId,
    table: &TableId,
    new: NewRelationship,
) -> Result<Column> {
    let (table, related) = locked(tx, catalog, database, [table, &new.related])?;
    let key = new.key.clone().unwrap_or_else(|| Key::trusted(new.related.as_str()));
    let two_way_key = new
        .two_way_key
        .clone()
        .unwrap_or_else(|| Key::trusted(table.id.as_str()));
    refuse_duplicates(&table, &related, &key, &two_way_key, new.relation)?;
    let mut parent = Relationship {
        related: related.id.clone(),
        relation: new.relation,
        two_way: new.two_way,
        two_way_key: two_way_key.clone(),
        on_delete: new.on_delete,
        side: Side::Parent,
        number: 0,
        home: table.names.seq,
    };
    // The relationship's number is the parent column's number in the catalog.
    parent.number = enter(tx, &table, &key, &parent)?;
    let child = Relationship {
        related: table.id.clone(),
        two_way_key: key.clone(),
        side: Side::Child,
        ..parent.clone()
    };
    enter(tx, &related, &two_way_key, &child)?;
    if parent.is_stored() {
        storage::add_column(tx, &table.names, &name_of(&key), &parent)?;
    } else if parent.is_paired() {
        storage::create_pairs(tx, &parent)?;
    } else {
        storage::add_column(tx, &related.names, &name_of(&two_way_key), &child)?;
    }
    super::rewrite(tx, &table, &key, &key, &parent)
}

fn refuse_duplicates(
    table: &Table,
    related: &Table,
    key: &Key,
    two_way_key: &Key,
    relation: RelationKind,
) -> Result<()> {
    let same = |one: &Key, other: &Key| one.as_str().eq_ignore_ascii_case(other.as_str());
    let taken = |table: &Table, key: &Key| table.columns.iter().any(|column| same(&column.key, key));
    for (table, key) in [(table, key), (related, two_way_key)] {
        if taken(table, key) {
            return Err(ColumnError::Exists(key.to_string()).into());
        }
    }
    let second = table.relationships().any(|(_, known)| {
        known.relation == RelationKind::ManyToMany && known.related == related.id && !known.is_hidden()
    });
    if (table.id == related.id && same(key, two_way_key)) || (relation == RelationKind::ManyToMany && second) {
        return Err(ColumnError::Exists(key.to_string()).into());
    }
    Ok(())
}

/// Inserts one side into the catalog; returns its number.
fn enter(tx: &mut Tx<'_>, table: &Table, key: &Key, relationship: &Relationship) -> Result<i64> {
    let spec = Spec::relating(relationship.clone());
    columns::check_bounds(key, table.specs().chain([&spec]))?;
    let column = Column {
        created_at: tx.now(),
        updated_at: tx.now(),
        ..Column::new(key.clone(), spec)
    };
    let seq = columns::insert(tx, table, &column)?;
    outdate(tx, table.names.seq)?;
    Ok(seq)
}

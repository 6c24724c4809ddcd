//! Relationships: columns whose values are rows of another table.

use api::{Call, Result};
use records::columns::{Column, OnDelete, RelationKind, Status};
use records::relations::{self, Changes, NewRelationship};
use records::{DatabaseId, Key, TableId};

use crate::Vocabulary;
use crate::columns::emit_and_view;
use crate::model::{RelationshipOf, Shown};
use crate::state::{State, act, catalog};

kernel::params! {
    /// Parameters of a new relationship.
    pub struct CreateRelationship<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Related table ID.
        related: TableId = (W::RELATED_TABLE_ID),
        /// Cardinality: oneToOne, oneToMany, manyToOne or manyToMany.
        relation: RelationKind = "type",
        /// Whether the related table has a visible column too.
        two_way: bool = "twoWay" | false,
        /// Column key; defaults to the related table's ID.
        key: Option<Key> = "key",
        /// Column key in the related table; defaults to this table's ID.
        two_way_key: Option<Key> = "twoWayKey",
        /// Action on related rows on delete: cascade, restrict or setNull.
        on_delete: OnDelete = "onDelete" | OnDelete::Restrict,
    }
}

/// Creates a relationship of a table to another, or to itself.
pub async fn create<W: Vocabulary>(
    call: Call<State>,
    input: CreateRelationship<W>,
) -> Result<Shown<RelationshipOf<W>, 202>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let new = NewRelationship {
                related: input.related,
                relation: input.relation,
                two_way: input.two_way,
                key: input.key,
                two_way_key: input.two_way_key,
                on_delete: input.on_delete,
            };
            let column = relations::create(tx, &catalog, &input.database_id, &input.table_id, new)?;
            let table = catalog.table(tx, &input.database_id, &input.table_id)?;
            let status = Status::Processing;
            Ok((table, Column { status, ..column }))
        },
        |act, (table, column)| Ok(emit_and_view::<W>(act, &table, &column)?.into()),
    )
    .await
}

kernel::params! {
    /// Changes to a relationship.
    pub struct UpdateRelationship<W: Vocabulary> {
        /// Database ID.
        database_id: DatabaseId = "databaseId",
        /// Table ID.
        table_id: TableId = (W::TABLE_ID),
        /// Column key.
        key: Key = "key",
        /// Action on related rows when a row is deleted; unchanged if absent.
        on_delete: Option<OnDelete> = "onDelete",
        /// New column key; unchanged if absent.
        new_key: Option<Key> = "newKey",
    }
}

/// Updates a relationship on both sides.
pub async fn update<W: Vocabulary>(
    call: Call<State>,
    input: UpdateRelationship<W>,
) -> Result<Shown<RelationshipOf<W>>> {
    let catalog = catalog(&call);
    act::<W, _, _>(
        &call,
        move |tx| {
            let changes = Changes {
                on_delete: input.on_delete,
                new_key: input.new_key,
            };
            let column = relations::update(tx, &catalog, &input.database_id, &input.table_id, &input.key, changes)?;
            let table = catalog.table(tx, &input.database_id, &input.table_id)?;
            Ok((table, column))
        },
        |act, (table, column)| Ok(emit_and_view::<W>(act, &table, &column)?.into()),
    )
    .await
}

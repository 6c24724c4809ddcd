//! Physical storage of a relationship: creation, renaming, deletion.

use db::sea_query::{Alias, ColumnDef, Index, Table as Create};
use db::{Dialect, Tx};

use super::link::{CHILD, PARENT, pairs};
use crate::Result;
use crate::columns::{RelationKind, Relationship};
use crate::physical::{Names, SEQ};

/// Adds the nullable column for IDs to the side that stores them, with its index. In a one-to-one relationship the
/// index is unique.
pub(super) fn add_column(tx: &mut Tx<'_>, names: &Names, column: &str, relationship: &Relationship) -> Result<()> {
    let dialect = tx.dialect();
    let add = Create::alter()
        .table(Alias::new(&names.table))
        .add_column(ColumnDef::new(Alias::new(column)).text().take())
        .take();
    tx.batch(&dialect.render_schema(&add))?;
    let mut by_id = Index::create();
    by_id
        .name(index(names, relationship))
        .table(Alias::new(&names.table))
        .col(Alias::new(column));
    if relationship.relation == RelationKind::OneToOne {
        by_id.unique();
    }
    Ok(tx.batch(&dialect.render_schema(&by_id))?)
}

/// Drops the index of the column with IDs, before the column itself.
pub(super) fn drop_index(tx: &mut Tx<'_>, names: &Names, relationship: &Relationship) -> Result<()> {
    let mut by_id = Index::drop();
    by_id.name(index(names, relationship));
    let sql = tx.dialect().render_schema(&by_id);
    Ok(tx.batch(&sql)?)
}

fn index(names: &Names, relationship: &Relationship) -> String {
    names.other(&format!("r{}", relationship.number))
}

/// Creates the table of pairs. Pairs are numbered, so that related rows are returned in the order of linking.
pub(super) fn create_pairs(tx: &mut Tx<'_>, relationship: &Relationship) -> Result<()> {
    let dialect = tx.dialect();
    let name = pairs(relationship);
    let id = |column| ColumnDef::new(Alias::new(column)).text().not_null().take();
    let mut seq = ColumnDef::new(Alias::new(SEQ));
    match dialect {
        Dialect::Sqlite => seq.integer(),
        Dialect::Postgres => seq.big_integer(),
    };
    let table = Create::create()
        .table(Alias::new(&name))
        .col(seq.not_null().primary_key().auto_increment().take())
        .col(id(PARENT))
        .col(id(CHILD))
        .take();
    tx.batch(&dialect.render_schema(&table))?;
    for (suffix, columns) in [("p", [PARENT, CHILD]), ("c", [CHILD, PARENT])] {
        let mut way = Index::create();
        way.unique().name(format!("{name}{suffix}_")).table(Alias::new(&name));
        for column in columns {
            way.col(Alias::new(column));
        }
        tx.batch(&dialect.render_schema(&way))?;
    }
    Ok(())
}

/// Drops the table of pairs.
pub(super) fn drop_pairs(tx: &mut Tx<'_>, relationship: &Relationship) -> Result<()> {
    let drop = Create::drop().table(Alias::new(pairs(relationship))).take();
    let sql = tx.dialect().render_schema(&drop);
    Ok(tx.batch(&sql)?)
}

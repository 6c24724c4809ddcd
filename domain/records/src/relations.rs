//! Relationships: columns whose values are rows of another table, or of the same.
//!
//! A relationship has two sides, each a column in the catalog: the parent's, on the table that it was made on, and the
//! child's, which clients see only if the relationship is two-way. What is kept of it lies in one place (`Link`): where
//! one side has one row, that side's or the other's rows hold an id in an indexed column; where both have many, a table
//! of pairs lies between.
//!
//! Not here: what a relationship is made of (`columns::Relationship`).

mod create;
mod delete;
mod given;
mod link;
mod links;
mod nested;
mod read;
mod remove;
mod storage;
mod update;
mod write;

pub use create::{NewRelationship, create};
pub(crate) use delete::before_delete;
pub(crate) use given::named;
pub(crate) use link::Link;
pub(crate) use read::{Loaded, Paths, Selection};
pub use read::{get, written};
pub use remove::{remove, sever};
pub use update::{Changes, update};
pub(crate) use write::{beyond_row, differs, value};

use std::sync::Arc;

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};

use crate::columns::{Column, Columns, Entry, Relationship, Spec};
use crate::tables::entry;
use crate::{Catalog, DatabaseId, Error, Key, Result, Table, TableId};

/// Greatest depth at which related rows are written and read.
pub const MAX_DEPTH: usize = 3;

/// Two tables as they are, which no other act changes until this one ends.
fn locked(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    database: &DatabaseId,
    [one, other]: [&TableId; 2],
) -> Result<(Arc<Table>, Arc<Table>)> {
    // In one order, so that two acts which lock the same tables do not wait for each other.
    let [first, last] = if one <= other { [one, other] } else { [other, one] };
    entry::lock(tx, database, first)?;
    entry::lock(tx, database, last)?;
    Ok((catalog.table(tx, database, one)?, catalog.table(tx, database, other)?))
}

/// Writes one side anew in the catalog.
fn rewrite(tx: &mut Tx<'_>, table: &Table, key: &Key, new_key: &Key, relationship: &Relationship) -> Result<Column> {
    let update = Query::update()
        .table(Columns::Table)
        .value(Columns::Key, new_key)
        .value(Columns::Spec, db::value(&Json(Spec::relating(relationship.clone()))))
        .value(Columns::UpdatedAt, db::value(&tx.now()))
        .and_where(Expr::col(Columns::TableSeq).eq(table.names.seq))
        .and_where(Expr::col(Columns::Key).eq(key))
        .take();
    tx.execute(&update)?;
    entry::outdate(tx, table.names.seq)?;
    let mut select = Entry::select();
    select.and_where(Expr::col(Columns::TableSeq).eq(table.names.seq));
    select.and_where(Expr::col(Columns::Key).eq(new_key));
    let entry: Option<Entry> = tx.optional(&select)?;
    entry
        .map(Column::from)
        .ok_or_else(|| Error::ColumnNotFound(new_key.to_string()))
}

/// The relationship of a column that clients see.
fn seen<'t>(table: &'t Table, key: &str) -> Result<(&'t Column, &'t Relationship)> {
    let column = table.column(key).ok_or_else(|| Error::ColumnNotFound(key.to_owned()))?;
    match column.spec.kind.relationship() {
        Some(relationship) if relationship.is_hidden() => Err(Error::ColumnNotFound(key.to_owned())),
        Some(relationship) => Ok((column, relationship)),
        None => Err(Error::ColumnTypeInvalid(format!(
            "column \"{key}\" is not a relationship"
        ))),
    }
}

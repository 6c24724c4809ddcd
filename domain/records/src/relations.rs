//! Relationships: columns whose values are rows of another table, or of the same one.
//!
//! A relationship has two sides, each a column in the catalog: the parent's, on the table on which it was created, and
//! the child's, which clients see only if the relationship is two-way. Its links are stored in one place (`Link`): if a
//! side has at most one related row, in an indexed column of one side's rows; if both sides have many, in a table of
//! pairs.
//!
//! Not here: the definition of a relationship (`columns::Relationship`).

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
pub use remove::{remove, remove_all};
pub use update::{Changes, update};
pub(crate) use write::{differs, value, write_links};

use std::sync::Arc;

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};

use crate::columns::{Column, Columns, Entry, Relationship, Spec};
use crate::tables::entry;
use crate::{Catalog, ColumnError, DatabaseId, Key, Result, Table, TableId};

/// Maximum depth to which related rows are written and read.
pub const MAX_DEPTH: usize = 3;

/// Locks two tables until the transaction ends, and loads them.
fn locked(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    database: &DatabaseId,
    [one, other]: [&TableId; 2],
) -> Result<(Arc<Table>, Arc<Table>)> {
    // Always in the same order, so that two acts on the same tables cannot deadlock.
    let [first, last] = if one <= other { [one, other] } else { [other, one] };
    entry::lock(tx, database, first)?;
    entry::lock(tx, database, last)?;
    Ok((catalog.table(tx, database, one)?, catalog.table(tx, database, other)?))
}

/// Updates one side's entry in the catalog.
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
        .ok_or_else(|| ColumnError::NotFound(new_key.to_string()).into())
}

/// The relationship of a visible column.
fn visible_relationship<'t>(table: &'t Table, key: &str) -> Result<(&'t Column, &'t Relationship)> {
    let column = table.column(key).ok_or_else(|| ColumnError::NotFound(key.to_owned()))?;
    match column.spec.kind.relationship() {
        Some(relationship) if relationship.is_hidden() => Err(ColumnError::NotFound(key.to_owned()).into()),
        Some(relationship) => Ok((column, relationship)),
        None => Err(ColumnError::TypeInvalid(format!("<column> \"{key}\" is not a relationship")).into()),
    }
}

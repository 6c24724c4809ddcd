//! Rows of an id, and the locks on them.

use std::collections::BTreeSet;

use db::sea_query::{Expr, ExprTrait, LockType, Order, Query};
use db::{Dialect, PreparedSql, Tx};

use super::Record;
use crate::physical::{self, iden};
use crate::{Result, RowId, Table};

/// The row of an id.
pub fn find(tx: &mut Tx<'_>, table: &Table, id: &RowId) -> Result<Option<Record>> {
    one(tx, table, &table.statements.get, id)
}

/// The row of an id, which nobody else changes before this act ends.
pub fn find_for_update(tx: &mut Tx<'_>, table: &Table, id: &RowId) -> Result<Option<Record>> {
    one(tx, table, &table.statements.lock, id)
}

/// Holds the rows of some ids, so that nobody else changes them before this act ends, nor makes those that are not there
/// by an upsert. Every act that writes several rows does so first and in the same order, so that no two wait for each
/// other. SQLite has one writer anyway.
pub(crate) fn hold<'i>(tx: &mut Tx<'_>, table: &Table, ids: impl IntoIterator<Item = &'i RowId>) -> Result<()> {
    let mut missing: BTreeSet<&str> = ids.into_iter().map(RowId::as_str).collect();
    if tx.dialect() == Dialect::Sqlite || missing.is_empty() {
        return Ok(());
    }
    let select = Query::select()
        .column(iden(physical::ID))
        .from(iden(&table.names.table))
        .and_where(Expr::col(iden(physical::ID)).is_in(missing.iter().copied()))
        .order_by(iden(physical::SEQ), Order::Asc)
        .lock(LockType::Update)
        .take();
    for id in tx.all::<String>(&select)? {
        missing.remove(id.as_str());
    }
    missing.into_iter().try_for_each(|id| hold_place(tx, table, id))
}

/// Holds the place of a row that is not there, so that those who would make it by an upsert take turns.
pub(super) fn hold_place(tx: &mut Tx<'_>, table: &Table, id: &str) -> Result<()> {
    Ok(tx.lock(&format!("rows/{}/{id}", table.names.seq))?)
}

fn one(tx: &mut Tx<'_>, table: &Table, statement: &PreparedSql, id: &RowId) -> Result<Option<Record>> {
    let mut found = None;
    tx.prepared_each(statement, &[id.into()], |row| {
        found = Some(Record::read(table, row)?);
        Ok(())
    })?;
    Ok(found)
}

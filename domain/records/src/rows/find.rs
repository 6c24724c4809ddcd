//! Lookup of rows by ID, and row locks.

use std::collections::BTreeSet;

use db::sea_query::{Expr, ExprTrait, LockType, Order, Query};
use db::{Dialect, PreparedSql, Tx};

use super::Record;
use crate::physical::{self, iden};
use crate::{Result, RowId, Table};

/// Finds a row.
pub fn find(tx: &mut Tx<'_>, table: &Table, id: &RowId) -> Result<Option<Record>> {
    one(tx, table, &table.statements.get, id)
}

/// Finds a row and locks it until the transaction ends.
pub fn find_for_update(tx: &mut Tx<'_>, table: &Table, id: &RowId) -> Result<Option<Record>> {
    one(tx, table, &table.statements.lock, id)
}

/// Locks rows until the transaction ends, and the IDs of missing rows against creation by an upsert. Every act that
/// writes several rows calls this first, which locks in the same order, so that acts cannot deadlock. Not needed on
/// SQLite, which has a single writer.
pub(crate) fn lock_rows<'i>(tx: &mut Tx<'_>, table: &Table, ids: impl IntoIterator<Item = &'i RowId>) -> Result<()> {
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
    missing.into_iter().try_for_each(|id| lock_missing(tx, table, id))
}

/// Locks the ID of a missing row, so that upserts that would create it are serialized.
pub(super) fn lock_missing(tx: &mut Tx<'_>, table: &Table, id: &str) -> Result<()> {
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

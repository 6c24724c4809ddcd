//! Loading of related rows, along the selected relationships only.
//!
//! The number of statements of a list depends on its paths, not on its rows: the IDs that all rows of a page refer to
//! are collected, and their rows are read together. Rows are kept as serialized JSON and nested into each other.

mod budget;
mod fetch;
mod paths;
mod select;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use serde_json::{Map, Value as Json};

use super::visibility::{Source, seen_by};
use crate::physical::{ID, OWN, iden};
use crate::rows::{Record, Writer};
use crate::{Access, Result, RowError, RowId, Table, Vocabulary};

pub(crate) use paths::{Loaded, Paths};
pub(crate) use select::Selection;

/// Reads the rows of a query as JSON, with the selected fields and related rows. The query has only conditions; its
/// table and columns are set here.
fn rows(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    vocabulary: Vocabulary,
    selection: &Selection,
    mut picked: SelectStatement,
) -> Result<Vec<Vec<u8>>> {
    Source::of(tx, table, access)?.add_to(tx.dialect(), &mut picked);
    picked
        .clear_selects()
        .columns(OWN.iter().map(|name| iden(name)))
        .columns(selection.columns(table).map(|name| iden(&name)))
        .columns(selection.paths.columns().map(iden));
    let writer = Writer::choosing(table, vocabulary, &selection.positions);
    let (mut rows, first) = (Vec::new(), OWN.len() + selection.positions.len());
    tx.each(&picked, |row| {
        let mut json = Vec::with_capacity(512);
        writer.write(row, &mut json)?;
        rows.push(selection.paths.take(row, first, json)?);
        Ok(())
    })?;
    selection.paths.complete(tx, access, rows)
}

/// A row as JSON, with the selected fields and related rows.
///
/// Fails with [`RowError::NotFound`] if it does not exist or the caller may not read it.
pub fn get(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    id: &RowId,
    names: &[impl AsRef<str>],
    vocabulary: Vocabulary,
) -> Result<Vec<u8>> {
    let selection = Selection::of(tx, table, vocabulary, names)?;
    let mut picked = Query::select();
    picked.and_where(Expr::col(iden(ID)).eq(id));
    if !fetch::restrict(tx.dialect(), access, table, &mut picked) {
        return Err(RowError::NotFound.into());
    }
    let mut rows = rows(tx, table, access, vocabulary, &selection, picked)?;
    table.counts.read(1);
    rows.pop().ok_or(RowError::NotFound.into())
}

/// A row that was just written, as JSON, with the related rows that the request created, changed or named, as far as
/// the caller may read them.
pub fn written(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    record: &Record,
    given: &Map<String, Json>,
    vocabulary: Vocabulary,
) -> Result<Vec<u8>> {
    if !table.has_relationships() {
        return Ok(table.writer(vocabulary).record(record));
    }
    let selection = Selection::of_given(tx, table, vocabulary, given)?;
    let record = seen_by(tx, table, access, record)?;
    let json = Writer::choosing(table, vocabulary, &selection.positions).record(&record);
    let loaded = selection.paths.take_record(table, &record, json);
    let mut rows = selection.paths.complete(tx, access, vec![loaded])?;
    Ok(rows.pop().unwrap_or_default())
}

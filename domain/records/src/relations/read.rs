//! Related rows, loaded along the relationships that a request selects and no others.
//!
//! A list costs as many statements as it has paths, however many rows it has: the ids that all rows of a page point to are
//! gathered, and their rows are read together. Rows are kept as the JSON that they become, and set into each other.

mod budget;
mod fetch;
mod paths;
mod select;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use serde_json::{Map, Value as Json};

use crate::physical::{ID, OWN, iden};
use crate::rows::{Record, Writer};
use crate::{Access, Error, Result, RowId, Table, Vocabulary};

pub(crate) use paths::{Loaded, Paths};
pub(crate) use select::Selection;

/// The rows of a table that a statement picks, as JSON: what is selected of them, and of the rows that they are related to.
/// The statement says where from and which; its columns are chosen here.
fn rows(
    tx: &mut Tx<'_>,
    table: &Table,
    access: &Access,
    vocabulary: Vocabulary,
    selection: &Selection,
    mut picked: SelectStatement,
) -> Result<Vec<Vec<u8>>> {
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

/// The row of an id, as JSON: what is selected of it, and of the rows that it is related to.
///
/// Fails with [`Error::RowNotFound`] if it is not there or the caller may not read it.
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
    picked
        .from(iden(&table.names.table))
        .and_where(Expr::col(iden(ID)).eq(id));
    if !fetch::restrict(tx.dialect(), access, table, &mut picked) {
        return Err(Error::RowNotFound);
    }
    let mut rows = rows(tx, table, access, vocabulary, &selection, picked)?;
    rows.pop().ok_or(Error::RowNotFound)
}

/// A row that has just been written, as JSON: with the related rows that the request made, changed or named, as far as the
/// caller may read them.
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
    let json = Writer::choosing(table, vocabulary, &selection.positions).record(record);
    let loaded = selection.paths.take_record(table, record, json);
    let mut rows = selection.paths.complete(tx, access, vec![loaded])?;
    Ok(rows.pop().unwrap_or_default())
}

//! Related rows, loaded along the relationships that a request selects and no others.
//!
//! A list costs as many statements as it has paths, however many rows it has: the ids that all rows of a page point to are
//! gathered, and their rows are read together. Rows are kept as the JSON that they become, and set into each other.

mod budget;
mod fetch;
mod select;

use std::sync::Arc;

use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Row, Tx};
use serde_json::{Map, Value as Json};

use super::Link;
use crate::physical::{ID, OWN, iden};
use crate::rows::{Record, Writer};
use crate::{Access, Error, Result, RowId, Table, Vocabulary};

use budget::Budget;
pub(crate) use select::Selection;

/// Relationships of one table to load.
#[derive(Debug, Default)]
pub(crate) struct Paths(Vec<Path>);

/// One relationship to load.
#[derive(Debug)]
struct Path {
    /// `,"key":`.
    before: String,
    link: Link,
    many: bool,
    related: Arc<Table>,
    what: What,
}

/// Fields of related rows to load.
#[derive(Debug)]
enum What {
    /// Their ids.
    Ids,
    /// Themselves.
    Rows(Box<Rows>),
}

/// How related rows are fetched and serialized.
#[derive(Debug)]
struct Rows {
    writer: Writer,
    /// The columns that the writer reads, behind our own.
    columns: Vec<String>,
    paths: Paths,
}

/// A row that has been read, to which related ones are to be added.
#[derive(Debug)]
pub(crate) struct Loaded {
    id: String,
    /// The ids that it holds, one for each path that begins in it.
    points_to: Vec<Option<String>>,
    /// Its JSON, without the closing brace.
    json: Vec<u8>,
}

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

impl Paths {
    /// Whether there is nothing to load.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns that rows must be read with, behind all others.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|path| match &path.link {
            Link::Here { column } => Some(column.as_str()),
            _ => None,
        })
    }

    /// Adds a row that is already loaded, whose columns of ids are among its values.
    fn take_record(&self, table: &Table, record: &Record, mut json: Vec<u8>) -> Loaded {
        json.pop();
        let points_to = |path: &Path| {
            let Link::Here { column } = &path.link else { return None };
            let position = table.stored().position(|stored| stored.name() == *column)?;
            record.values[position].as_str().map(str::to_owned)
        };
        Loaded {
            id: record.id.to_string(),
            points_to: self.0.iter().map(points_to).collect(),
            json,
        }
    }

    /// Takes a row that was read with those columns, which begin at `first`. `json` is all of it.
    pub(crate) fn take(
        &self,
        row: &Row<'_>,
        first: usize,
        mut json: Vec<u8>,
    ) -> std::result::Result<Loaded, db::Error> {
        // More is to come before its closing brace.
        json.pop();
        let mut next = first;
        let mut points_to = Vec::with_capacity(self.0.len());
        for path in &self.0 {
            if matches!(path.link, Link::Here { .. }) {
                points_to.push(row.get(next)?);
                next += 1;
            } else {
                points_to.push(None);
            }
        }
        Ok(Loaded {
            id: row.get(1)?,
            points_to,
            json,
        })
    }

    /// Loads what these rows are related to, and gives each as whole JSON, in their order.
    pub(crate) fn complete(&self, tx: &mut Tx<'_>, access: &Access, rows: Vec<Loaded>) -> Result<Vec<Vec<u8>>> {
        fetch::complete(tx, access, self, rows, &mut Budget::default())
    }
}

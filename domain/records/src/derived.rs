//! Values derived from rows, stored in side tables for indexes that SQL does not have: the words of texts, the elements
//! of lists, the bounding boxes of shapes.
//!
//! | index | SQLite | PostgreSQL |
//! |---|---|---|
//! | `fulltext` | a table of FTS5 over the folded text | a table of `tsvector` of the folded text, with a GIN index |
//! | `key` of a list | a table of elements by value | a GIN index over the column |
//! | `spatial` | an R-tree of boxes | a table of boxes with a GiST index |
//!
//! Other indexes are plain SQL indexes and need nothing of this. Writers of rows call this module in the same
//! transaction: [`write()`] after a change, [`remove`] before a deletion. Tables without such indexes have no cost.
//!
//! Rows are written to an index from its creation on ([`create`]), also while it is filled. [`fill`] adds the existing
//! rows in steps; adding a row twice does no harm.

mod boxes;
mod elements;
mod fulltext;
mod side;

use db::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use db::{Dialect, Tx, Value};
use geometry::Bounds;
use text_search::Search;

use crate::columns::{Column, Status};
use crate::indexes::{Index, IndexKind, is_derived};
use crate::physical::{self, Names};
use crate::{Result, Schema};
use boxes::Boxes;
pub(crate) use boxes::shapes_of;
use elements::Elements;
use fulltext::Fulltext;

/// Maximum size of the values read in one step of filling, in bytes; exceeded by at most one row.
const MAX_FILLED: usize = 4 << 20;

/// The values derived from rows for one index.
#[derive(Debug)]
pub struct Derived {
    kind: IndexKind,
    /// Whether queries can use it: it is completely filled.
    available: bool,
    /// Positions of its columns among the stored ones.
    positions: Vec<usize>,
    storage: Storage,
}

/// Storage of the derived values.
#[derive(Debug)]
enum Storage {
    Elements(Elements),
    Fulltext(Fulltext),
    Boxes(Boxes),
}

/// Condition on derived values.
#[derive(Debug)]
pub(crate) enum DerivedFilter<'a> {
    /// Lists that contain any of these values.
    Elements(Vec<Value>),
    /// Texts that match a search.
    Words(&'a Search),
    /// Shapes whose bounding boxes intersect this one, a superset of the matching shapes.
    Boxes(Bounds),
}

/// The derived values of a table's indexes. `stored` are the stored columns, in their order.
pub(crate) fn of_table(dialect: Dialect, names: &Names, stored: &[&Column], indexes: &[Index]) -> Vec<Derived> {
    let is_maintained = |index: &&Index| matches!(index.status, Status::Available | Status::Processing);
    indexes
        .iter()
        .filter(is_maintained)
        .filter_map(|index| Derived::of(dialect, names, stored, index))
        .collect()
}

impl Derived {
    fn of(dialect: Dialect, names: &Names, stored: &[&Column], index: &Index) -> Option<Self> {
        let position = |key: &String| stored.iter().position(|column| column.key.as_str() == key);
        let positions: Vec<usize> = index.spec.columns.iter().map(position).collect::<Option<_>>()?;
        let columns: Vec<&Column> = positions.iter().map(|position| stored[*position]).collect();
        if !is_derived(index.spec.kind, &columns) {
            return None;
        }
        let storage = match index.spec.kind {
            IndexKind::Key | IndexKind::Unique => Storage::Elements(Elements::of(dialect, names, index, columns[0])),
            IndexKind::Fulltext => Storage::Fulltext(Fulltext::of(dialect, names, index)),
            IndexKind::Spatial => Storage::Boxes(Boxes::of(dialect, names, index, shapes_of(columns[0])?)),
        };
        Some(Self {
            kind: index.spec.kind,
            available: index.status == Status::Available,
            positions,
            storage,
        })
    }

    /// Whether it answers conditions of this index type on the stored column at a position.
    pub(crate) fn answers(&self, position: usize, kind: IndexKind) -> bool {
        self.available && self.kind == kind && self.positions == [position]
    }

    fn put(&self, tx: &mut Tx<'_>, seq: i64, values: &[&Value]) -> Result<()> {
        match &self.storage {
            Storage::Elements(elements) => elements.put(tx, seq, values[0]),
            Storage::Fulltext(fulltext) => fulltext.put(tx, seq, values),
            Storage::Boxes(boxes) => boxes.put(tx, seq, values[0]),
        }
    }

    fn take(&self, tx: &mut Tx<'_>, seq: i64) -> Result<()> {
        match &self.storage {
            Storage::Elements(elements) => elements.take(tx, seq),
            Storage::Fulltext(fulltext) => fulltext.take(tx, seq),
            Storage::Boxes(boxes) => boxes.take(tx, seq),
        }
    }

    /// Query for the numbers of the matching rows; none if the engine's own index is used, or nothing can match.
    pub(crate) fn find(&self, answer: DerivedFilter<'_>) -> Option<SelectStatement> {
        match (&self.storage, answer) {
            (Storage::Elements(elements), DerivedFilter::Elements(values)) => elements.find(values),
            (Storage::Fulltext(fulltext), DerivedFilter::Words(search)) => fulltext.find(search),
            (Storage::Boxes(boxes), DerivedFilter::Boxes(bounds)) => Some(boxes.find(bounds)),
            _ => None,
        }
    }
}

/// Creates the empty storage of an index, in the transaction that adds the index to the catalog. `table` need not
/// contain the index.
pub fn create(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    match storage(tx, table, index) {
        Some(Storage::Elements(elements)) => elements.create(tx, &table.names),
        Some(Storage::Fulltext(fulltext)) => fulltext.create(tx),
        Some(Storage::Boxes(boxes)) => boxes.create(tx),
        None => Ok(()),
    }
}

/// Drops the storage of an index, if it exists.
pub fn drop(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    match storage(tx, table, index) {
        Some(Storage::Elements(elements)) => elements.drop(tx),
        Some(Storage::Fulltext(fulltext)) => fulltext.drop(tx),
        Some(Storage::Boxes(boxes)) => boxes.drop(tx),
        None => Ok(()),
    }
}

fn storage(tx: &Tx<'_>, table: &Schema, index: &Index) -> Option<Storage> {
    let stored: Vec<&Column> = table.stored().collect();
    Derived::of(tx.dialect(), &table.names, &stored, index).map(|derived| derived.storage)
}

/// Adds up to `limit` rows after a row number, in the order of creation. Returns the number of the last added row; none
/// if no rows are left.
pub fn fill(tx: &mut Tx<'_>, table: &Schema, index: &Index, after: i64, limit: u64) -> Result<Option<i64>> {
    let stored: Vec<&Column> = table.stored().collect();
    let Some(derived) = Derived::of(tx.dialect(), &table.names, &stored, index) else {
        return Ok(None);
    };
    let columns = derived
        .positions
        .iter()
        .map(|position| physical::iden(&stored[*position].name()));
    let select = Query::select()
        .column(physical::iden(physical::SEQ))
        .columns(columns)
        .from(physical::iden(&table.names.table))
        .and_where(Expr::col(physical::iden(physical::SEQ)).gt(after))
        .order_by(physical::iden(physical::SEQ), Order::Asc)
        .limit(limit)
        .take();
    let (mut rows, mut bytes) = (Vec::new(), 0);
    tx.each(&select, |row| {
        if bytes > MAX_FILLED {
            return Ok(());
        }
        let mut values = Vec::with_capacity(derived.positions.len());
        for at in 1..=derived.positions.len() {
            let text: Option<String> = row.get(at)?;
            bytes += text.as_ref().map_or(0, String::len);
            values.push(Value::String(text));
        }
        rows.push((row.get::<i64>(0)?, values));
        Ok(())
    })?;
    for (seq, values) in &rows {
        derived.put(tx, *seq, &values.iter().collect::<Vec<_>>())?;
    }
    Ok(rows.last().map(|(seq, _)| *seq))
}

/// Writes the derived values of a new or changed row. `values` are its stored values in the order of
/// [`Schema::stored`], as statement parameters: lists and shapes as JSON texts, timestamps in lists in the form of
/// [`kernel::Timestamp`].
pub fn write(tx: &mut Tx<'_>, all: &[Derived], seq: i64, values: &[Value]) -> Result<()> {
    for derived in all {
        let of_index: Vec<&Value> = derived.positions.iter().map(|position| &values[*position]).collect();
        derived.put(tx, seq, &of_index)?;
    }
    Ok(())
}

/// As [`write()`], for a changed row: only indexes of changed values are written.
pub fn rewrite(tx: &mut Tx<'_>, all: &[Derived], seq: i64, before: &[Value], after: &[Value]) -> Result<()> {
    for derived in all {
        if derived
            .positions
            .iter()
            .any(|position| before[*position] != after[*position])
        {
            let of_index: Vec<&Value> = derived.positions.iter().map(|position| &after[*position]).collect();
            derived.put(tx, seq, &of_index)?;
        }
    }
    Ok(())
}

/// Deletes the derived values of a row that is about to be deleted.
pub fn remove(tx: &mut Tx<'_>, all: &[Derived], seq: i64) -> Result<()> {
    all.iter().try_for_each(|derived| derived.take(tx, seq))
}

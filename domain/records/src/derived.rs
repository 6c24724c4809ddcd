//! What is derived from rows beside them, so that indexes of other sorts than SQL's own can be asked: the words of texts,
//! the elements of lists, the boxes around shapes.
//!
//! | index | SQLite | PostgreSQL |
//! |---|---|---|
//! | `fulltext` | a table of FTS5 over the folded text | a table of `tsvector` of the folded text, with a GIN index |
//! | `key` of a list | a table of elements by value | a GIN index over the column |
//! | `spatial` | an R-tree of boxes | a table of boxes with a GiST index |
//!
//! Every other index is SQL's own: for it all of this does nothing. Who changes a row says so here in the same
//! transaction: [`write()`] after the change, [`remove`] before a deletion. A table without such indexes pays nothing.
//!
//! An index is written from the moment that it is made ([`create`]), also while it is being filled; [`fill`] takes up the
//! rows that were there before, in steps, and may do a row twice without harm.

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

/// Bytes of values that one step of filling takes into memory at most, if one row has no more.
const MAX_FILLED: usize = 4 << 20;

/// Table of values derived from rows for one index.
#[derive(Debug)]
pub struct Derived {
    kind: IndexKind,
    /// Whether it can be asked: it is filled.
    available: bool,
    /// The places of its columns among the stored ones.
    positions: Vec<usize>,
    keeper: Keeper,
}

/// Engine structure that holds the derived values.
#[derive(Debug)]
enum Keeper {
    Elements(Elements),
    Fulltext(Fulltext),
    Boxes(Boxes),
}

/// Condition on derived values.
#[derive(Debug)]
pub(crate) enum DerivedFilter<'a> {
    /// Lists that hold any of these.
    Elements(Vec<Value>),
    /// Texts that have what is searched for.
    Words(&'a Search),
    /// Shapes whose boxes meet this one; perhaps a few more.
    Boxes(Bounds),
}

/// What is derived for the indexes of a table. `stored` are the columns that rows hold, in their order.
pub(crate) fn of_table(dialect: Dialect, names: &Names, stored: &[&Column], indexes: &[Index]) -> Vec<Derived> {
    let kept = |index: &&Index| matches!(index.status, Status::Available | Status::Processing);
    indexes
        .iter()
        .filter(kept)
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
        let keeper = match index.spec.kind {
            IndexKind::Key | IndexKind::Unique => Keeper::Elements(Elements::of(dialect, names, index, columns[0])),
            IndexKind::Fulltext => Keeper::Fulltext(Fulltext::of(dialect, names, index)),
            IndexKind::Spatial => Keeper::Boxes(Boxes::of(dialect, names, index, shapes_of(columns[0])?)),
        };
        Some(Self {
            kind: index.spec.kind,
            available: index.status == Status::Available,
            positions,
            keeper,
        })
    }

    /// Whether it answers questions of an index of this kind about the stored column at a position.
    pub(crate) fn answers(&self, position: usize, kind: IndexKind) -> bool {
        self.available && self.kind == kind && self.positions == [position]
    }

    fn put(&self, tx: &mut Tx<'_>, seq: i64, values: &[&Value]) -> Result<()> {
        match &self.keeper {
            Keeper::Elements(elements) => elements.put(tx, seq, values[0]),
            Keeper::Fulltext(fulltext) => fulltext.put(tx, seq, values),
            Keeper::Boxes(boxes) => boxes.put(tx, seq, values[0]),
        }
    }

    fn take(&self, tx: &mut Tx<'_>, seq: i64) -> Result<()> {
        match &self.keeper {
            Keeper::Elements(elements) => elements.take(tx, seq),
            Keeper::Fulltext(fulltext) => fulltext.take(tx, seq),
            Keeper::Boxes(boxes) => boxes.take(tx, seq),
        }
    }

    /// The numbers of the rows that are looked for; none if the engine's own index answers, or nothing can be found.
    pub(crate) fn find(&self, answer: DerivedFilter<'_>) -> Option<SelectStatement> {
        match (&self.keeper, answer) {
            (Keeper::Elements(elements), DerivedFilter::Elements(values)) => elements.find(values),
            (Keeper::Fulltext(fulltext), DerivedFilter::Words(search)) => fulltext.find(search),
            (Keeper::Boxes(boxes), DerivedFilter::Boxes(bounds)) => Some(boxes.find(bounds)),
            _ => None,
        }
    }
}

/// Makes what an index derives, empty; in the transaction that writes the index into the catalog. `table` need not know
/// the index yet.
pub fn create(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    match keeper(tx, table, index) {
        Some(Keeper::Elements(elements)) => elements.create(tx, &table.names),
        Some(Keeper::Fulltext(fulltext)) => fulltext.create(tx),
        Some(Keeper::Boxes(boxes)) => boxes.create(tx),
        None => Ok(()),
    }
}

/// Drops what an index derives; it is no error if there is nothing.
pub fn drop(tx: &mut Tx<'_>, table: &Schema, index: &Index) -> Result<()> {
    match keeper(tx, table, index) {
        Some(Keeper::Elements(elements)) => elements.drop(tx),
        Some(Keeper::Fulltext(fulltext)) => fulltext.drop(tx),
        Some(Keeper::Boxes(boxes)) => boxes.drop(tx),
        None => Ok(()),
    }
}

fn keeper(tx: &Tx<'_>, table: &Schema, index: &Index) -> Option<Keeper> {
    let stored: Vec<&Column> = table.stored().collect();
    Derived::of(tx.dialect(), &table.names, &stored, index).map(|derived| derived.keeper)
}

/// Derives of up to `limit` rows that come after a number, in the order of making. The number of the last row that was
/// done, and nothing once all are.
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

/// Derives of a row that was made or changed. `values` are its stored values, in the order of [`Schema::stored`], as
/// statements carry them: lists and shapes as their JSON in a text, instants in lists in the form of [`kernel::Timestamp`].
pub fn write(tx: &mut Tx<'_>, all: &[Derived], seq: i64, values: &[Value]) -> Result<()> {
    for derived in all {
        let of_index: Vec<&Value> = derived.positions.iter().map(|position| &values[*position]).collect();
        derived.put(tx, seq, &of_index)?;
    }
    Ok(())
}

/// As [`write()`], for a row that was changed: only what has another value is derived anew.
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

/// Forgets what was derived of a row that is about to be deleted.
pub fn remove(tx: &mut Tx<'_>, all: &[Derived], seq: i64) -> Result<()> {
    all.iter().try_for_each(|derived| derived.take(tx, seq))
}

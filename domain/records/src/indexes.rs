//! Indexes: what makes a query quick, and what keeps values unique.

mod change;
mod create;
mod rules;

use std::collections::HashMap;

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use db::{Json, Tx};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::columns::{Column, Status};
use crate::{Key, Result};

pub use change::delete;
pub(crate) use change::{grow, lose_column, rename_column};
pub use create::create;
pub(crate) use create::{go_on, set_status};

kernel::choices! {
    /// Purpose of an index.
    pub enum IndexKind {
        /// Comparisons and order.
        Key = "key",
        /// Words of texts.
        Fulltext = "fulltext",
        /// Comparisons and order; no two rows have the same values.
        Unique = "unique",
        /// Places.
        Spatial = "spatial",
    }
}

/// Specification of an index, stored in the catalog as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexSpec {
    /// Purpose.
    pub kind: IndexKind,
    /// The keys of its columns; also `$id`, `$createdAt`, `$updatedAt`.
    pub columns: Vec<String>,
    /// Requested prefix lengths, in characters; the whole text is indexed all the same.
    pub lengths: Vec<Option<u32>>,
    /// `ASC` or `DESC` for each column; fewer if the rest is in no order of its maker's.
    pub orders: Vec<String>,
    /// Whether it takes no notice of the case of ASCII letters: a unique index that folds.
    #[serde(default)]
    pub folded: bool,
}

db::table! {
    /// The catalog's entry of an index.
    pub(crate) struct Entry in indexes as Indexes {
        /// Its number, part of its name in SQL.
        pub(crate) seq: i64 => Seq,
        /// The number of its table.
        pub(crate) table_seq: i64 => TableSeq,
        /// Its name on the wire.
        pub(crate) key: Key => Key,
        /// Specification, as JSON.
        pub(crate) spec: Json<IndexSpec> => Spec,
        /// The name of its type, for queries; so are the keys of its columns.
        pub(crate) r#type: String => Type,
        /// The keys of its columns.
        pub(crate) columns: Json<Vec<String>> => Columns,
        /// Whether it can be used.
        pub(crate) status: Status => Status,
        /// Why its making or deletion failed.
        pub(crate) error: String => Error,
        /// The last row that the job that builds it has seen.
        pub(crate) progress: i64 => Progress,
        /// Creation time.
        pub(crate) created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub(crate) updated_at: Timestamp => UpdatedAt,
    }
}

impl From<Entry> for Index {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            key: entry.key,
            spec: entry.spec.0,
            status: entry.status,
            error: entry.error,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

impl db::FromRow for Index {
    fn from_row(row: &db::Row<'_>) -> std::result::Result<Self, db::Error> {
        Entry::from_row(row).map(Self::from)
    }
}

/// The indexes of a table, in the order of making.
pub(crate) fn of_table(tx: &mut Tx<'_>, table: i64) -> Result<Vec<Index>> {
    let mut select = all_of(table);
    select.order_by(Indexes::Seq, Order::Asc);
    Ok(tx.all::<Index>(&select)?)
}

/// The indexes of some tables, each in the order of making.
pub fn of_tables(tx: &mut Tx<'_>, tables: impl IntoIterator<Item = i64>) -> Result<HashMap<i64, Vec<Index>>> {
    let mut select = Entry::select();
    select.and_where(Expr::col(Indexes::TableSeq).is_in(tables));
    select.order_by(Indexes::Seq, Order::Asc);
    let mut by_table: HashMap<i64, Vec<Index>> = HashMap::new();
    for entry in tx.all::<Entry>(&select)? {
        by_table.entry(entry.table_seq).or_default().push(entry.into());
    }
    Ok(by_table)
}

/// Selects the indexes of a table, unsorted, for a list.
pub fn all_of(table: i64) -> SelectStatement {
    let mut select = Entry::select();
    select.and_where(Expr::col(Indexes::TableSeq).eq(table));
    select
}

/// What may be asked of lists of indexes. Their key is their id.
pub fn queryable() -> Queryable {
    Queryable::new(Indexes::Key)
        .text("key", Indexes::Key)
        .text("type", Indexes::Type)
        .text("status", Indexes::Status)
        .texts("columns", Indexes::Columns)
        .texts("attributes", Indexes::Columns)
        .text("error", Indexes::Error)
        .integer("$sequence", Indexes::Seq)
        .datetime("$createdAt", Indexes::CreatedAt)
        .datetime("$updatedAt", Indexes::UpdatedAt)
}

/// An index of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its number, part of its name in SQL.
    pub seq: i64,
    /// Its name on the wire.
    pub key: Key,
    /// Specification, as requested.
    pub spec: IndexSpec,
    /// Whether it can be used.
    pub status: Status,
    /// Why its making or deletion failed; empty otherwise.
    pub error: String,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Index {
    /// Whether a column is part of it.
    pub fn has(&self, column: &Key) -> bool {
        self.spec.columns.iter().any(|key| key == column.as_str())
    }
}

impl IndexSpec {
    /// The order of the column at a place.
    pub fn order(&self, position: usize) -> &str {
        self.orders.get(position).map_or("ASC", String::as_str)
    }

    /// Whether another index would be no different.
    fn is_same(&self, other: &Self) -> bool {
        let orders = (0..self.columns.len()).all(|position| self.order(position) == other.order(position));
        (self.kind, self.folded, &self.columns) == (other.kind, other.folded, &other.columns) && orders
    }
}

/// Whether an index of this kind over these columns is derived, so that SQL has no index of its own for it.
pub(crate) fn is_derived(kind: IndexKind, columns: &[&Column]) -> bool {
    match kind {
        IndexKind::Fulltext | IndexKind::Spatial => true,
        IndexKind::Key | IndexKind::Unique => columns.iter().any(|column| column.spec.array),
    }
}

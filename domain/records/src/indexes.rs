//! Indexes, for fast queries and for unique values.

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
pub(crate) use change::{grow, remove_column, rename_column};
pub use create::create;
pub(crate) use create::{build_step, set_status};

kernel::choices! {
    /// Type of an index.
    pub enum IndexKind {
        /// For comparisons and order.
        Key = "key",
        /// For full-text search.
        Fulltext = "fulltext",
        /// For comparisons and order; no two rows can have the same values.
        Unique = "unique",
        /// For spatial queries.
        Spatial = "spatial",
    }
}

/// Specification of an index, stored in the catalog as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexSpec {
    /// Type.
    pub kind: IndexKind,
    /// The keys of its columns; also `$id`, `$createdAt`, `$updatedAt`.
    pub columns: Vec<String>,
    /// Requested prefix lengths, in characters. They count for the limits only: the complete text is indexed.
    pub lengths: Vec<Option<u32>>,
    /// `ASC` or `DESC` for each column; `ASC` for columns without an entry.
    pub orders: Vec<String>,
    /// Whether the case of ASCII letters is ignored: only for unique indexes.
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
        /// The index's key on the wire.
        pub(crate) key: Key => Key,
        /// Specification, as JSON.
        pub(crate) spec: Json<IndexSpec> => Spec,
        /// Name of its type. This and the keys of its columns are used in queries of lists.
        pub(crate) r#type: String => Type,
        /// The keys of its columns.
        pub(crate) columns: Json<Vec<String>> => Columns,
        /// Status.
        pub(crate) status: Status => Status,
        /// Reason of a failed creation or deletion.
        pub(crate) error: String => Error,
        /// Number of the last row that the job building the index has added.
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

/// The indexes of a table, in the order of creation.
pub(crate) fn of_table(tx: &mut Tx<'_>, table: i64) -> Result<Vec<Index>> {
    let mut select = all_of(table);
    select.order_by(Indexes::Seq, Order::Asc);
    Ok(tx.all::<Index>(&select)?)
}

/// The indexes of several tables, in the order of creation.
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

/// Query for the indexes of a table, unsorted, for a list.
pub fn all_of(table: i64) -> SelectStatement {
    let mut select = Entry::select();
    select.and_where(Expr::col(Indexes::TableSeq).eq(table));
    select
}

/// Attributes by which indexes can be queried. `$id` is their key.
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
    /// The index's key on the wire.
    pub key: Key,
    /// Specification, as requested.
    pub spec: IndexSpec,
    /// Status.
    pub status: Status,
    /// Reason of a failed creation or deletion; empty otherwise.
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
    /// The order of the column at a position.
    pub fn order(&self, position: usize) -> &str {
        self.orders.get(position).map_or("ASC", String::as_str)
    }

    /// Whether another specification describes the same index.
    fn is_same(&self, other: &Self) -> bool {
        let orders = (0..self.columns.len()).all(|position| self.order(position) == other.order(position));
        (self.kind, self.folded, &self.columns) == (other.kind, other.folded, &other.columns) && orders
    }
}

/// Whether an index of this type over these columns uses derived values instead of an SQL index.
pub(crate) fn is_derived(kind: IndexKind, columns: &[&Column]) -> bool {
    match kind {
        IndexKind::Fulltext | IndexKind::Spatial => true,
        IndexKind::Key | IndexKind::Unique => columns.iter().any(|column| column.spec.array),
    }
}

//! Indexes: what makes a query quick, and what keeps values unique.

use db::sea_query::{Expr, ExprTrait, Order, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::columns::Status;
use crate::{Error, Key, Result, Table, physical, tables};

kernel::choices! {
    /// What an index is for.
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

/// What an index is, as its maker said: what the catalog keeps as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexSpec {
    /// What it is for.
    pub kind: IndexKind,
    /// The keys of its columns; also `$id`, `$createdAt`, `$updatedAt`.
    pub columns: Vec<String>,
    /// How many characters of each text it holds, as its maker said; the whole text is indexed all the same.
    pub lengths: Vec<Option<u32>>,
    /// `ASC` or `DESC` for each column.
    pub orders: Vec<String>,
    /// Whether it takes no notice of case: a unique index that folds.
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
        /// What it is.
        pub(crate) spec: Json<IndexSpec> => Spec,
        /// Whether it can be used.
        pub(crate) status: Status => Status,
        /// Why its making or deletion failed.
        pub(crate) error: String => Error,
        /// When it was made.
        pub(crate) created_at: Timestamp => CreatedAt,
        /// When it was last changed.
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

/// The indexes of a table, in the order of making.
pub(crate) fn of_table(tx: &mut Tx<'_>, table: i64) -> Result<Vec<Index>> {
    let mut select = Entry::select();
    select.and_where(Expr::col(Indexes::TableSeq).eq(table));
    select.order_by(Indexes::Seq, Order::Asc);
    Ok(tx.all::<Entry>(&select)?.into_iter().map(Index::from).collect())
}

/// An index of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its number, part of its name in SQL.
    pub seq: i64,
    /// Its name on the wire.
    pub key: Key,
    /// What it is.
    pub spec: IndexSpec,
    /// Whether it can be used.
    pub status: Status,
    /// Why its making or deletion failed; empty otherwise.
    pub error: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Adds an index to a table, and builds it.
///
/// Fails with [`Error::IndexExists`](crate::Error::IndexExists) if the table has one of this key.
pub fn create(tx: &mut Tx<'_>, table: &Table, key: &Key, spec: IndexSpec) -> Result<Index> {
    if table
        .indexes
        .iter()
        .any(|index| index.key.as_str().eq_ignore_ascii_case(key.as_str()))
    {
        return Err(Error::IndexExists(key.to_string()));
    }
    let now = tx.now();
    let insert = Query::insert()
        .into_table(Indexes::Table)
        .columns([
            Indexes::TableSeq,
            Indexes::Key,
            Indexes::Spec,
            Indexes::Status,
            Indexes::Error,
            Indexes::CreatedAt,
            Indexes::UpdatedAt,
        ])
        .values_panic([
            table.names.seq.into(),
            key.into(),
            db::value(&Json(&spec)).into(),
            db::value(&Status::Available).into(),
            "".into(),
            db::value(&now).into(),
            db::value(&now).into(),
        ])
        .returning_col(Indexes::Seq)
        .take();
    let seq = tx.one::<i64>(&insert)?;
    let index = Index {
        seq,
        key: key.clone(),
        spec,
        status: Status::Available,
        error: String::new(),
        created_at: now,
        updated_at: now,
    };
    physical::create_index(tx, table, &index)?;
    tables::outdate(tx, table.names.seq)?;
    Ok(index)
}

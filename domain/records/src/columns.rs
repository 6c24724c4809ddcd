//! Columns: what a table's rows hold, and the rules that values keep.

mod kind;

use db::sea_query::{Expr, ExprTrait, Order, Query};
use db::{Json, Tx};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, Key, Result, Table, physical, tables};

pub use kind::{Kind, OnDelete, RelationKind, Relationship, Side, Stored};

kernel::choices! {
    /// How far the making or the unmaking of a column or an index is.
    pub enum Status {
        /// It can be used.
        Available = "available",
        /// It is being made.
        Processing = "processing",
        /// It is being deleted.
        Deleting = "deleting",
        /// Its deletion failed.
        Stuck = "stuck",
        /// Its making failed.
        Failed = "failed",
    }
}

db::text_value!(Status, Status::parse);

/// What a column is, as its maker said: what the catalog keeps as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// What it holds.
    #[serde(flatten)]
    pub kind: Kind,
    /// Whether every row has a value.
    pub required: bool,
    /// Whether a row has a list of values.
    pub array: bool,
    /// The value of rows that are made without one.
    pub default: Option<Value>,
    /// Whether values are sealed in the database; then they cannot be queried.
    #[serde(default)]
    pub encrypt: bool,
}

impl Spec {
    /// What one side of a relationship is.
    pub(crate) fn relating(relationship: Relationship) -> Self {
        Self {
            kind: Kind::Relationship(relationship),
            required: false,
            array: false,
            default: None,
            encrypt: false,
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name on the wire.
    pub key: Key,
    /// What it is.
    pub spec: Spec,
    /// Whether it can be used.
    pub status: Status,
    /// Why its making or deletion failed; empty otherwise.
    pub error: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

db::table! {
    /// The catalog's entry of a column.
    pub(crate) struct Entry in columns as Columns {
        /// Its number, in the order of making.
        pub(crate) seq: i64 => Seq,
        /// The number of its table.
        pub(crate) table_seq: i64 => TableSeq,
        /// Its name on the wire.
        pub(crate) key: Key => Key,
        /// What it is.
        pub(crate) spec: Json<Spec> => Spec,
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

impl From<Entry> for Column {
    fn from(entry: Entry) -> Self {
        Self {
            key: entry.key,
            spec: entry.spec.0,
            status: entry.status,
            error: entry.error,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

/// The columns of a table, in the order of making.
pub(crate) fn of_table(tx: &mut Tx<'_>, table: i64) -> Result<Vec<Column>> {
    let mut select = Entry::select();
    select.and_where(Expr::col(Columns::TableSeq).eq(table));
    select.order_by(Columns::Seq, Order::Asc);
    Ok(tx.all::<Entry>(&select)?.into_iter().map(Column::from).collect())
}

impl Column {
    /// Whether rows hold a value of it: it is there, and no relationship whose other side holds it.
    pub fn is_stored(&self) -> bool {
        self.status == Status::Available && self.spec.kind.is_stored()
    }

    /// Whether clients do not see it: the other side of a one-way relationship.
    pub fn is_hidden(&self) -> bool {
        let relationship = self.spec.kind.relationship();
        relationship.is_some_and(Relationship::is_hidden)
    }

    /// Its name in SQL. Keys never begin with `_`, so names of our own do; those that PostgreSQL gives to columns of its
    /// own in every table are set apart.
    pub fn name(&self) -> String {
        name_of(&self.key)
    }
}

/// The name in SQL of the column with a key: see [`Column::name`].
pub(crate) fn name_of(key: &Key) -> String {
    let key = key.as_str();
    let reserved = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "rowid"];
    if reserved.iter().any(|name| key.eq_ignore_ascii_case(name)) {
        format!("_{key}")
    } else {
        key.to_owned()
    }
}

/// Adds a column to a table; rows that are there have no value of it.
///
/// Fails with [`Error::ColumnExists`](crate::Error::ColumnExists) if the table has one of this key, whatever its case.
pub fn create(tx: &mut Tx<'_>, table: &Table, key: &Key, spec: Spec) -> Result<Column> {
    if table
        .columns
        .iter()
        .any(|column| column.key.as_str().eq_ignore_ascii_case(key.as_str()))
    {
        return Err(Error::ColumnExists(key.to_string()));
    }
    let now = tx.now();
    let column = Column {
        key: key.clone(),
        spec,
        status: Status::Available,
        error: String::new(),
        created_at: now,
        updated_at: now,
    };
    let insert = Query::insert()
        .into_table(Columns::Table)
        .columns([
            Columns::TableSeq,
            Columns::Key,
            Columns::Spec,
            Columns::Status,
            Columns::Error,
            Columns::CreatedAt,
            Columns::UpdatedAt,
        ])
        .values_panic([
            table.names.seq.into(),
            key.into(),
            db::value(&Json(&column.spec)).into(),
            db::value(&column.status).into(),
            "".into(),
            db::value(&now).into(),
            db::value(&now).into(),
        ])
        .take();
    tx.execute(&insert)?;
    if column.is_stored() {
        physical::add_column(tx, &table.names, &column)?;
    }
    tables::outdate(tx, table.names.seq)?;
    Ok(column)
}

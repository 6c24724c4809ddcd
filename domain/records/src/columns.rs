//! Columns of tables: their types and the rules for their values.

mod create;
mod delete;
mod kind;
mod rules;
mod update;

use std::collections::HashMap;

use db::list::Queryable;
use db::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use db::{Json, Tx};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Key, Result};

pub use create::create;
pub(crate) use create::insert;
pub use delete::delete;
pub(crate) use delete::{forget, set_status};
pub use kind::{Kind, OnDelete, RelationKind, Relationship, Side, Stored};
pub(crate) use rules::check_bounds;
pub use rules::{MAX_VARCHAR, MAX_WIDTH, width};
pub use update::{Change, update};

kernel::choices! {
    /// Progress of the creation or deletion of a column or an index.
    pub enum Status {
        /// Usable.
        Available = "available",
        /// Being created.
        Processing = "processing",
        /// Being deleted.
        Deleting = "deleting",
        /// The deletion failed.
        Stuck = "stuck",
        /// The creation failed.
        Failed = "failed",
    }
}

db::text_value!(Status, Status::parse);

/// Specification of a column, stored in the catalog as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Type of its values.
    #[serde(flatten)]
    pub kind: Kind,
    /// Whether a value is required.
    pub required: bool,
    /// Whether values are lists.
    pub array: bool,
    /// The value of new rows without one.
    pub default: Option<Value>,
    /// Whether values are encrypted in the database; such columns cannot be queried.
    #[serde(default)]
    pub encrypt: bool,
}

impl Spec {
    /// Specification of one side of a relationship.
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
    /// The column's key on the wire.
    pub key: Key,
    /// Specification, as requested.
    pub spec: Spec,
    /// Status.
    pub status: Status,
    /// Reason of a failed creation or deletion; empty otherwise.
    pub error: String,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

db::table! {
    /// The catalog's entry of a column.
    pub(crate) struct Entry in columns as Columns {
        /// Its number, ascending in the order of creation.
        pub(crate) seq: i64 => Seq,
        /// The number of its table.
        pub(crate) table_seq: i64 => TableSeq,
        /// The column's key on the wire.
        pub(crate) key: Key => Key,
        /// Specification, as JSON.
        pub(crate) spec: Json<Spec> => Spec,
        /// Name of its type. This and the next four are used in queries of lists.
        pub(crate) r#type: String => Type,
        /// Size in characters; 0 for types other than text.
        pub(crate) size: i64 => Size,
        /// Whether a value is required.
        pub(crate) required: bool => Required,
        /// Whether values are lists.
        pub(crate) array: bool => Array,
        /// Whether it is hidden from clients.
        pub(crate) hidden: bool => Hidden,
        /// Status.
        pub(crate) status: Status => Status,
        /// Reason of a failed creation or deletion.
        pub(crate) error: String => Error,
        /// Creation time.
        pub(crate) created_at: Timestamp => CreatedAt,
        /// Time of the last change.
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

impl db::FromRow for Column {
    fn from_row(row: &db::Row<'_>) -> std::result::Result<Self, db::Error> {
        Entry::from_row(row).map(Self::from)
    }
}

/// The columns of a table, in the order of creation.
pub(crate) fn of_table(tx: &mut Tx<'_>, table: i64) -> Result<Vec<Column>> {
    let mut select = Entry::select();
    select.and_where(Expr::col(Columns::TableSeq).eq(table));
    select.order_by(Columns::Seq, Order::Asc);
    Ok(tx.all::<Column>(&select)?)
}

/// The visible columns of several tables, in the order of creation.
pub fn of_tables(tx: &mut Tx<'_>, tables: impl IntoIterator<Item = i64>) -> Result<HashMap<i64, Vec<Column>>> {
    let mut select = Entry::select();
    select.and_where(Expr::col(Columns::TableSeq).is_in(tables));
    select.and_where(Expr::col(Columns::Hidden).eq(false));
    select.order_by(Columns::Seq, Order::Asc);
    let mut by_table: HashMap<i64, Vec<Column>> = HashMap::new();
    for entry in tx.all::<Entry>(&select)? {
        by_table.entry(entry.table_seq).or_default().push(entry.into());
    }
    Ok(by_table)
}

/// Query for the visible columns of a table, unsorted, for a list.
pub fn all_of(table: i64) -> SelectStatement {
    let mut select = Entry::select();
    select.and_where(Expr::col(Columns::TableSeq).eq(table));
    select.and_where(Expr::col(Columns::Hidden).eq(false));
    select
}

/// Attributes by which columns can be queried. `$id` is their key.
pub fn queryable() -> Queryable {
    Queryable::new(Columns::Key)
        .text("key", Columns::Key)
        .text("type", Columns::Type)
        .integer("size", Columns::Size)
        .boolean("required", Columns::Required)
        .boolean("array", Columns::Array)
        .text("status", Columns::Status)
        .text("error", Columns::Error)
        .integer("$sequence", Columns::Seq)
        .datetime("$createdAt", Columns::CreatedAt)
        .datetime("$updatedAt", Columns::UpdatedAt)
}

impl Spec {
    /// The size for queries of the catalog.
    pub(crate) fn size(&self) -> i64 {
        self.kind.size().map_or(0, i64::from)
    }
}

impl Column {
    /// An available column, without creation time.
    pub fn new(key: Key, spec: Spec) -> Self {
        Self {
            key,
            spec,
            status: Status::Available,
            error: String::new(),
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    /// Whether rows store a value of it: it is available, and not a relationship that the other side stores.
    pub fn is_stored(&self) -> bool {
        self.status == Status::Available && self.spec.kind.is_stored()
    }

    /// Whether it is hidden from clients: the child side of a one-way relationship.
    pub fn is_hidden(&self) -> bool {
        let relationship = self.spec.kind.relationship();
        relationship.is_some_and(Relationship::is_hidden)
    }

    /// Its name in SQL. Keys cannot begin with `_`, which is reserved for internal columns; keys that equal
    /// PostgreSQL's system columns get the prefix `_`.
    pub fn name(&self) -> String {
        name_of(&self.key)
    }
}

/// The name in SQL of the column with this key: see [`Column::name`].
pub(crate) fn name_of(key: &Key) -> String {
    let key = key.as_str();
    let reserved = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "rowid"];
    if reserved.iter().any(|name| key.eq_ignore_ascii_case(name)) {
        format!("_{key}")
    } else {
        key.to_owned()
    }
}

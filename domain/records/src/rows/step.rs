//! One act on rows, as data: done at once, or staged in a transaction and done when it commits.

use std::sync::Arc;

use db::Tx;
use kernel::Timestamp;
use kernel::permission::Permissions;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{Change, Count, NewRow, Record, Walk, bulk, create, delete, increment, update, upsert};
use crate::{Access, Catalog, Result, RowId, Table};

kernel::choices! {
    /// Change to a row, as in event names.
    pub enum What {
        /// It was made.
        Create = "create",
        /// It was changed.
        Update = "update",
        /// It was made or changed.
        Upsert = "upsert",
        /// It was deleted.
        Delete = "delete",
    }
}

/// Hears of each row that an act wrote, in the act's own transaction.
pub type RowObserver<'e> = &'e mut dyn FnMut(&mut Tx<'_>, &Table, What, &Record) -> Result<()>;

/// An act on rows of one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum Step {
    /// Makes a row.
    Create(NewRow),
    /// Changes a row.
    Update {
        /// The row.
        id: RowId,
        /// The values that change.
        data: Map<String, Json>,
        /// New permissions; `None` to keep.
        permissions: Option<Permissions>,
    },
    /// Makes or changes a row.
    Upsert(NewRow),
    /// Deletes a row.
    Delete {
        /// The row.
        id: RowId,
    },
    /// Counts a number of a row up or down.
    Increment {
        /// The row.
        id: RowId,
        /// Increment.
        count: Count,
    },
    /// Makes rows.
    BulkCreate {
        /// The rows.
        rows: Vec<NewRow>,
    },
    /// Makes or changes rows.
    BulkUpsert {
        /// The rows.
        rows: Vec<NewRow>,
    },
    /// Changes the rows that queries find.
    BulkUpdate {
        /// The queries.
        queries: Vec<String>,
        /// The values that change.
        data: Map<String, Json>,
        /// New permissions; `None` to keep.
        permissions: Option<Permissions>,
    },
    /// Deletes the rows that queries find.
    BulkDelete {
        /// The queries.
        queries: Vec<String>,
    },
}

impl Step {
    /// The one row that it is about; none for steps on several.
    pub fn row(&self) -> Option<&RowId> {
        match self {
            Self::Create(row) | Self::Upsert(row) => Some(&row.id),
            Self::Update { id, .. } | Self::Delete { id } | Self::Increment { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Values for the single row of this step.
    pub fn data(&self) -> Option<&Map<String, Json>> {
        match self {
            Self::Create(row) | Self::Upsert(row) => Some(&row.data),
            Self::Update { data, .. } => Some(data),
            _ => None,
        }
    }

    /// Whether it is about the rows that queries find, of which there may be many.
    pub fn is_walk(&self) -> bool {
        matches!(self, Self::BulkUpdate { .. } | Self::BulkDelete { .. })
    }

    /// Whether it makes a row of this id among several.
    pub fn makes(&self, id: &RowId) -> bool {
        match self {
            Self::BulkCreate { rows } | Self::BulkUpsert { rows } => rows.iter().any(|row| row.id == *id),
            _ => false,
        }
    }

    /// Does it whole, in this transaction. If `read_at` is given, rows that are there must not have been changed later.
    pub fn run(
        &self,
        tx: &mut Tx<'_>,
        catalog: &Catalog,
        table: &Table,
        access: &Access,
        read_at: Option<Timestamp>,
        observer: RowObserver<'_>,
    ) -> Result<()> {
        let (what, record) = match self {
            Self::Create(row) => (What::Create, create(tx, table, access, row)?),
            Self::Update { id, data, permissions } => {
                let change = Change {
                    data,
                    permissions: permissions.as_ref(),
                    read_at,
                };
                (What::Update, update(tx, table, access, id, &change)?)
            }
            Self::Upsert(row) => (What::Upsert, upsert(tx, table, access, row, read_at)?),
            Self::Delete { id } => (What::Delete, delete(tx, table, access, id, read_at)?),
            Self::Increment { id, count } => (What::Update, increment(tx, table, access, id, count, read_at)?),
            Self::BulkCreate { rows } => return bulk::create(tx, table, rows, observer),
            Self::BulkUpsert { rows } => return bulk::upsert(tx, table, rows, read_at, observer),
            Self::BulkUpdate { .. } | Self::BulkDelete { .. } => {
                let mut walk = Walk::begin(tx, catalog, table, Arc::new(self.clone()), read_at)?;
                while walk.go_on(tx, catalog, table, observer)? {}
                return Ok(());
            }
        };
        observer(tx, table, what, &record)
    }
}

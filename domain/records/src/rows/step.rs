//! One act on rows, as data: done at once, or staged in a transaction and done when it commits.

use kernel::permission::Permissions;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{Count, NewRow};
use crate::RowId;

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
}

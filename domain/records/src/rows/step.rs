//! Steps: acts on rows as data, to be run immediately or staged in a transaction.

use kernel::permission::Permissions;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::operators::Operator;
use super::{Count, NewRow};
use crate::RowId;

/// An act on rows of one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum Step {
    /// Creates a row.
    Create(NewRow),
    /// Changes a row.
    Update {
        /// ID of the row.
        id: RowId,
        /// The changed values.
        data: Map<String, Json>,
        /// New permissions; `None` to keep.
        permissions: Option<Permissions>,
    },
    /// Creates or changes a row.
    Upsert(NewRow),
    /// Deletes a row.
    Delete {
        /// ID of the row.
        id: RowId,
    },
    /// Increments or decrements a number of a row.
    Increment {
        /// ID of the row.
        id: RowId,
        /// Increment.
        count: Count,
    },
    /// Creates rows.
    BulkCreate {
        /// The rows.
        rows: Vec<NewRow>,
    },
    /// Creates or changes rows.
    BulkUpsert {
        /// The rows.
        rows: Vec<NewRow>,
    },
    /// Changes the rows that match queries.
    BulkUpdate {
        /// The queries.
        queries: Vec<String>,
        /// The changed values.
        data: Map<String, Json>,
        /// New permissions; `None` to keep.
        permissions: Option<Permissions>,
    },
    /// Deletes the rows that match queries.
    BulkDelete {
        /// The queries.
        queries: Vec<String>,
    },
}

impl Step {
    /// ID of the single row; none for steps on several rows.
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

    /// Permissions for the single row of this step, if it names them.
    pub fn permissions(&self) -> Option<&Permissions> {
        match self {
            Self::Create(row) | Self::Upsert(row) => row.permissions.as_ref(),
            Self::Update { permissions, .. } => permissions.as_ref(),
            _ => None,
        }
    }

    /// Whether it replaces the value of this column by one of the request. An operator does not: its result depends on
    /// the value before.
    pub(crate) fn sets(&self, column: &str) -> bool {
        let given = self.data().and_then(|data| data.get(column));
        let has_operators = !matches!(self, Self::Create(_));
        given.is_some_and(|given| !(has_operators && Operator::is_one(column, given)))
    }

    /// Whether it is a bulk step that creates a row with this ID.
    pub fn makes(&self, id: &RowId) -> bool {
        match self {
            Self::BulkCreate { rows } | Self::BulkUpsert { rows } => rows.iter().any(|row| row.id == *id),
            _ => false,
        }
    }
}

//! Test cases, serializable as JSON for a replay.

use kernel::Timestamp;
use records::Key;
use records::columns::Spec;
use records::indexes::IndexSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A table and its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct World {
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<IndexSpec>,
    /// The table's permissions.
    pub(crate) permissions: Vec<String>,
    pub(crate) row_security: bool,
    pub(crate) rows: Vec<NewRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) key: Key,
    pub(crate) spec: Spec,
}

/// A row as created by a server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewRow {
    pub(crate) id: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) data: Map<String, Value>,
    /// Milliseconds before its creation.
    pub(crate) after: u64,
}

/// Queries on the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) caller: Caller,
    /// JSON objects, which are sent as texts.
    pub(crate) queries: Vec<Value>,
    pub(crate) total: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Caller {
    Server,
    Client { user: Option<String>, roles: Vec<String> },
}

impl Caller {
    /// Whether any of the permissions grants the caller an action.
    pub(crate) fn granted(&self, action: &str, permissions: &[String]) -> bool {
        match self {
            Self::Server => true,
            Self::Client { roles, .. } => {
                let mut wanted = roles.iter().map(|role| format!("{action}(\"{role}\")"));
                wanted.any(|one| permissions.contains(&one))
            }
        }
    }
}

impl World {
    pub(crate) fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.key.as_str() == key)
    }
}

/// A page, or an error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    Page { total: i64, rows: Vec<Value> },
    Refused { kind: String, message: String },
}

/// A change of a row, with its caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) caller: Caller,
    pub(crate) act: Act,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Act {
    Create {
        id: String,
        data: Map<String, Value>,
        permissions: Option<Vec<String>>,
    },
    Update {
        id: String,
        data: Map<String, Value>,
        permissions: Option<Vec<String>>,
        read_at: Option<Timestamp>,
    },
    Upsert {
        id: String,
        data: Map<String, Value>,
        permissions: Option<Vec<String>>,
    },
    Delete {
        id: String,
        read_at: Option<Timestamp>,
    },
    Count(Count),
}

/// An increment or decrement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) id: String,
    pub(crate) column: String,
    pub(crate) by: serde_json::Number,
    pub(crate) down: bool,
    pub(crate) bound: Option<serde_json::Number>,
}

/// A table with a sequence of queries and changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Step {
    Ask(Case),
    Do(Change),
}

//! Contents of a case, as JSON that can be pasted into a replay.

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

/// A row as a server makes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewRow {
    pub(crate) id: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) data: Map<String, Value>,
    /// Milliseconds that pass before it is made.
    pub(crate) after: u64,
}

/// A question to the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) caller: Caller,
    /// As clients send them, before they become texts.
    pub(crate) queries: Vec<Value>,
    pub(crate) total: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Caller {
    Server,
    Client { user: Option<String>, roles: Vec<String> },
}

impl Caller {
    /// Whether any of these permissions grants an action to them.
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

/// A page, or the type of the error in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    Page { total: i64, rows: Vec<Value> },
    Refused { kind: String, message: String },
}

/// A change of rows, and who makes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deed {
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

/// A number counted up or down.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) id: String,
    pub(crate) column: String,
    pub(crate) by: serde_json::Number,
    pub(crate) down: bool,
    pub(crate) bound: Option<serde_json::Number>,
}

/// A table, and what happens to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Step {
    Ask(Case),
    Do(Deed),
}

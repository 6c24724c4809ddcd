//! Events: what an act did, in the words that subscribers listen for.

use serde::{Deserialize, Serialize};

/// One thing that happened, written to the change log in the transaction that made it happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The concrete name: `users.<id>.sessions.<id>.create`.
    pub name: String,
    /// The thing as it is after the act (as it was, for a deletion), in the shape that leaves the server.
    pub payload: serde_json::Value,
    /// The id of who did it; none for the server itself.
    pub actor: Option<String>,
}

//! Events: what an act did, in the words that subscribers listen for.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// One thing that happened, written to the change log in the transaction that made it happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The concrete name: `users.<id>.sessions.<id>.create`.
    pub name: String,
    /// The thing as it is after the act (as it was, for a deletion), in the shape that leaves the server.
    pub payload: Payload,
    /// The id of who did it; none for the server itself.
    pub actor: Option<String>,
    /// The roles that may be told, as a JSON list; none where the name alone says who they are.
    pub readers: Option<String>,
}

/// JSON that is written already: it is made once, for the answer, and passed on without being read.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(Box<str>);

impl Payload {
    /// Takes what is known to be JSON.
    pub fn written(json: impl Into<Box<str>>) -> Self {
        Self(json.into())
    }

    /// The JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The JSON as a tree.
    pub fn tree(&self) -> serde_json::Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<serde_json::Value> for Payload {
    fn from(tree: serde_json::Value) -> Self {
        Self(tree.to_string().into())
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|raw| Self(raw.into()))
    }
}

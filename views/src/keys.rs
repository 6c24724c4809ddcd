//! API keys and development keys.

use api::Date;
use kernel::Timestamp;

api::model! {
    /// An API key of a server.
    pub struct Key as "key" {
        /// Key ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Name.
        name: String = "name",
        /// Expiry time; empty if it does not expire.
        expire: Date = "expire",
        /// Scopes.
        scopes: Vec<String> = "scopes",
        /// Secret of the key; empty for callers who may not create such a key.
        secret: String = "secret",
        /// Time of last use, accurate to about a day.
        accessed_at: Date = "accessedAt",
        /// SDKs that have used it.
        sdks: Vec<String> = "sdks",
    }
}

api::model! {
    /// A development key.
    pub struct DevKey as "devKey" {
        /// Key ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Name.
        name: String = "name",
        /// Expiry time.
        expire: Timestamp = "expire",
        /// Secret of the key.
        secret: String = "secret",
        /// Time of last use, accurate to about a day.
        accessed_at: Date = "accessedAt",
        /// SDKs that have used it.
        sdks: Vec<String> = "sdks",
    }
}

/// The model of an API key; `secret` is its visible secret.
pub fn key(key: &projects::keys::Key, secret: String) -> Key {
    Key {
        id: key.id.to_string(),
        created_at: key.created_at,
        updated_at: key.updated_at,
        name: key.name.clone(),
        expire: Date(key.expire),
        scopes: key.scopes.0.iter().map(ToString::to_string).collect(),
        secret,
        accessed_at: Date(key.accessed_at),
        sdks: key.sdks.0.clone(),
    }
}

/// The model of a development key; `secret` is its visible secret.
pub fn dev_key(key: &projects::keys::DevKey, secret: String) -> DevKey {
    DevKey {
        id: key.id.to_string(),
        created_at: key.created_at,
        updated_at: key.updated_at,
        name: key.name.clone(),
        expire: key.expire,
        secret,
        accessed_at: Date(key.accessed_at),
        sdks: key.sdks.0.clone(),
    }
}

//! API keys and development keys.

use api::Date;
use kernel::Timestamp;

api::model! {
    /// A key of a server.
    pub struct Key as "key" {
        /// The key's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Expiry time; empty for never.
        expire: Date = "expire",
        /// Scopes.
        scopes: Vec<String> = "scopes",
        /// The key itself; empty for whom could not have made it.
        secret: String = "secret",
        /// The day it was last used, about.
        accessed_at: Date = "accessedAt",
        /// The SDKs that used it.
        sdks: Vec<String> = "sdks",
    }
}

api::model! {
    /// A key of a developer.
    pub struct DevKey as "devKey" {
        /// The key's id.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Its name.
        name: String = "name",
        /// Expiry time.
        expire: Timestamp = "expire",
        /// The key itself.
        secret: String = "secret",
        /// The day it was last used, about.
        accessed_at: Date = "accessedAt",
        /// The SDKs that used it.
        sdks: Vec<String> = "sdks",
    }
}

/// Shows a server's key, with what is to be seen of its secret.
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

/// Shows a developer's key, with what is to be seen of its secret.
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

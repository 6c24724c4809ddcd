//! Keys: credentials of the project's own servers.

use api::{Call, Created, Result};
use kernel::id::CustomId;
use kernel::param::{List, Text};
use kernel::{Scope, Timestamp};
use projects::KeyId;
use projects_api::keys::{self, KeySettings};
pub(crate) use projects_api::keys::{delete, get, list};

use crate::target::State;

kernel::params! {
    /// Parameters of a new key.
    pub(crate) struct CreateKey {
        /// ID of the key; `unique()` or omitted generates one.
        key_id: Option<CustomId<KeyId>> = "keyId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope> = "scopes",
        /// Expiry time; null if it does not expire.
        expire: Option<Timestamp> = "expire",
    }
}

kernel::params! {
    /// Parameters of a changed key.
    pub(crate) struct UpdateKey {
        /// ID of the key.
        key_id: KeyId = "keyId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope> = "scopes",
        /// Expiry time; null if it does not expire.
        expire: Option<Timestamp> = "expire",
    }
}

/// Creates a key.
pub(crate) async fn create(call: Call<State>, input: CreateKey) -> Result<Created<views::Key>> {
    let now = call.now();
    let id = input
        .key_id
        .map_or_else(|| KeyId::generate(now), |id| id.or_generate(now));
    let settings = KeySettings {
        name: input.name.0,
        scopes: input.scopes.0,
        expire: input.expire,
    };
    keys::create(&call, id, settings).await
}

/// Changes a key; its secret stays.
pub(crate) async fn update(call: Call<State>, input: UpdateKey) -> Result<views::Key> {
    let settings = KeySettings {
        name: input.name.0,
        scopes: input.scopes.0,
        expire: input.expire,
    };
    keys::update(&call, input.key_id, settings).await
}

//! Keys: what the project's own servers prove themselves with.

use api::{Call, Created, Result};
use kernel::id::CustomId;
use kernel::param::{List, Text};
use kernel::{Scope, Timestamp};
use projects::KeyId;
use projects_api::keys::{self, KeySettings};
pub(crate) use projects_api::keys::{delete, get, list};

use crate::target::State;

kernel::params! {
    /// A key to be.
    pub(crate) struct CreateKey {
        /// Its id, or `unique()`, which it is when left out.
        key_id: Option<CustomId<KeyId>> = "keyId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope> = "scopes",
        /// Expiry time; never if absent.
        expire: Option<Timestamp> = "expire",
    }
}

kernel::params! {
    /// A key changed.
    pub(crate) struct UpdateKey {
        /// Id of the key.
        key_id: KeyId = "keyId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope> = "scopes",
        /// Expiry time; never if absent.
        expire: Option<Timestamp> = "expire",
    }
}

/// Makes a key.
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

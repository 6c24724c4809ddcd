//! Keys: credentials of the project's own servers.

use std::time::Duration;

use api::{Call, Created, Date, Result};
use kernel::id::CustomId;
use kernel::param::{Int, List, Text};
use kernel::{Scope, Timestamp};
use projects::KeyId;
use projects_api::Wire;
use projects_api::keys::{self, KeySettings, ListKeys};
pub(crate) use projects_api::keys::{delete, get};

use crate::own::{Own, State};

kernel::params! {
    /// Parameters of a new key.
    pub(crate) struct CreateKey {
        /// Its ID, or `unique()`.
        key_id: CustomId<KeyId> = "keyId",
        /// Its name, at most 128 characters.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope, 200> = "scopes",
        /// Expiry time; null if it does not expire.
        expire: Option<Timestamp> = "expire",
    }
}

kernel::params! {
    /// Parameters of a changed key.
    pub(crate) struct UpdateKey {
        /// Its ID.
        key_id: KeyId = "keyId",
        /// Its name, at most 128 characters.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope, 200> = "scopes",
        /// Expiry time; null if it does not expire.
        expire: Option<Timestamp> = "expire",
    }
}

kernel::params! {
    /// Parameters of an ephemeral key.
    pub(crate) struct CreateEphemeralKey {
        /// Scopes.
        scopes: List<Scope, 200> = "scopes",
        /// Lifetime in seconds.
        duration: Int<1, 3600> = "duration",
    }
}

/// Lists the keys.
pub(crate) async fn list(call: Call<State>, input: ListKeys) -> Result<views::KeyList> {
    // The console is refused before the queries are read.
    Own::project(&call)?;
    keys::list(call, input).await
}

/// Creates a key.
pub(crate) async fn create(call: Call<State>, input: CreateKey) -> Result<Created<views::Key>> {
    // The console is refused before the scopes are checked.
    Own::project(&call)?;
    let id = input.key_id.or_generate(call.now());
    let settings = KeySettings {
        name: input.name.0,
        scopes: input.scopes.0,
        expire: input.expire,
    };
    keys::create(&call, id, settings).await
}

/// Changes a key; its secret stays.
pub(crate) async fn update(call: Call<State>, input: UpdateKey) -> Result<views::Key> {
    // The console is refused before the scopes are checked.
    Own::project(&call)?;
    let settings = KeySettings {
        name: input.name.0,
        scopes: input.scopes.0,
        expire: input.expire,
    };
    keys::update(&call, input.key_id, settings).await
}

/// Creates an ephemeral key, in the model of a stored one.
pub(crate) async fn create_ephemeral(call: Call<State>, input: CreateEphemeralKey) -> Result<Created<views::Key>> {
    let now = call.now();
    let seconds = input.duration.0.unsigned_abs();
    let (claims, token) = keys::sign(&call, "Ephemeral", input.scopes.0, seconds)?;
    Ok(Created(views::Key {
        id: KeyId::generate(now).to_string(),
        created_at: now,
        updated_at: now,
        name: claims.name,
        expire: Date(Some(now.plus(Duration::from_secs(seconds)))),
        scopes: claims.scopes,
        secret: format!("ephemeral_{token}"),
        accessed_at: Date(None),
        sdks: Vec::new(),
    }))
}

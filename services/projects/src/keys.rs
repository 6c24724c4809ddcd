//! Keys: what the project's own servers prove themselves with.

use api::{Call, Created, NoContent, Result};
use db::list::MAX_LIMIT;
use kernel::id::CustomId;
use kernel::param::{List, Text};
use kernel::query::Texts;
use kernel::{Scope, Timestamp};
use projects::keys::{self, Key};
use projects::{Error, KeyId};

use crate::projects::record_event;
use crate::{State, show};

kernel::params! {
    /// Parameters of the list of keys.
    pub(crate) struct ListKeys {
        /// Queries on `name`, `expire`, `accessedAt`, `$id`, `$createdAt` and `$updatedAt`.
        queries: Texts = "queries",
        /// Whether to count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// A key.
    pub(crate) struct GetKey {
        /// Id of the key.
        key_id: KeyId = "keyId",
    }
}

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

/// The project's keys: all of them, unless a limit is asked for.
pub(crate) async fn list(call: Call<State>, input: ListKeys) -> Result<views::KeyList> {
    let mut queries = input.queries.read("", input.total)?;
    queries.limit.get_or_insert(MAX_LIMIT);
    let project = call.target()?.id().clone();
    let page = call.read(move |tx| keys::list(tx, &project, &queries)).await?;
    let vault = &call.app.vault;
    Ok(views::KeyList {
        total: page.total,
        keys: page
            .rows
            .iter()
            .map(|key| show::key(vault, key))
            .collect::<Result<_>>()?,
    })
}

/// Makes a key.
pub(crate) async fn create(call: Call<State>, input: CreateKey) -> Result<Created<views::Key>> {
    let scopes = keys::grantable(input.scopes.0)?;
    let (now, vault) = (call.now(), &call.app.vault);
    let project = call.target()?.id().clone();
    let id = input
        .key_id
        .map_or_else(|| KeyId::generate(now), |id| id.or_generate(now));
    let key = Key::generate(id, &project, input.name.0, scopes, input.expire, vault, now);
    let shown = show::key(vault, &key)?;
    call.act_in_console(move |act| {
        keys::insert(act, &key)?;
        record_event(act, &project)
    })
    .await?;
    Ok(Created(shown))
}

/// A key.
pub(crate) async fn get(call: Call<State>, input: GetKey) -> Result<views::Key> {
    let keys = &call.target()?.keys;
    let found = keys.iter().find(|key| key.id == input.key_id);
    show::key(&call.app.vault, found.ok_or(Error::KeyNotFound)?)
}

/// Changes a key; its secret stays.
pub(crate) async fn update(call: Call<State>, input: UpdateKey) -> Result<views::Key> {
    let scopes = keys::grantable(input.scopes.0)?;
    let project = call.target()?.id().clone();
    let changed = call
        .act_in_console(move |act| {
            let key = keys::update(act, &project, &input.key_id, |key| {
                key.name = input.name.0;
                key.scopes.0 = scopes;
                key.expire = input.expire;
            })?;
            record_event(act, &project)?;
            Ok::<_, api::Error>(key)
        })
        .await?;
    show::key(&call.app.vault, &changed)
}

/// Revokes a key.
pub(crate) async fn delete(call: Call<State>, input: GetKey) -> Result<NoContent> {
    let project = call.target()?.id().clone();
    call.act_in_console(move |act| {
        keys::delete(act, &project, &input.key_id)?;
        record_event(act, &project)
    })
    .await?;
    Ok(NoContent)
}

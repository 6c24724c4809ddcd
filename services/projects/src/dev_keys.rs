//! Development keys: they lift the origin check and the rate limits during development of an app.

use api::{Call, Created, NoContent, Result};
use kernel::Timestamp;
use kernel::param::Text;
use kernel::query::Texts;
use projects::keys::{self, DevKey};
use projects::{DevKeyId, Error};
use projects_api::keys::{show_dev_key, show_listed_dev_key};
use projects_api::project::record_event;

use crate::target::State;

kernel::params! {
    /// Parameters of the list of development keys.
    pub(crate) struct ListDevKeys {
        /// Queries on `name`, `expire`, `accessedAt`, `$id`, `$createdAt` and `$updatedAt`.
        queries: Texts = "queries",
    }
}

kernel::params! {
    /// Parameters of the operations on one key.
    pub(crate) struct GetDevKey {
        /// ID of the key.
        key_id: DevKeyId = "keyId",
    }
}

kernel::params! {
    /// Parameters of a new key.
    pub(crate) struct CreateDevKey {
        /// Its name.
        name: Text<128, 1> = "name",
        /// Expiry time.
        expire: Timestamp = "expire",
    }
}

kernel::params! {
    /// Parameters of a changed key.
    pub(crate) struct UpdateDevKey {
        /// ID of the key.
        key_id: DevKeyId = "keyId",
        /// Its name.
        name: Text<128, 1> = "name",
        /// Expiry time.
        expire: Timestamp = "expire",
    }
}

/// Lists the development keys.
pub(crate) async fn list(call: Call<State>, input: ListDevKeys) -> Result<views::DevKeyList> {
    let queries = input.queries.read("", true)?;
    let project = call.target()?.id().clone();
    let page = call.read(move |tx| keys::dev_list(tx, &project, &queries)).await?;
    Ok(views::DevKeyList {
        total: page.total,
        dev_keys: page.rows.iter().map(show_listed_dev_key).collect(),
    })
}

/// Creates a development key.
pub(crate) async fn create(call: Call<State>, input: CreateDevKey) -> Result<Created<views::DevKey>> {
    let vault = &call.app.vault;
    let project = call.target()?.id().clone();
    let key = DevKey::generate(&project, input.name.0, input.expire, vault, call.now());
    let shown = show_dev_key(vault, &key)?;
    call.act_in_console(move |act| {
        keys::dev_insert(act, &key)?;
        record_event(act, &project)
    })
    .await?;
    Ok(Created(shown))
}

/// Returns a development key.
pub(crate) async fn get(call: Call<State>, input: GetDevKey) -> Result<views::DevKey> {
    let keys = &call.target()?.dev_keys;
    let found = keys.iter().find(|key| key.id == input.key_id);
    show_dev_key(&call.app.vault, found.ok_or(Error::KeyNotFound)?)
}

/// Changes a development key; its secret stays.
pub(crate) async fn update(call: Call<State>, input: UpdateDevKey) -> Result<views::DevKey> {
    let project = call.target()?.id().clone();
    let changed = call
        .act_in_console(move |act| {
            let key = keys::dev_update(act, &project, &input.key_id, |key| {
                key.name = input.name.0;
                key.expire = input.expire;
            })?;
            record_event(act, &project)?;
            Ok::<_, api::Error>(key)
        })
        .await?;
    show_dev_key(&call.app.vault, &changed)
}

/// Deletes a development key.
pub(crate) async fn delete(call: Call<State>, input: GetDevKey) -> Result<NoContent> {
    let project = call.target()?.id().clone();
    call.act_in_console(move |act| {
        keys::dev_delete(act, &project, &input.key_id)?;
        record_event(act, &project)
    })
    .await?;
    Ok(NoContent)
}

//! Keys: credentials of the project's own servers.

use api::identify::{KEY_JWT, KeyClaims};
use api::{Call, Created, NoContent, Refusal, Result};
use kernel::query::Texts;
use kernel::{Scope, Timestamp};
use projects::keys::{self, DevKey, Key};
use projects::{Error, KeyId};
use secrets::{Vault, jwt};

use crate::project::record_event;
use crate::{State, Wire};

kernel::params! {
    /// Parameters of the list of keys.
    pub struct ListKeys {
        /// Queries on `name`, `expire`, `accessedAt`, `$id`, `$createdAt` and `$updatedAt`.
        queries: Texts = "queries",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// Parameters of the operations on one key.
    pub struct GetKey {
        /// ID of the key.
        key_id: KeyId = "keyId",
    }
}

/// Settings of a key.
#[derive(Debug)]
pub struct KeySettings {
    /// Its name.
    pub name: String,
    /// Scopes.
    pub scopes: Vec<Scope>,
    /// Expiry time; none if it does not expire.
    pub expire: Option<Timestamp>,
}

/// Lists the keys.
pub async fn list<W: Wire>(call: Call<State<W>>, input: ListKeys) -> Result<views::KeyList> {
    let mut queries = input.queries.read("", input.total)?;
    queries.limit.get_or_insert(W::KEYS_LIMIT);
    let project = W::project(&call)?.id().clone();
    let console = call.app.projects.database();
    let page = console.read(move |tx| keys::list(tx, &project, &queries)).await?;
    Ok(views::KeyList {
        total: page.total,
        keys: page.rows.iter().map(show_listed).collect(),
    })
}

/// Returns a key.
pub async fn get<W: Wire>(call: Call<State<W>>, input: GetKey) -> Result<views::Key> {
    let found = W::project(&call)?.keys.iter().find(|key| key.id == input.key_id);
    show(&call, found.ok_or(Error::KeyNotFound)?)
}

/// Creates a key.
pub async fn create<W: Wire>(call: &Call<State<W>>, id: KeyId, settings: KeySettings) -> Result<Created<views::Key>> {
    let KeySettings { name, scopes, expire } = settings;
    let scopes = grantable(call, scopes)?;
    let project = W::project(call)?.id().clone();
    let key = Key::generate(id, &project, name, scopes, expire, &call.app.vault, call.now());
    let view = show(call, &key)?;
    call.act_in_console(move |act| {
        keys::insert(act, &key)?;
        record_event(act, &project)
    })
    .await?;
    Ok(Created(view))
}

/// Changes a key; its secret stays.
pub async fn update<W: Wire>(call: &Call<State<W>>, id: KeyId, settings: KeySettings) -> Result<views::Key> {
    let KeySettings { name, scopes, expire } = settings;
    let scopes = grantable(call, scopes)?;
    let project = W::project(call)?.id().clone();
    let key = call
        .act_in_console(move |act| {
            let key = keys::update(act, &project, &id, |key| {
                key.name = name;
                key.scopes.0 = scopes;
                key.expire = expire;
            })?;
            record_event(act, &project)?;
            api::Result::Ok(key)
        })
        .await?;
    show(call, &key)
}

/// Deletes a key.
pub async fn delete<W: Wire>(call: Call<State<W>>, input: GetKey) -> Result<NoContent> {
    let project = W::project(&call)?.id().clone();
    call.act_in_console(move |act| {
        keys::delete(act, &project, &input.key_id)?;
        record_event(act, &project)
    })
    .await?;
    Ok(NoContent)
}

/// Signs an ephemeral key, which is not stored: its claims and the token, which expires after `seconds`.
pub fn sign<W: Wire>(
    call: &Call<State<W>>,
    name: &str,
    scopes: Vec<Scope>,
    seconds: u64,
) -> Result<(KeyClaims, String)> {
    let claims = KeyClaims {
        project_id: W::project(call)?.id().to_string(),
        name: name.to_owned(),
        scopes: grantable(call, scopes)?.iter().map(ToString::to_string).collect(),
    };
    let token = jwt::sign(call.app.vault.signing_key(), KEY_JWT, &claims, call.now(), seconds);
    Ok((claims, token))
}

/// The model of a development key, with its secret.
pub fn show_dev_key(vault: &Vault, key: &DevKey) -> Result<views::DevKey> {
    Ok(views::dev_key(key, key.reveal(vault)?))
}

/// The model of a development key in a list or in its project, without its secret.
pub fn show_listed_dev_key(key: &DevKey) -> views::DevKey {
    views::dev_key(key, String::new())
}

/// The model of a key in a list or in its project, without its secret.
pub fn show_listed(key: &Key) -> views::Key {
    views::key(key, String::new())
}

/// The model of a key. Its secret is visible only to callers who may change keys and grant its scopes.
fn show<W: Wire>(call: &Call<State<W>>, key: &Key) -> Result<views::Key> {
    let may_write = call.scopes.has_any(&[Scope::KeysWrite]) && W::may_grant(call, &key.scopes.0);
    let secret = if may_write {
        key.reveal(&call.app.vault)?
    } else {
        String::new()
    };
    Ok(views::key(key, secret))
}

/// Removes duplicates from the scopes for a key, and refuses those that the caller may not grant.
fn grantable<W: Wire>(call: &Call<State<W>>, scopes: Vec<Scope>) -> Result<Vec<Scope>> {
    let scopes = keys::grantable(scopes)?;
    if let Some(scope) = scopes.iter().find(|scope| !W::may_grant(call, &[**scope])) {
        let rule = format!("Invalid `scopes` param: Value {scope} is not among the scopes of this key");
        return Err(Refusal::Argument(rule).into());
    }
    Ok(scopes)
}

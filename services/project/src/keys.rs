//! Keys: what the project's own servers prove themselves with.

use std::time::Duration;

use api::identify::{KEY_JWT, KeyClaims};
use api::{Call, Created, Date, NoContent, Refusal, Result};
use kernel::id::CustomId;
use kernel::param::{Int, List, Text};
use kernel::query::Texts;
use kernel::{Scope, Timestamp};
use projects::keys::{self, Key};
use projects::{Error, KeyId};
use secrets::jwt;

use crate::State;
use crate::own::{of, record_event};

kernel::params! {
    /// Parameters of the list of keys.
    pub(crate) struct ListKeys {
        /// Queries on name, expire, accessedAt, $id, $createdAt and $updatedAt.
        queries: Texts = "queries",
        /// Whether to count.
        total: bool = "total" | true,
    }
}

kernel::params! {
    /// A key.
    pub(crate) struct GetKey {
        /// Its id.
        key_id: KeyId = "keyId",
    }
}

kernel::params! {
    /// A key to be.
    pub(crate) struct CreateKey {
        /// Its id, or `unique()`.
        key_id: CustomId<KeyId> = "keyId",
        /// Its name, at most 128 characters.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope, 200> = "scopes",
        /// Expiry time; null: never.
        expire: Option<Timestamp> = "expire",
    }
}

kernel::params! {
    /// A key as it is to be.
    pub(crate) struct UpdateKey {
        /// Its id.
        key_id: KeyId = "keyId",
        /// Its name, at most 128 characters.
        name: Text<128, 1> = "name",
        /// Scopes.
        scopes: List<Scope, 200> = "scopes",
        /// Expiry time; null: never.
        expire: Option<Timestamp> = "expire",
    }
}

kernel::params! {
    /// A key that ends by itself.
    pub(crate) struct CreateEphemeralKey {
        /// Scopes.
        scopes: List<Scope, 200> = "scopes",
        /// For how many seconds it holds.
        duration: Int<1, 3600> = "duration",
    }
}

pub(crate) async fn list(call: Call<State>, input: ListKeys) -> Result<views::KeyList> {
    let id = of(&call)?.id().clone();
    let queries = input.queries.read("", input.total)?;
    let console = call.app.projects.database();
    let page = console.read(move |tx| keys::list(tx, &id, &queries)).await?;
    let keys = page.rows.iter().map(|key| show(&call, key));
    Ok(views::KeyList {
        total: page.total,
        keys: keys.collect::<Result<_>>()?,
    })
}

pub(crate) async fn get(call: Call<State>, input: GetKey) -> Result<views::Key> {
    let found = of(&call)?.keys.iter().find(|key| key.id == input.key_id);
    show(&call, found.ok_or(Error::KeyNotFound)?)
}

pub(crate) async fn create(call: Call<State>, input: CreateKey) -> Result<Created<views::Key>> {
    let project = of(&call)?.id().clone();
    let (now, vault) = (call.now(), &call.app.vault);
    let scopes = for_keys(&call, input.scopes)?;
    let id = input.key_id.or_generate(now);
    let key = Key::generate(id, &project, input.name.0, scopes, input.expire, vault, now);
    let view = show(&call, &key)?;
    call.act_in_console(move |act| {
        keys::insert(act, &key)?;
        record_event(act, &project)
    })
    .await?;
    Ok(Created(view))
}

pub(crate) async fn update(call: Call<State>, input: UpdateKey) -> Result<views::Key> {
    let project = of(&call)?.id().clone();
    let scopes = for_keys(&call, input.scopes)?;
    let key = call
        .act_in_console(move |act| {
            let key = keys::update(act, &project, &input.key_id, |key| {
                key.name = input.name.0;
                key.scopes.0 = scopes;
                key.expire = input.expire;
            })?;
            record_event(act, &project)?;
            api::Result::Ok(key)
        })
        .await?;
    show(&call, &key)
}

pub(crate) async fn delete(call: Call<State>, input: GetKey) -> Result<NoContent> {
    let project = of(&call)?.id().clone();
    call.act_in_console(move |act| {
        keys::delete(act, &project, &input.key_id)?;
        record_event(act, &project)
    })
    .await?;
    Ok(NoContent)
}

/// A key that is stored nowhere: it says itself what it may do, and until when.
pub(crate) async fn create_ephemeral(call: Call<State>, input: CreateEphemeralKey) -> Result<Created<views::Key>> {
    let now = call.now();
    let seconds = input.duration.0.unsigned_abs();
    let claims = KeyClaims {
        project_id: of(&call)?.id().to_string(),
        name: "Ephemeral".to_owned(),
        scopes: for_keys(&call, input.scopes)?.iter().map(ToString::to_string).collect(),
    };
    let token = jwt::sign(call.app.vault.signing_key(), KEY_JWT, &claims, now, seconds);
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

/// Scopes that this caller may give a key: no more than the caller's own.
fn for_keys(call: &Call<State>, scopes: List<Scope, 200>) -> Result<Vec<Scope>> {
    let scopes = keys::grantable(scopes.0)?;
    if let Some(scope) = scopes.iter().find(|scope| !call.may_grant(&[**scope])) {
        let rule = format!("Invalid `scopes` param: Value {scope} is not among the scopes of this key");
        return Err(Refusal::Argument(rule).into());
    }
    Ok(scopes)
}

/// Shows a key; its secret only to those who could have made it themselves.
fn show(call: &Call<State>, key: &Key) -> Result<views::Key> {
    let secret = if call.may_grant(&key.scopes.0) {
        key.reveal(&call.app.vault)?
    } else {
        String::new()
    };
    Ok(views::key(key, secret))
}

//! Keys: credentials of a project's servers and developers.
//!
//! A key is looked up by its digest. It is also stored sealed, because the console can show it again.

use db::list::{Page, Queryable};
use db::sea_query::{Expr, ExprTrait, Order, Query};
use db::{Json, Tx};
use kernel::query::Queries;
use kernel::{Scope, Timestamp};
use secrets::{Sealed, Vault};

use crate::error::Error;
use crate::ids::{DevKeyId, KeyId, ProjectId};
use crate::{Result, record};

/// Hexadecimal digits of a key's secret.
const SECRET_LEN: usize = 256;

/// Removes duplicates from the scopes for a key.
///
/// # Errors
/// [`Error::SettingInvalid`] for a scope that no key may have, such as an owner's.
pub fn grantable(scopes: impl IntoIterator<Item = Scope>) -> Result<Vec<Scope>> {
    let mut unique = Vec::new();
    for scope in scopes {
        if !scope.is_for_keys() {
            let rule = format!("Invalid `scopes` param: Value {scope} is no scope of a key");
            return Err(Error::SettingInvalid(rule));
        }
        if !unique.contains(&scope) {
            unique.push(scope);
        }
    }
    Ok(unique)
}

db::table! {
    /// An API key of a server.
    pub struct Key in keys as Keys {
        /// Its ID.
        pub id: KeyId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The project it belongs to.
        pub project_id: ProjectId => ProjectId,
        /// Display name.
        pub name: String => Name,
        /// Scopes.
        pub scopes: Json<Vec<Scope>> => Scopes,
        /// Expiry time; null if it does not expire.
        pub expire: Option<Timestamp> => Expire,
        /// SHA-256 of the complete key, in hexadecimal.
        pub digest: String => Digest,
        /// The complete key, sealed.
        pub sealed: String => Sealed,
        /// Time of the last use, with a resolution of one day.
        pub accessed_at: Option<Timestamp> => AccessedAt,
        /// The SDKs that used it.
        pub sdks: Json<Vec<String>> => Sdks,
    }
}

db::table! {
    /// A development key: lifts the origin check and the rate limits during development of an app.
    pub struct DevKey in dev_keys as DevKeys {
        /// Its ID.
        pub id: DevKeyId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The project it belongs to.
        pub project_id: ProjectId => ProjectId,
        /// Display name.
        pub name: String => Name,
        /// Expiry time.
        pub expire: Timestamp => Expire,
        /// SHA-256 of the key, in hexadecimal.
        pub digest: String => Digest,
        /// The key, sealed.
        pub sealed: String => Sealed,
        /// Time of the last use, with a resolution of one day.
        pub accessed_at: Option<Timestamp> => AccessedAt,
        /// The SDKs that used it.
        pub sdks: Json<Vec<String>> => Sdks,
    }
}

impl Key {
    /// Generates a key; its text is contained only in sealed form.
    pub fn generate(
        id: KeyId,
        project: &ProjectId,
        name: String,
        scopes: Vec<Scope>,
        expire: Option<Timestamp>,
        vault: &Vault,
        now: Timestamp,
    ) -> Self {
        let secret = format!("standard_{}", secrets::random::hex(SECRET_LEN));
        Self {
            created_at: now,
            updated_at: now,
            project_id: project.clone(),
            name,
            scopes: Json(scopes),
            expire,
            digest: secrets::digest(&secret),
            sealed: vault.seal(&secret, id.as_str()).0,
            accessed_at: None,
            sdks: Json(Vec::new()),
            id,
        }
    }

    /// The complete key, for the project's owner.
    pub fn reveal(&self, vault: &Vault) -> Result<String> {
        Ok(vault.open(&Sealed(self.sealed.clone()), self.id.as_str())?)
    }
}

impl DevKey {
    /// Generates a key; its text is contained only in sealed form.
    pub fn generate(project: &ProjectId, name: String, expire: Timestamp, vault: &Vault, now: Timestamp) -> Self {
        let id = DevKeyId::generate(now);
        let secret = secrets::random::hex(SECRET_LEN);
        Self {
            created_at: now,
            updated_at: now,
            project_id: project.clone(),
            name,
            expire,
            digest: secrets::digest(&secret),
            sealed: vault.seal(&secret, id.as_str()).0,
            accessed_at: None,
            sdks: Json(Vec::new()),
            id,
        }
    }

    /// The key, for the project's owner.
    pub fn reveal(&self, vault: &Vault) -> Result<String> {
        Ok(vault.open(&Sealed(self.sealed.clone()), self.id.as_str())?)
    }
}

/// The keys of a project, oldest first.
pub fn of_project(tx: &mut Tx<'_>, project: &ProjectId) -> Result<Vec<Key>> {
    let own = Expr::col(Keys::ProjectId).eq(project.as_str());
    Ok(tx.all(&Key::select().and_where(own).order_by(Keys::Id, Order::Asc).take())?)
}

/// The development keys of a project, oldest first.
pub fn dev_of_project(tx: &mut Tx<'_>, project: &ProjectId) -> Result<Vec<DevKey>> {
    let own = Expr::col(DevKeys::ProjectId).eq(project.as_str());
    Ok(tx.all(&DevKey::select().and_where(own).order_by(DevKeys::Id, Order::Asc).take())?)
}

/// Lists the keys of a project.
pub fn list(tx: &mut Tx<'_>, project: &ProjectId, queries: &Queries) -> Result<Page<Key>> {
    let queryable = Queryable::new(Keys::Id)
        .datetime("$createdAt", Keys::CreatedAt)
        .datetime("$updatedAt", Keys::UpdatedAt)
        .text("name", Keys::Name)
        .datetime("expire", Keys::Expire)
        .optional()
        .datetime("accessedAt", Keys::AccessedAt)
        .optional();
    let own = Key::select()
        .and_where(Expr::col(Keys::ProjectId).eq(project.as_str()))
        .take();
    Ok(db::list::list(tx, &own, &queryable, queries)?)
}

/// Lists the development keys of a project.
pub fn dev_list(tx: &mut Tx<'_>, project: &ProjectId, queries: &Queries) -> Result<Page<DevKey>> {
    let queryable = Queryable::new(DevKeys::Id)
        .datetime("$createdAt", DevKeys::CreatedAt)
        .datetime("$updatedAt", DevKeys::UpdatedAt)
        .text("name", DevKeys::Name)
        .datetime("expire", DevKeys::Expire)
        .datetime("accessedAt", DevKeys::AccessedAt)
        .optional();
    let own = DevKey::select()
        .and_where(Expr::col(DevKeys::ProjectId).eq(project.as_str()))
        .take();
    Ok(db::list::list(tx, &own, &queryable, queries)?)
}

/// Adds a key.
pub fn insert(tx: &mut Tx<'_>, key: &Key) -> Result<()> {
    match tx.execute(&key.insert()) {
        Err(error) if error.is_unique("keys_pkey") => return Err(Error::KeyExists),
        other => other?,
    };
    record::touch(tx, &key.project_id);
    Ok(())
}

/// Adds a development key.
pub fn dev_insert(tx: &mut Tx<'_>, key: &DevKey) -> Result<()> {
    tx.execute(&key.insert())?;
    record::touch(tx, &key.project_id);
    Ok(())
}

/// Changes a key.
pub fn update(tx: &mut Tx<'_>, project: &ProjectId, id: &KeyId, change: impl FnOnce(&mut Key)) -> Result<Key> {
    let own = Expr::col(Keys::Id)
        .eq(id.as_str())
        .and(Expr::col(Keys::ProjectId).eq(project.as_str()));
    let found = tx.lock_row::<Key>(&Key::select().and_where(own).take())?;
    let mut key = found.ok_or(Error::KeyNotFound)?;
    change(&mut key);
    key.updated_at = tx.now();
    tx.save(&mut key)?;
    record::touch(tx, project);
    Ok(key.into_inner())
}

/// Changes a development key.
pub fn dev_update(
    tx: &mut Tx<'_>,
    project: &ProjectId,
    id: &DevKeyId,
    change: impl FnOnce(&mut DevKey),
) -> Result<DevKey> {
    let own = Expr::col(DevKeys::Id)
        .eq(id.as_str())
        .and(Expr::col(DevKeys::ProjectId).eq(project.as_str()));
    let found = tx.lock_row::<DevKey>(&DevKey::select().and_where(own).take())?;
    let mut key = found.ok_or(Error::KeyNotFound)?;
    change(&mut key);
    key.updated_at = tx.now();
    tx.save(&mut key)?;
    record::touch(tx, project);
    Ok(key.into_inner())
}

/// Deletes a key.
pub fn delete(tx: &mut Tx<'_>, project: &ProjectId, id: &KeyId) -> Result<()> {
    let own = Expr::col(Keys::Id)
        .eq(id.as_str())
        .and(Expr::col(Keys::ProjectId).eq(project.as_str()));
    let gone = tx.execute(&Query::delete().from_table(Keys::Table).and_where(own).take())?;
    record::touch(tx, project);
    if gone == 1 { Ok(()) } else { Err(Error::KeyNotFound) }
}

/// Deletes a development key.
pub fn dev_delete(tx: &mut Tx<'_>, project: &ProjectId, id: &DevKeyId) -> Result<()> {
    let own = Expr::col(DevKeys::Id)
        .eq(id.as_str())
        .and(Expr::col(DevKeys::ProjectId).eq(project.as_str()));
    let gone = tx.execute(&Query::delete().from_table(DevKeys::Table).and_where(own).take())?;
    record::touch(tx, project);
    if gone == 1 { Ok(()) } else { Err(Error::KeyNotFound) }
}

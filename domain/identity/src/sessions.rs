//! Sessions: proofs of login. The client has the secret, the server its digest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;
use secrets::Sealed;
use serde::{Deserialize, Serialize};

use crate::error::SessionError;
use crate::ids::{SessionId, UserId};
use crate::policy::Policy;
use crate::{Origin, Result, stale, targets};

/// Hexadecimal digits of a session's secret.
const SECRET_LEN: usize = 256;

db::table! {
    /// A session.
    pub struct Session in sessions as Sessions {
        /// Its ID.
        pub id: SessionId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
        /// The user it belongs to.
        pub user_id: UserId => UserId,
        /// SHA-256 of the secret, in hexadecimal; unique.
        pub secret: String => Secret,
        /// Expiry time.
        pub expire: Timestamp => Expire,
        /// Sign-in method: `email`, `anonymous`, `token`, `server`, or an OAuth2 provider's ID.
        pub provider: String => Provider,
        /// User ID at the provider.
        pub provider_uid: String => ProviderUid,
        /// The provider's tokens, sealed: see [`Grant`].
        pub provider_grant: Option<String> => ProviderGrant,
        /// Expiry time of the provider's access token; null if the provider names none.
        pub provider_expiry: Option<Timestamp> => ProviderExpiry,
        /// End of the lease of the request that refreshes the provider's tokens; null if none does.
        pub refreshing_until: Option<Timestamp> => RefreshingUntil,
        /// The client's address.
        pub ip: String => Ip,
        /// The client's `User-Agent`.
        pub user_agent: String => UserAgent,
        /// The client's country.
        pub country: String => Country,
        /// Proven factors: `password`, `email`, `oauth2`, `totp`, …
        pub factors: Json<Vec<String>> => Factors,
        /// Time of the last proven second factor.
        pub mfa_updated_at: Option<Timestamp> => MfaUpdatedAt,
    }
}

/// Tokens that a provider issued for acting on behalf of the user. Always stored sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The access token.
    pub access_token: String,
    /// The refresh token, or an empty text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub refresh_token: String,
    /// Further values for a refresh (vk's device, zoho's server).
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub extras: std::collections::BTreeMap<String, String>,
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grant(…)")
    }
}

impl Grant {
    /// Seals the grant for the row with this ID.
    pub fn seal(&self, vault: &secrets::Vault, row: &str) -> String {
        vault.seal(&serde_json::to_string(self).unwrap_or_default(), row).0
    }

    /// Opens the grant of the row with this ID.
    pub fn open(vault: &secrets::Vault, sealed: Option<&str>, row: &str) -> Result<Self> {
        let Some(sealed) = sealed else {
            return Ok(Self::default());
        };
        let text = vault.open(&Sealed(sealed.to_owned()), row)?;
        serde_json::from_str(&text).map_err(|_| secrets::OpenError::Damaged.into())
    }
}

/// Proof of a sign-in: method, provider and factors.
#[derive(Debug, Clone)]
pub struct Proof {
    /// `email`, `anonymous`, `token`, `server`, or an OAuth2 provider's ID.
    pub provider: String,
    /// User ID at the provider.
    pub provider_uid: String,
    /// Proven factors.
    pub factors: Vec<&'static str>,
    /// The provider's tokens, and the expiry time of the access token.
    pub grant: Option<(Grant, Option<Timestamp>)>,
}

impl Proof {
    /// A proof without an OAuth2 provider.
    pub fn local(provider: &str, uid: &str, factor: &'static str) -> Self {
        Self {
            provider: provider.to_owned(),
            provider_uid: uid.to_owned(),
            factors: vec![factor],
            grant: None,
        }
    }
}

/// A new session for its client; the secret is not available later.
#[derive(Clone)]
pub struct Opened {
    /// The session.
    pub session: Locked<Session>,
    /// Credential for the client: base64 of `{"id": user, "secret": secret}`.
    pub token: String,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("session", &self.session.id)
            .finish_non_exhaustive()
    }
}

/// Credential that a client sends.
#[derive(Serialize, Deserialize)]
pub struct Credential {
    /// The user's ID.
    pub id: String,
    /// The session's secret.
    pub secret: String,
}

impl Credential {
    /// Decodes the value of a cookie or header; none if it is malformed.
    pub fn decode(token: &str) -> Option<Self> {
        if token.len() > 1024 {
            return None;
        }
        serde_json::from_slice(&STANDARD.decode(token).ok()?).ok()
    }

    /// The value for a cookie or header.
    pub fn encode(&self) -> String {
        STANDARD.encode(serde_json::to_string(self).unwrap_or_default())
    }
}

/// Creates a session, and deletes the user's oldest ones beyond the policy's limit.
pub fn open(
    tx: &mut Tx<'_>,
    user: &UserId,
    proof: Proof,
    origin: &Origin,
    policy: &Policy,
    vault: &secrets::Vault,
) -> Result<Opened> {
    let now = tx.now();
    let secret = secrets::random::hex(SECRET_LEN);
    let id = SessionId::generate(now);
    let (grant, provider_expiry) = proof.grant.unzip();
    let session = Session {
        created_at: now,
        updated_at: now,
        user_id: user.clone(),
        secret: secrets::digest(&secret),
        expire: now.plus(policy.session_duration()),
        provider: proof.provider,
        provider_uid: proof.provider_uid,
        provider_grant: grant.map(|grant| grant.seal(vault, id.as_str())),
        provider_expiry: provider_expiry.flatten(),
        refreshing_until: None,
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        country: origin.country.clone(),
        factors: Json(proof.factors.into_iter().map(str::to_owned).collect()),
        mfa_updated_at: None,
        id,
    };
    let session = tx.insert_row(session)?;
    drop_surplus(tx, user, policy)?;
    stale::touch(tx, user);
    let token = Credential {
        id: user.to_string(),
        secret,
    }
    .encode();
    Ok(Opened { session, token })
}

fn drop_surplus(tx: &mut Tx<'_>, user: &UserId, policy: &Policy) -> Result<()> {
    let mut sessions = of_user(tx, user)?;
    let surplus = sessions.len().saturating_sub(policy.session_limit());
    for session in sessions.drain(..surplus) {
        remove(tx, &session)?;
    }
    Ok(())
}

/// A user's sessions, oldest first.
pub fn of_user(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<Session>> {
    let query = Session::select()
        .and_where(Expr::col(Sessions::UserId).eq(user.as_str()))
        .order_by(Sessions::CreatedAt, Order::Asc)
        .order_by(Sessions::Id, Order::Asc)
        .take();
    Ok(tx.all(&query)?)
}

/// Finds a session of a user.
pub fn find(tx: &mut Tx<'_>, user: &UserId, id: &SessionId) -> Result<Session> {
    tx.optional(&by_id(user, id))?.ok_or(SessionError::NotFound.into())
}

/// Finds a session of a user and locks its row until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, user: &UserId, id: &SessionId) -> Result<Locked<Session>> {
    tx.lock_row(&by_id(user, id))?.ok_or(SessionError::NotFound.into())
}

fn by_id(user: &UserId, id: &SessionId) -> SelectStatement {
    Session::select()
        .and_where(Expr::col(Sessions::Id).eq(id.as_str()))
        .and_where(Expr::col(Sessions::UserId).eq(user.as_str()))
        .take()
}

/// Writes the changed columns of a session.
pub fn save(tx: &mut Tx<'_>, session: &mut Locked<Session>) -> Result<()> {
    session.updated_at = tx.now();
    tx.save(session)?;
    stale::touch(tx, &session.user_id);
    Ok(())
}

/// Deletes a session and the targets of its device.
pub fn remove(tx: &mut Tx<'_>, session: &Session) -> Result<()> {
    let delete = Query::delete()
        .from_table(Sessions::Table)
        .and_where(Expr::col(Sessions::Id).eq(session.id.as_str()))
        .take();
    if tx.execute(&delete)? == 0 {
        return Err(SessionError::NotFound.into());
    }
    targets::forget_device(tx, &session.id)?;
    stale::touch(tx, &session.user_id);
    Ok(())
}

/// Deletes all sessions of a user, except one.
pub fn remove_all_but(tx: &mut Tx<'_>, user: &UserId, except: Option<&SessionId>) -> Result<()> {
    let mut delete = Query::delete();
    delete
        .from_table(Sessions::Table)
        .and_where(Expr::col(Sessions::UserId).eq(user.as_str()));
    if let Some(except) = except {
        delete.and_where(Expr::col(Sessions::Id).ne(except.as_str()));
    }
    tx.execute(&delete)?;
    targets::forget_devices(tx, user, except)?;
    stale::touch(tx, user);
    Ok(())
}

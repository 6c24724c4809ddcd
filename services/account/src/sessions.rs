//! Sessions: signing in with a password or a token, seeing where one is signed in, signing out.

use std::sync::Arc;

use api::{Act, Base, Call, Created, NoContent, Result, With, cookies};
use identity::password::Password;
use identity::sessions::{self, Grant, Opened, Proof, Session};
use identity::tokens::{self, Claim, Token, TokenKind};
use identity::{Error, Origin, Policy, SessionId, UserId, users};
use kernel::Email;
use kernel::param::{Param, Rule, Text};
use secrets::Vault;
use secrets::jwt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::State;

/// What making a session needs beside the proof.
#[derive(Clone)]
pub(crate) struct Reply {
    origin: Origin,
    policy: Policy,
    vault: Arc<Vault>,
}

impl Reply {
    /// Taken from a call.
    pub(crate) fn of(call: &Base) -> Self {
        Self {
            origin: call.origin(),
            policy: call.project.policy().clone(),
            vault: Arc::clone(&call.app.vault),
        }
    }

    /// The answer to a client that was signed in: the session, and cookies. Only servers read the secret.
    pub(crate) fn answer(&self, call: &Base, opened: Opened) -> Result<With<Created<views::Session>>> {
        let secret = call.caller.is_privileged().then(|| opened.token.clone());
        let view = views::session(&opened.session, true, secret, &self.vault, true)?;
        Ok(With(
            Created(view),
            cookies::open(&call.app, &call.project, &call.request, &opened),
        ))
    }
}

/// Opens a session and says so.
pub(crate) fn open(act: &mut Act<'_, '_>, user: &UserId, proof: Proof, reply: &Reply) -> Result<Opened> {
    let opened = sessions::open(act, user, proof, &reply.origin, &reply.policy, &reply.vault)?;
    happened(act, &opened.session, &reply.vault)?;
    Ok(opened)
}

/// Says what happened to a session, with neither its secret nor the provider's tokens.
pub(crate) fn happened(act: &mut Act<'_, '_>, session: &Session, vault: &Vault) -> Result<()> {
    let view = views::session(session, false, None, vault, false)?;
    let payload = serde_json::to_value(view).unwrap_or_default();
    act.happened(
        &[("userId", session.user_id.as_str()), ("sessionId", session.id.as_str())],
        payload,
    )
}

kernel::params! {
    /// E-mail and password.
    pub(crate) struct SignIn {
        /// E-mail address.
        email: Email = "email",
        /// Password.
        password: Password = "password",
    }
}

/// Signs in with e-mail and password. Unknown and wrong take the same time and have the same answer.
pub(crate) async fn create(call: Call<State>, input: SignIn) -> Result<With<Created<views::Session>>> {
    let email = input.email.clone();
    let user = call.read(move |tx| users::find_by_email(tx, &email)).await?;
    let stored = user.as_ref().and_then(|user| user.password.clone());
    let hasher = &call.app.hasher;
    let right = hasher
        .verify(input.password.reveal().to_owned(), stored.clone())
        .await?;
    let user = user.filter(|_| right).ok_or(Error::InvalidCredentials)?;
    if !user.status {
        return Err(Error::Blocked.into());
    }
    let stored = stored.unwrap_or_default();
    let fresh = match hasher.is_outdated(&stored) {
        true => Some(hasher.hash(input.password.reveal().to_owned()).await?),
        false => None,
    };
    let reply = Reply::of(&call);
    let opened = call
        .act(move |act| {
            let mut user = users::find(act, &user.id)?;
            // Changed or blocked while the hash was being computed: what was proven is no longer so.
            if user.password.as_deref() != Some(&stored) || !user.status {
                return Err(api::Error::from(Error::InvalidCredentials));
            }
            if let Some(hash) = fresh {
                user.password = Some(hash);
                users::save(act, &mut user)?;
            }
            let uid = user.email.as_deref().unwrap_or_default();
            open(act, &user.id, Proof::local("email", uid, "password"), &reply)
        })
        .await?;
    Reply::of(&call).answer(&call, opened)
}

/// What the secret at the end of an OAuth2 token flow says.
#[derive(Serialize, Deserialize)]
pub(crate) struct TokenClaims {
    /// The secret of the token's row.
    pub(crate) secret: String,
    /// The provider's id.
    pub(crate) provider: String,
    /// Whether the provider's word of several factors counts.
    #[serde(default)]
    pub(crate) mfa: bool,
}

/// The purpose of those secrets.
pub(crate) const TOKEN_JWT: &str = "oauth2-token";

kernel::params! {
    /// A one-time token.
    pub(crate) struct TokenSignIn {
        /// Id of the user.
        user_id: UserId = "userId",
        /// The token's secret.
        secret: Text<2048, 1> = "secret",
    }
}

/// Turns a one-time token into a session.
pub(crate) async fn create_from_token(call: Call<State>, input: TokenSignIn) -> Result<With<Created<views::Session>>> {
    let read = jwt::verify::<TokenClaims>(call.app.vault.signing_key(), TOKEN_JWT, &input.secret.0, call.now());
    // What ends an OAuth2 sign-in travels signed, and is taken in no other form.
    let (kind, secret, mfa) = match read {
        Ok(claims) => (TokenKind::OAuth2, claims.secret, claims.mfa),
        Err(_) => (TokenKind::Generic, input.secret.0, false),
    };
    let reply = Reply::of(&call);
    let opened = call
        .act(move |act| {
            // A refusal is an answer here, not an error: the count of wrong guesses must be kept.
            let Claim::Granted(token) = tokens::claim(act, &input.user_id, kind, &secret)? else {
                return Ok(None);
            };
            let proof = proof_of(act, &token, &reply.vault, mfa)?;
            open(act, &input.user_id, proof, &reply).map(Some)
        })
        .await?;
    Reply::of(&call).answer(&call, opened.ok_or(Error::InvalidToken)?)
}

fn proof_of(act: &mut Act<'_, '_>, token: &Token, vault: &Vault, mfa: bool) -> Result<Proof> {
    let identity = match &token.identity_id {
        Some(id) if token.kind == TokenKind::OAuth2 => {
            let id = identity::IdentityId::trusted(id.as_str());
            Some(identity::identities::find(act, &token.user_id, &id).map_err(|_| Error::InvalidToken)?)
        }
        _ => None,
    };
    let Some(identity) = identity else {
        return Ok(Proof::local("token", "", "token"));
    };
    let grant = Grant::open(vault, identity.provider_grant.as_deref(), identity.id.as_str())?;
    Ok(Proof {
        provider: identity.provider,
        provider_uid: identity.provider_uid,
        factors: identity::factors::of_provider(mfa),
        grant: Some((grant, identity.provider_expiry)),
    })
}

/// A session by its id, or `current`.
#[derive(Debug, Clone)]
pub(crate) enum Which {
    Current,
    Id(SessionId),
}

impl Param for Which {
    fn parse(value: &Value) -> std::result::Result<Self, Rule> {
        if value.as_str() == Some("current") {
            Ok(Self::Current)
        } else {
            <SessionId as Param>::parse(value).map(Self::Id)
        }
    }

    fn schema() -> Value {
        SessionId::schema()
    }
}

impl Which {
    /// The id that is meant.
    pub(crate) fn id(self, call: &Base) -> Result<SessionId> {
        match self {
            Self::Id(id) => Ok(id),
            Self::Current => Ok(call.caller.session().cloned().ok_or(Error::SessionNotFound)?),
        }
    }
}

kernel::params! {
    /// One session.
    pub(crate) struct One {
        /// Id of the session, or `current`.
        session_id: Which = "sessionId",
    }
}

/// The caller's sessions, the oldest first.
pub(crate) async fn list(call: Call<State>, (): ()) -> Result<views::SessionList> {
    let person = call.person()?;
    let live = person.sessions.iter().filter(|session| session.expire >= call.now());
    let shown: identity::Result<Vec<_>> = live
        .map(|session| {
            views::session(
                session,
                Some(&session.id) == call.caller.session(),
                None,
                &call.app.vault,
                true,
            )
        })
        .collect();
    let sessions = shown?;
    Ok(views::SessionList {
        total: i64::try_from(sessions.len()).unwrap_or(i64::MAX),
        sessions,
    })
}

/// One of the caller's sessions.
pub(crate) async fn get(call: Call<State>, input: One) -> Result<views::Session> {
    let id = input.session_id.id(&call)?;
    let session = call.person()?.session(&id, call.now()).ok_or(Error::SessionNotFound)?;
    Ok(views::session(
        session,
        Some(&id) == call.caller.session(),
        None,
        &call.app.vault,
        true,
    )?)
}

/// Ends one session.
pub(crate) async fn delete(call: Call<State>, input: One) -> Result<With<NoContent>> {
    let id = input.session_id.id(&call)?;
    let own = Some(&id) == call.caller.session();
    let user = call.person()?.user.id.clone();
    let vault = Arc::clone(&call.app.vault);
    call.act(move |act| {
        let session = sessions::find(act, &user, &id)?;
        sessions::remove(act, &session)?;
        happened(act, &session, &vault)
    })
    .await?;
    let headers = if own {
        cookies::close(&call.app, &call.project, &call.request)
    } else {
        Vec::new()
    };
    Ok(With(NoContent, headers))
}

/// Ends all sessions.
pub(crate) async fn delete_all(call: Call<State>, (): ()) -> Result<With<NoContent>> {
    let user = call.person()?.user.id.clone();
    let vault = Arc::clone(&call.app.vault);
    call.act(move |act| {
        for session in sessions::of_user(act, &user)? {
            happened(act, &session, &vault)?;
        }
        sessions::remove_all_but(act, &user, None)
            .map_err(api::Error::from)
            .map(|()| json!(null))
    })
    .await?;
    Ok(With(NoContent, cookies::close(&call.app, &call.project, &call.request)))
}

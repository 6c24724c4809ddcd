//! Sessions: sign-in with a password, listing sessions, sign-out.

use std::sync::Arc;

use api::{Base, Call, Created, NoContent, Result, With, cookies};
use identity::password::Password;
use identity::sessions::{self, Proof};
use identity::{SessionError, SessionId, UserError, users};
use kernel::Email;
use kernel::param::{Param, Rule};
use serde_json::{Value, json};
use views::{SessionOpener, record_session_event};

use crate::State;

kernel::params! {
    /// Parameters of a sign-in with a password.
    pub(crate) struct CreateEmailSession {
        /// E-mail address.
        email: Email = "email",
        /// Password.
        password: Password = "password",
    }
}

/// Signs in with e-mail and password. An unknown address and a wrong password take the same time and return the same
/// error.
pub(crate) async fn create(call: Call<State>, input: CreateEmailSession) -> Result<With<Created<views::Session>>> {
    let email = input.email.clone();
    let user = call.read(move |tx| users::find_by_email(tx, &email)).await?;
    let stored = user.as_ref().and_then(|user| user.password.clone());
    let hasher = &call.app.hasher;
    let right = hasher
        .verify(input.password.reveal().to_owned(), stored.clone())
        .await?;
    let user = user.filter(|_| right).ok_or(UserError::InvalidCredentials)?;
    if !user.status {
        return Err(UserError::Blocked.into());
    }
    let stored = stored.unwrap_or_default();
    let fresh = if hasher.is_outdated(&stored) {
        Some(hasher.hash(input.password.reveal().to_owned()).await?)
    } else {
        None
    };
    let opener = SessionOpener::of(&call);
    let opening = opener.clone();
    let opened = call
        .act(move |act| {
            let mut user = users::lock(act, &user.id)?;
            // The password was changed or the user was blocked while the hash was being computed.
            if user.password.as_deref() != Some(&stored) || !user.status {
                return Err(api::Error::from(UserError::InvalidCredentials));
            }
            if let Some(hash) = fresh {
                user.password = Some(hash);
                users::save(act, &mut user)?;
            }
            let uid = user.email.as_deref().unwrap_or_default();
            opening.open(act, &user.id, Proof::local("email", uid, "password"))
        })
        .await?;
    opener.answer(&call, &opened)
}

/// A session ID or `current`.
#[derive(Debug, Clone)]
pub(crate) enum SessionRef {
    Current,
    Id(SessionId),
}

impl Param for SessionRef {
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

impl SessionRef {
    /// Resolves `current` to the ID of the caller's session.
    pub(crate) fn id(self, call: &Base) -> Result<SessionId> {
        match self {
            Self::Id(id) => Ok(id),
            Self::Current => Ok(call.caller.session().cloned().ok_or(SessionError::NotFound)?),
        }
    }
}

kernel::params! {
    /// Parameters of the operations on one session.
    pub(crate) struct GetSession {
        /// Session ID, or `current`.
        session_id: SessionRef = "sessionId",
    }
}

/// Lists the caller's sessions, oldest first.
pub(crate) async fn list(call: Call<State>, (): ()) -> Result<views::SessionList> {
    let person = call.person()?;
    let live = person.sessions.iter().filter(|session| session.expire >= call.now());
    let listed: identity::Result<Vec<_>> = live
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
    let sessions = listed?;
    Ok(views::SessionList {
        total: i64::try_from(sessions.len()).unwrap_or(i64::MAX),
        sessions,
    })
}

/// Returns one of the caller's sessions.
pub(crate) async fn get(call: Call<State>, input: GetSession) -> Result<views::Session> {
    let id = input.session_id.id(&call)?;
    let session = call.person()?.session(&id, call.now()).ok_or(SessionError::NotFound)?;
    Ok(views::session(
        session,
        Some(&id) == call.caller.session(),
        None,
        &call.app.vault,
        true,
    )?)
}

/// Deletes one session.
pub(crate) async fn delete(call: Call<State>, input: GetSession) -> Result<With<NoContent>> {
    let id = input.session_id.id(&call)?;
    let own = Some(&id) == call.caller.session();
    let user = call.person()?.user.id.clone();
    let vault = Arc::clone(&call.app.vault);
    call.act(move |act| {
        let session = sessions::find(act, &user, &id)?;
        sessions::remove(act, &session)?;
        record_session_event(act, &session, &vault)
    })
    .await?;
    let headers = if own {
        cookies::close(&call.app, &call.project, &call.request)
    } else {
        Vec::new()
    };
    Ok(With(NoContent, headers))
}

/// Deletes all sessions of the caller.
pub(crate) async fn delete_all(call: Call<State>, (): ()) -> Result<With<NoContent>> {
    let user = call.person()?.user.id.clone();
    let vault = Arc::clone(&call.app.vault);
    call.act(move |act| {
        for session in sessions::of_user(act, &user)? {
            record_session_event(act, &session, &vault)?;
        }
        sessions::remove_all_but(act, &user, None)
            .map_err(api::Error::from)
            .map(|()| json!(null))
    })
    .await?;
    Ok(With(NoContent, cookies::close(&call.app, &call.project, &call.request)))
}

//! A user's sessions: list, creation and deletion by servers.

use api::{Call, Created, NoContent, Result};
use identity::sessions::{self, Proof};
use identity::{SessionId, UserId, users};
use serde_json::json;
use views::{SessionList, record_session_event};

use crate::users::GetUser;

kernel::params! {
    /// Parameters of the list of sessions.
    pub(crate) struct ListSessions {
        /// User ID.
        user_id: UserId = "userId",
        /// Whether to compute the total count.
        total: bool = "total" | true,
    }
}

pub(crate) async fn list(call: Call, input: ListSessions) -> Result<SessionList> {
    let now = call.now();
    let stored = call.read(move |tx| {
        users::find(tx, &input.user_id)?;
        sessions::of_user(tx, &input.user_id)
    });
    let live = stored.await?.into_iter().filter(|session| session.expire >= now);
    let sessions = live
        .map(|session| views::session(&session, false, None, &call.app.vault, true))
        .collect::<identity::Result<Vec<_>>>()?;
    let count = i64::try_from(sessions.len()).unwrap_or(i64::MAX);
    Ok(SessionList {
        total: if input.total { count } else { 0 },
        sessions,
    })
}

pub(crate) async fn create(call: Call, input: GetUser) -> Result<Created<views::Session>> {
    let (policy, origin) = (call.project.policy().clone(), call.origin());
    let vault = call.app.vault.clone();
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let proof = Proof::local("server", "", "server");
        let opened = sessions::open(act, &user.id, proof, &origin, &policy, &vault)?;
        record_session_event(act, &opened.session, &vault)?;
        let view = views::session(&opened.session, false, Some(opened.token), &vault, true)?;
        api::Result::Ok(Created(view))
    })
    .await
}

kernel::params! {
    /// Parameters of the deletion of a session.
    pub(crate) struct DeleteSession {
        /// User ID.
        user_id: UserId = "userId",
        /// Session ID.
        session_id: SessionId = "sessionId",
    }
}

pub(crate) async fn delete(call: Call, input: DeleteSession) -> Result<NoContent> {
    let vault = call.app.vault.clone();
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let session = sessions::find(act, &user.id, &input.session_id)?;
        sessions::remove(act, &session)?;
        record_session_event(act, &session, &vault)?;
        api::Result::Ok(NoContent)
    })
    .await
}

pub(crate) async fn delete_all(call: Call, input: GetUser) -> Result<NoContent> {
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        sessions::remove_all_but(act, &user.id, None)?;
        act.record_event(&[("userId", user.id.as_str())], json!({"$id": user.id}))?;
        api::Result::Ok(NoContent)
    })
    .await
}

//! `PATCH /v1/account/sessions/{id}`: extends a session and refreshes its provider's tokens. Concurrent requests for
//! the same session are serialized.

use std::sync::Arc;
use std::time::Duration;

use api::{Act, Call, Error, Result};
use identity::sessions::{self, Grant, Session};
use identity::{SessionId, UserId, identities};
use kernel::Timestamp;
use oauth::{Credentials, Provider, Tokens, Trace};
use projects::oauth::credentials;
use secrets::Vault;

use super::login::grant_of;
use views::record_session_event;

use crate::State;
use crate::sessions::GetSession;

/// Lease of a refresh, after which another request may take over: longer than the provider's time limit.
const REFRESH_LEASE: Duration = Duration::from_secs(15);
/// Interval at which waiting requests check for the refresh.
const POLL: Duration = Duration::from_millis(40);

/// Extends a session and refreshes its provider's tokens.
pub(crate) async fn update(call: Call<State>, input: GetSession) -> Result<views::Session> {
    let id = input.session_id.id(&call)?;
    let user = call.person()?.user.id.clone();
    let session = match refreshable(&call, &user, &id).await? {
        Some((provider, credentials)) => refresh(&call, &user, &id, &provider, &credentials).await?,
        None => extend(&call, &user, &id).await?,
    };
    let own = call.caller.session() == Some(&id);
    Ok(views::session(&session, own, None, &call.app.vault, true)?)
}

/// Returns the provider and the credentials if the session has tokens to refresh, else `None`.
async fn refreshable(
    call: &Call<State>,
    user: &UserId,
    id: &SessionId,
) -> Result<Option<(Arc<Provider>, Credentials)>> {
    let (user, id) = (user.clone(), id.clone());
    let session = call.read(move |tx| sessions::find(tx, &user, &id)).await?;
    let Some(provider) = call.state.registry.get(&session.provider) else {
        return Ok(None);
    };
    let grant = Grant::open(&call.app.vault, session.provider_grant.as_deref(), session.id.as_str())?;
    // Without a refresh token the provider would return an error.
    if grant.refresh_token.is_empty() {
        return Ok(None);
    }
    let configured = call.project.provider(&provider.id);
    // A provider that was disabled or is no longer configured is not called; the session is only extended.
    let usable = credentials(configured, provider, &call.app.vault, &call.state.test_routing).ok();
    Ok(usable.map(|credentials| (Arc::clone(provider), credentials)))
}

async fn extend(call: &Call<State>, user: &UserId, id: &SessionId) -> Result<Session> {
    let (user, id) = (user.clone(), id.clone());
    let (policy, vault) = (call.project.policy().clone(), Arc::clone(&call.app.vault));
    call.act(move |act| {
        let mut session = sessions::lock(act, &user, &id)?;
        session.expire = act.now().plus(policy.session_duration());
        sessions::save(act, &mut session)?;
        record_session_event(act, &session, &vault)?;
        Ok::<_, Error>(session.into_inner())
    })
    .await
}

/// Result of trying to acquire the refresh lease.
enum RefreshSlot {
    /// This request holds the lease and refreshes with this grant.
    Acquired(Grant),
    /// Another request holds the lease.
    Busy,
    /// Another request has completed the refresh.
    Refreshed(Box<Session>),
}

/// Refreshes under a lease: a rotating refresh token is valid once, and providers treat a second use as theft (RFC
/// 9700, 4.14). Concurrent requests wait and return the session written by the first one.
async fn refresh(
    call: &Call<State>,
    user: &UserId,
    id: &SessionId,
    provider: &Provider,
    credentials: &Credentials,
) -> Result<Session> {
    let arrived = call.now();
    let mut waited = false;
    let grant = loop {
        match acquire_lease(call, user, id, waited.then_some(arrived)).await? {
            RefreshSlot::Acquired(grant) => break grant,
            RefreshSlot::Refreshed(session) => return Ok(*session),
            RefreshSlot::Busy => {
                waited = true;
                tokio::time::sleep(POLL).await;
            }
        }
    };
    let old = Tokens {
        access_token: grant.access_token.clone(),
        refresh_token: Some(grant.refresh_token.clone()).filter(|token| !token.is_empty()),
        expires_in: None,
        id_token: None,
        extras: grant.extras.clone(),
    };
    let refreshed = call
        .state
        .client
        .refresh(provider, credentials, &old, &mut Trace::default())
        .await;
    let now = call.app.clock.now();
    let outcome = match &refreshed {
        Ok(tokens) => RefreshOutcome::Fresh(grant_of(tokens, now)),
        Err(error) if error.is_dead_grant() => RefreshOutcome::Dead(grant),
        Err(_) => RefreshOutcome::Unchanged,
    };
    // Stored before any response is sent, since the provider may have invalidated the old token already.
    let session = release_lease(call, user, id, outcome).await?;
    refreshed?;
    Ok(session)
}

/// Acquires the lease if it is free, and then also extends the session.
async fn acquire_lease(
    call: &Call<State>,
    user: &UserId,
    id: &SessionId,
    waiting_since: Option<Timestamp>,
) -> Result<RefreshSlot> {
    let (user, id, now) = (user.clone(), id.clone(), call.app.clock.now());
    let (policy, vault) = (call.project.policy().clone(), Arc::clone(&call.app.vault));
    call.act(move |act| {
        let mut session = sessions::lock(act, &user, &id)?;
        if session.refreshing_until.is_some_and(|until| until > now) {
            return Ok(RefreshSlot::Busy);
        }
        if waiting_since.is_some_and(|since| session.updated_at >= since) {
            return Ok(RefreshSlot::Refreshed(Box::new(session.into_inner())));
        }
        let grant = Grant::open(&vault, session.provider_grant.as_deref(), session.id.as_str())?;
        session.refreshing_until = Some(now.plus(REFRESH_LEASE));
        session.expire = act.now().plus(policy.session_duration());
        sessions::save(act, &mut session)?;
        Ok::<_, Error>(RefreshSlot::Acquired(grant))
    })
    .await
}

/// Outcome of a refresh.
enum RefreshOutcome {
    Fresh((Grant, Option<Timestamp>)),
    /// The provider has revoked the grant: the refresh token is deleted and not used again.
    Dead(Grant),
    Unchanged,
}

async fn release_lease(call: &Call<State>, user: &UserId, id: &SessionId, outcome: RefreshOutcome) -> Result<Session> {
    let (user, id, vault) = (user.clone(), id.clone(), Arc::clone(&call.app.vault));
    call.act(move |act| {
        let mut session = sessions::lock(act, &user, &id)?;
        session.refreshing_until = None;
        match outcome {
            RefreshOutcome::Fresh((grant, expiry)) => store_grant(act, &mut session, &grant, expiry, &vault)?,
            RefreshOutcome::Dead(grant) => {
                let expiry = session.provider_expiry;
                let ended = Grant {
                    refresh_token: String::new(),
                    ..grant
                };
                store_grant(act, &mut session, &ended, expiry, &vault)?;
            }
            RefreshOutcome::Unchanged => {}
        }
        sessions::save(act, &mut session)?;
        record_session_event(act, &session, &vault)?;
        Ok::<_, Error>(session.into_inner())
    })
    .await
}

/// Stores new tokens, sealed, in the session and its identity, in one act.
fn store_grant(
    act: &mut Act<'_, '_>,
    session: &mut Session,
    grant: &Grant,
    expiry: Option<Timestamp>,
    vault: &Vault,
) -> Result<()> {
    session.provider_grant = Some(grant.seal(vault, session.id.as_str()));
    session.provider_expiry = expiry;
    let identity = identities::lock_by_uid(act, &session.provider, &session.provider_uid)?;
    if let Some(mut identity) = identity.filter(|identity| identity.user_id == session.user_id) {
        identities::set_grant(&mut identity, grant, expiry, vault);
        identities::save(act, &mut identity)?;
    }
    Ok(())
}

//! Push targets: devices that receive notifications. Each belongs to the session of its app and is deleted with it.

use api::{Act, Call, Created, NoContent, Result};
use db::Locked;
use identity::targets::{self, Channel, NewTarget, Target};
use identity::{SessionError, SessionId, TargetError, TargetId};
use kernel::id::CustomId;
use kernel::param::Text;
use user_agents::Agent;
use views::record_target_event;

use crate::State;

kernel::params! {
    /// Parameters of a new push target.
    pub(crate) struct CreatePushTarget {
        /// Target ID; `unique()` generates one.
        target_id: CustomId<TargetId> = "targetId",
        /// Device token.
        identifier: Text<255, 1> = "identifier",
        /// ID of the messaging provider.
        provider_id: Text<36> = "providerId" | Text::default(),
    }
}

/// Registers the device of the caller's session.
pub(crate) async fn create(call: Call<State>, input: CreatePushTarget) -> Result<Created<views::Target>> {
    // Projects have no messaging providers yet, so any provider ID is unknown.
    if !input.provider_id.0.is_empty() {
        return Err(TargetError::ProviderNotFound.into());
    }
    let (user, session) = (call.person()?.user.id.clone(), session(&call)?);
    let new = NewTarget {
        id: input.target_id.or_generate(call.now()),
        session: Some(session),
        name: device(&call),
        kind: Channel::Push,
        identifier: input.identifier.0,
    };
    call.act(move |act| {
        let target = targets::create(act, &user, new)?;
        record_target_event(act, &target).map(Created)
    })
    .await
}

kernel::params! {
    /// Parameters of an update of a push target.
    pub(crate) struct UpdatePushTarget {
        /// Target ID.
        target_id: TargetId = "targetId",
        /// New device token.
        identifier: Text<255, 1> = "identifier",
    }
}

/// Updates the token of a device.
pub(crate) async fn update(call: Call<State>, input: UpdatePushTarget) -> Result<views::Target> {
    let (user, name) = (call.person()?.user.id.clone(), device(&call));
    call.act(move |act| {
        let mut target = push(act, &user, &input.target_id)?;
        targets::set_identifier(&mut target, &input.identifier.0)?;
        target.name = name;
        targets::save(act, &mut target)?;
        record_target_event(act, &target)
    })
    .await
}

kernel::params! {
    /// Parameters of the deletion of a push target.
    pub(crate) struct DeletePushTarget {
        /// Target ID.
        target_id: TargetId = "targetId",
    }
}

/// Deletes a device.
pub(crate) async fn delete(call: Call<State>, input: DeletePushTarget) -> Result<NoContent> {
    let user = call.person()?.user.id.clone();
    call.act(move |act| {
        let target = push(act, &user, &input.target_id)?;
        targets::remove(act, &target)?;
        record_target_event(act, &target).map(|_| NoContent)
    })
    .await
}

/// ID of the caller's session. Returns an error for a caller who authenticated with a JWT that has no session.
fn session(call: &Call<State>) -> Result<SessionId> {
    Ok(call.caller.session().cloned().ok_or(SessionError::NotFound)?)
}

/// Brand and model of the caller's device, e.g. `Apple iPhone`.
fn device(call: &Call<State>) -> String {
    let agent = Agent::parse(&call.origin().user_agent);
    format!("{} {}", agent.device_brand, agent.device_model)
        .trim()
        .to_owned()
}

/// Locks a push target of the caller; e-mail and phone targets are not found, since they cannot be changed here.
fn push(act: &mut Act<'_, '_>, user: &identity::UserId, id: &TargetId) -> Result<Locked<Target>> {
    let target = targets::lock(act, user, id)?;
    if target.provider_type == Channel::Push.as_str() {
        Ok(target)
    } else {
        Err(TargetError::NotFound.into())
    }
}

//! The devices that notifications reach. Each belongs to the session that its app is signed in with, and goes with it.

use api::{Act, Call, Created, NoContent, Result};
use db::Locked;
use identity::targets::{self, Channel, NewTarget, Target};
use identity::{Error, SessionId, TargetId};
use kernel::id::CustomId;
use kernel::param::Text;
use user_agents::Agent;
use views::record_target_event;

use crate::State;

kernel::params! {
    /// A device to be.
    pub(crate) struct CreatePushTarget {
        /// Its id, or `unique()`.
        target_id: CustomId<TargetId> = "targetId",
        /// The device's token.
        identifier: Text<255, 1> = "identifier",
        /// The provider that sends there.
        provider_id: Text<36> = "providerId" | Text::default(),
    }
}

/// Makes the device of the caller's session known.
pub(crate) async fn create(call: Call<State>, input: CreatePushTarget) -> Result<Created<views::Target>> {
    // A project has no providers of its own yet, so that none can be named.
    if !input.provider_id.0.is_empty() {
        return Err(Error::ProviderNotFound.into());
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
    /// Another token.
    pub(crate) struct UpdatePushTarget {
        /// The device.
        target_id: TargetId = "targetId",
        /// Its token.
        identifier: Text<255, 1> = "identifier",
    }
}

/// Gives a device its new token.
pub(crate) async fn update(call: Call<State>, input: UpdatePushTarget) -> Result<views::Target> {
    let (user, name) = (call.person()?.user.id.clone(), device(&call));
    call.act(move |act| {
        let mut target = push(act, &user, &input.target_id)?;
        targets::readdress(&mut target, &input.identifier.0)?;
        target.name = name;
        targets::save(act, &mut target)?;
        record_target_event(act, &target)
    })
    .await
}

kernel::params! {
    /// A device.
    pub(crate) struct DeletePushTarget {
        /// Id of the target.
        target_id: TargetId = "targetId",
    }
}

/// Forgets a device.
pub(crate) async fn delete(call: Call<State>, input: DeletePushTarget) -> Result<NoContent> {
    let user = call.person()?.user.id.clone();
    call.act(move |act| {
        let target = push(act, &user, &input.target_id)?;
        targets::remove(act, &target)?;
        record_target_event(act, &target).map(|_| NoContent)
    })
    .await
}

/// The caller's session. One that was opened by a JWT alone has no device.
fn session(call: &Call<State>) -> Result<SessionId> {
    Ok(call.caller.session().cloned().ok_or(Error::SessionNotFound)?)
}

/// Name of the caller's device: `Apple iPhone`.
fn device(call: &Call<State>) -> String {
    let agent = Agent::parse(&call.origin().user_agent);
    format!("{} {}", agent.device_brand, agent.device_model)
        .trim()
        .to_owned()
}

/// A device of the caller; their address and number are not changed here.
fn push(act: &mut Act<'_, '_>, user: &identity::UserId, id: &TargetId) -> Result<Locked<Target>> {
    let target = targets::lock(act, user, id)?;
    if target.provider_type == Channel::Push.as_str() {
        Ok(target)
    } else {
        Err(Error::TargetNotFound.into())
    }
}

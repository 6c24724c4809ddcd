//! Fields of members that are visible to a caller.

use api::{Act, Call, Result};
use identity::Policy;
use identity::memberships::{Invitee, Membership};
use identity::teams::Team;
use identity::users::{User, Users};
use views::Member;

use crate::access::TeamCaller;

/// Policy for the visible fields of members; `None` if all are visible.
#[derive(Clone)]
pub(crate) struct MemberVisibility(Option<Policy>);

impl MemberVisibility {
    pub(crate) fn of(call: &Call, who: &TeamCaller) -> Self {
        Self(who.user().map(|_| call.project.policy().clone()))
    }

    /// The visible fields of a member. Before an invitation is accepted, clients see what the inviting one said.
    pub(crate) fn member(&self, membership: &Membership, user: Option<&User>) -> Member {
        let member = user.map(Member::of).unwrap_or_default();
        match &self.0 {
            Some(policy) if membership.confirm => member.hidden_by(policy),
            Some(policy) => invited(membership, member.id).hidden_by(policy),
            None => member,
        }
    }

    /// Whether only confirmed members are found by their names and addresses.
    pub(crate) fn is_limited(&self) -> bool {
        self.0.is_some()
    }

    /// Columns of a member that are searched: only those visible to the caller.
    pub(crate) fn searched(&self) -> Vec<Users> {
        let shows = |shown: fn(&Policy) -> bool| self.0.as_ref().is_none_or(shown);
        let mut columns = Vec::new();
        if shows(|policy| policy.members_see_ids) {
            columns.push(Users::Id);
        }
        if shows(|policy| policy.members_see_names) {
            columns.push(Users::Name);
        }
        if shows(|policy| policy.members_see_emails) {
            columns.push(Users::Email);
        }
        if shows(|policy| policy.members_see_phones) {
            columns.push(Users::Phone);
        }
        columns
    }
}

/// The fields of an invited user that are visible before the invitation is accepted.
fn invited(membership: &Membership, id: String) -> Member {
    let invitee = membership.invitee.as_ref().map(|invitee| invitee.0.clone());
    let Invitee { name, email, phone } = invitee.unwrap_or_default();
    Member {
        id,
        name,
        email,
        phone,
        ..Member::default()
    }
}

/// Emits the event of a membership and returns the response model.
pub(crate) fn emit_and_view(
    act: &mut Act<'_, '_>,
    team: &Team,
    membership: &Membership,
    member: Member,
) -> Result<views::Membership> {
    let view = views::membership(membership, &team.name, member);
    let payload = serde_json::to_value(&view).unwrap_or_default();
    let subjects = [("teamId", team.id.as_str()), ("membershipId", membership.id.as_str())];
    act.record_event(&subjects, payload)?;
    Ok(view)
}

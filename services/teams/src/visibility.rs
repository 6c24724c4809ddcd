//! Fields of members that a caller can see.

use api::{Act, Call, Result};
use identity::Policy;
use identity::memberships::Membership;
use identity::teams::Team;
use identity::users::{User, Users};
use views::Member;

use crate::access::TeamCaller;

/// Policy for the fields of members that the caller can see.
#[derive(Clone)]
pub(crate) struct MemberVisibility(Option<Policy>);

impl MemberVisibility {
    pub(crate) fn of(call: &Call, who: &TeamCaller) -> Self {
        Self(who.user().map(|_| call.project.policy().clone()))
    }

    pub(crate) fn member(&self, user: Option<&User>) -> Member {
        let member = user.map(Member::of).unwrap_or_default();
        match &self.0 {
            Some(policy) => member.hidden_by(policy),
            None => member,
        }
    }

    /// The columns of a member that a search may look into: those that are shown.
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

/// Tells what happened to a membership, and shows it.
pub(crate) fn emit_and_show(
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

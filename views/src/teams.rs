//! Teams and memberships.

use api::Date;
use identity::users::User;
use kernel::Timestamp;

use crate::Preferences;

api::model! {
    /// A group of users.
    pub struct Team as "team" {
        /// Team ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// Name.
        name: String = "name",
        /// Number of confirmed members.
        total: i64 = "total",
        /// Preferences: any JSON object.
        prefs: Preferences = "prefs",
    }
}

api::model! {
    /// Membership of a user in a team.
    pub struct Membership as "membership" {
        /// Membership ID.
        id: String = "$id",
        /// Creation time.
        created_at: Timestamp = "$createdAt",
        /// Time of the last change.
        updated_at: Timestamp = "$updatedAt",
        /// User ID of the member.
        user_id: String = "userId",
        /// The member's name; empty if the project hides it.
        user_name: String = "userName",
        /// The member's e-mail address; empty if the project hides it.
        user_email: String = "userEmail",
        /// The member's phone number; empty if the project hides it.
        user_phone: String = "userPhone",
        /// Team ID.
        team_id: String = "teamId",
        /// The team's name.
        team_name: String = "teamName",
        /// Time of the invitation.
        invited: Timestamp = "invited",
        /// Time at which the user joined; empty until then.
        joined: Date = "joined",
        /// Whether the user accepted.
        confirm: bool = "confirm",
        /// Whether the member uses a second factor; false if the project hides it.
        mfa: bool = "mfa",
        /// Time of the member's last request, accurate to about a day; empty if the project hides it.
        user_accessed_at: Date = "userAccessedAt",
        /// Roles of the member.
        roles: Vec<String> = "roles",
    }
}

/// Visible fields of a member; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The phone number.
    pub phone: String,
    /// Whether a second factor is required.
    pub mfa: bool,
    /// Time of the last request, accurate to about a day.
    pub accessed_at: Option<Timestamp>,
}

impl Member {
    /// All fields, for servers.
    pub fn of(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.email.clone().unwrap_or_default(),
            phone: user.phone.clone().unwrap_or_default(),
            mfa: user.mfa,
            accessed_at: user.accessed_at,
        }
    }

    /// Removes the fields that the project's policy hides.
    pub fn hidden_by(self, policy: &identity::Policy) -> Self {
        let shown = |text: String, visible: bool| if visible { text } else { String::new() };
        Self {
            id: shown(self.id, policy.members_see_ids),
            phone: shown(self.phone, policy.members_see_phones),
            accessed_at: self.accessed_at.filter(|_| policy.members_see_accesses),
            name: shown(self.name, policy.members_see_names),
            email: shown(self.email, policy.members_see_emails),
            mfa: self.mfa && policy.members_see_mfa,
        }
    }
}

/// The model of a team.
pub fn team(team: &identity::teams::Team) -> Team {
    Team {
        id: team.id.to_string(),
        created_at: team.created_at,
        updated_at: team.updated_at,
        name: team.name.clone(),
        total: team.total,
        prefs: Preferences(team.prefs.0.clone()),
    }
}

/// The model of a membership, with the visible fields of the member.
pub fn membership(membership: &identity::memberships::Membership, team_name: &str, member: Member) -> Membership {
    Membership {
        id: membership.id.to_string(),
        created_at: membership.created_at,
        updated_at: membership.updated_at,
        user_id: member.id,
        user_name: member.name,
        user_email: member.email,
        user_phone: member.phone,
        team_id: membership.team_id.to_string(),
        team_name: team_name.to_owned(),
        invited: membership.invited,
        joined: Date(membership.joined),
        confirm: membership.confirm,
        mfa: member.mfa,
        user_accessed_at: Date(member.accessed_at),
        roles: membership.roles.0.clone(),
    }
}

//! The caller: a guest, a user, a server's key, or a developer in admin mode.

use std::sync::Arc;

use identity::memberships::Membership;
use identity::{Person, SessionId};
use kernel::Scopes;

/// The caller of a request.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Not authenticated.
    Guest,
    /// A user of the project.
    User {
        /// The user.
        person: Arc<Person>,
        /// The session that authenticates the request; none with a JWT without a session.
        session: Option<SessionId>,
        /// True if a JWT authenticates the request, false if the session's secret does.
        by_jwt: bool,
    },
    /// A key of one of the project's servers.
    Key {
        /// The key's name.
        name: String,
    },
    /// A member of the project's team, from the console.
    Admin {
        /// The console's user.
        person: Arc<Person>,
        /// The session that authenticates the request.
        session: Option<SessionId>,
        /// Role of the developer in the team: `owner`, `developer`, …
        role: &'static str,
    },
}

impl Caller {
    /// True for server keys and for developers in admin mode: replies contain secrets, and permissions are not checked.
    pub fn is_privileged(&self) -> bool {
        matches!(self, Self::Key { .. } | Self::Admin { .. })
    }

    /// The user of the project.
    pub fn person(&self) -> Option<&Arc<Person>> {
        match self {
            Self::User { person, .. } => Some(person),
            _ => None,
        }
    }

    /// The user's session.
    pub fn session(&self) -> Option<&SessionId> {
        match self {
            Self::User { session, .. } | Self::Admin { session, .. } => session.as_ref(),
            _ => None,
        }
    }

    /// Name of the role in error messages.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Guest => "guests",
            Self::User { .. } => "users",
            Self::Key { .. } => "applications",
            Self::Admin { role, .. } => role,
        }
    }
}

/// A caller and the rights that follow from its identity.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The caller.
    pub caller: Caller,
    /// Scopes.
    pub scopes: Scopes,
    /// True if the request has a valid development key.
    pub dev_key: bool,
    /// True if the session was looked up in `X-Fallback-Cookies`.
    pub by_fallback: bool,
}

/// A member's role in a team of the console, if it gives rights on the team's projects; the highest one if there are
/// several.
pub(crate) fn role_in(person: &Person, team: &str) -> Option<&'static str> {
    let of_team = |membership: &&Membership| membership.team_id.as_str() == team;
    role_of(person.memberships.iter().find(of_team)?)
}

/// The role of a membership, if it gives rights on the projects of its team.
pub(crate) fn role_of(membership: &Membership) -> Option<&'static str> {
    let held = |role: &str| membership.roles.0.iter().any(|own| own == role);
    ["owner", "developer", "admin"].into_iter().find(|role| held(role))
}

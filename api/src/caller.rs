//! The caller: a guest, a user, a server's key, or a developer in admin mode.

use std::sync::Arc;

use identity::{Person, SessionId};
use kernel::Scopes;

/// The caller of a request.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody known.
    Guest,
    /// A user of the project.
    User {
        /// The user.
        person: Arc<Person>,
        /// The session that proves it; none with a JWT that names none.
        session: Option<SessionId>,
        /// Whether a JWT was shown instead of the session's secret.
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
        /// The session that proves it.
        session: Option<SessionId>,
        /// Their role in the team: `owner`, `developer`, …
        role: &'static str,
    },
}

impl Caller {
    /// Whether secrets may be shown and permissions do not apply: servers and developers.
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

    /// The role's name in refusals.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Guest => "guests",
            Self::User { .. } => "users",
            Self::Key { .. } => "applications",
            Self::Admin { role, .. } => role,
        }
    }
}

/// A caller and what follows from who it is.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The caller.
    pub caller: Caller,
    /// Scopes.
    pub scopes: Scopes,
    /// Whether it showed a development key that holds.
    pub dev_key: bool,
    /// Whether the session was looked for in `X-Fallback-Cookies`.
    pub by_fallback: bool,
}

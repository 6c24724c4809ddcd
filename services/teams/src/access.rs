//! Access to teams: read and manage.

use api::{Call, Caller, Result};
use db::Tx;
use identity::teams::{self, Managed, Team};
use identity::{TeamId, UserId};

/// Kinds of callers with different access to teams.
#[derive(Debug, Clone)]
pub(crate) enum TeamCaller {
    /// An API key, or a developer in admin mode.
    Server,
    /// A user of the project.
    User(UserId),
}

impl TeamCaller {
    pub(crate) fn calls(call: &Call) -> Result<Self> {
        match &call.caller {
            Caller::Key { .. } | Caller::Admin { .. } => Ok(Self::Server),
            Caller::User { .. } | Caller::Guest => Ok(Self::User(call.person()?.user.id.clone())),
        }
    }

    pub(crate) fn user(&self) -> Option<&UserId> {
        match self {
            Self::Server => None,
            Self::User(id) => Some(id),
        }
    }

    /// Returns the team if the caller can read it.
    pub(crate) fn find(&self, tx: &mut Tx<'_>, id: &TeamId) -> Result<Team> {
        Ok(match self {
            Self::Server => teams::find(tx, id)?,
            Self::User(user) => teams::find_for(tx, id, user)?,
        })
    }

    /// Returns the team if the caller can manage it.
    pub(crate) fn manage(&self, tx: &mut Tx<'_>, id: &TeamId) -> Result<Managed> {
        let team = self.find(tx, id)?;
        Ok(match self {
            Self::Server => team.managed_by_server(),
            Self::User(user) => team.managed_by(tx, user)?,
        })
    }
}

//! Access to rows.

use std::sync::Arc;

use kernel::permission::{Action, Permissions, Roles};

use crate::{AccessError, Result, Schema, verbatim};

/// Access to rows: of a server, which skips permissions, or of a client with roles.
#[derive(Debug, Clone)]
pub enum Access {
    /// A server key, or a developer in admin mode.
    Server,
    /// A user or a guest.
    Client(Principal),
}

/// A user or a guest, for checks of permissions.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Roles of the principal.
    pub roles: Arc<Roles>,
    /// The user's ID; none for a guest.
    pub user: Option<String>,
}

impl Access {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&Principal> {
        match self {
            Self::Server => None,
            Self::Client(client) => Some(client),
        }
    }

    /// Whether the permissions grant an action; always true for a server.
    pub fn granted(&self, permissions: &Permissions, action: Action) -> bool {
        self.client()
            .is_none_or(|client| permissions.allow(action, &client.roles))
    }

    /// Whether a table grants an action or, with row security, one of its rows.
    pub fn granted_on(&self, table: &Schema, row: &Permissions, action: Action) -> bool {
        self.granted(&table.permissions, action) || (table.row_security && self.granted(row, action))
    }

    /// Refuses permissions for roles that the client does not have: a client can grant only its own roles.
    pub fn may_grant(&self, permissions: Option<&Permissions>) -> Result<()> {
        let (Some(client), Some(permissions)) = (self.client(), permissions) else {
            return Ok(());
        };
        if permissions.iter().all(|permission| client.roles.hold(&permission.role)) {
            return Ok(());
        }
        let mut roles: Vec<&str> = client.roles.iter().collect();
        roles.sort_unstable();
        Err(
            AccessError::UnauthorizedRoles(format!("Permissions must be one of: ({})", verbatim(roles.join(", "))))
                .into(),
        )
    }

    /// Default permissions of a new row: its user can read, update and delete it; a server's row has none.
    pub fn default_permissions(&self) -> Permissions {
        let mut own = Permissions::default();
        if let Some(user) = self.client().and_then(|client| client.user.as_ref()) {
            let role = format!("user:{user}");
            for action in [Action::Read, Action::Update, Action::Delete] {
                own.grant(action, &role);
            }
        }
        own
    }
}

//! Who asks for rows.

use std::sync::Arc;

use kernel::permission::{Action, Permissions, Roles};

/// Who asks: a server, to whom permissions do not apply, or a client with roles.
#[derive(Debug, Clone)]
pub enum Access {
    /// A key, or a developer in admin mode.
    Server,
    /// A user or a guest.
    Client(Client),
}

/// A user or a guest, as permissions see them.
#[derive(Debug, Clone)]
pub struct Client {
    /// The roles that they hold.
    pub roles: Arc<Roles>,
    /// The user's id; none for a guest.
    pub user: Option<String>,
}

impl Access {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            Self::Server => None,
            Self::Client(client) => Some(client),
        }
    }

    /// Whether these permissions grant an action; to a server they need not.
    pub fn granted(&self, permissions: &Permissions, action: Action) -> bool {
        self.client()
            .is_none_or(|client| permissions.allow(action, &client.roles))
    }

    /// The permissions of a row that was made without a word about them: its maker's own; a server's row has none.
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

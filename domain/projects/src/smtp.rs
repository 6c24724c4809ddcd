//! A project's own mail server.

use secrets::{OpenError, Sealed, Vault};
use serde::{Deserialize, Serialize};

use crate::ids::ProjectId;

kernel::choices! {
    /// Transport security, with Appwrite's names.
    pub enum Secure {
        /// By STARTTLS.
        Tls = "tls",
        /// TLS from the first byte.
        Ssl = "ssl",
    }
}

/// A mail server, and the sender of mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnSmtp {
    /// Whether it is enabled.
    pub enabled: bool,
    /// Host name or IP address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User name; empty for none.
    pub username: String,
    /// Password, sealed for the project; none if not set.
    pub password: Option<String>,
    /// Transport security; none: STARTTLS if the server offers it.
    pub secure: Option<Secure>,
    /// The sender's name.
    pub sender_name: String,
    /// The sender's address.
    pub sender_email: String,
    /// Reply-to address; empty for the sender's.
    pub reply_to: String,
    /// Reply-to name.
    pub reply_to_name: String,
}

impl Default for OwnSmtp {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 587,
            username: String::new(),
            password: None,
            secure: None,
            sender_name: String::new(),
            sender_email: String::new(),
            reply_to: String::new(),
            reply_to_name: String::new(),
        }
    }
}

impl OwnSmtp {
    /// Whether it is enabled and complete.
    pub fn is_usable(&self) -> bool {
        self.enabled && !self.host.is_empty() && !self.sender_email.is_empty()
    }

    /// The port to show: 0 if no host is set.
    pub fn shown_port(&self) -> i64 {
        if self.host.is_empty() { 0 } else { self.port.into() }
    }

    /// Refuses enabled settings that are incomplete.
    pub fn check(&self) -> crate::Result<()> {
        let missing = match self {
            _ if !self.enabled => return Ok(()),
            _ if self.host.is_empty() => "host",
            _ if self.sender_email.is_empty() => "senderEmail",
            _ => return Ok(()),
        };
        Err(crate::Error::SettingInvalid(format!(
            "Invalid `{missing}` param: it is needed when SMTP is enabled"
        )))
    }

    /// Stores a password; an empty one deletes the stored password.
    pub fn set_password(&mut self, password: &str, vault: &Vault, project: &ProjectId) {
        self.password = (!password.is_empty()).then(|| vault.seal(password, &seal_context(project)).0);
    }

    /// The decrypted password; an empty text if none is set.
    pub fn reveal_password(&self, vault: &Vault, project: &ProjectId) -> Result<String, OpenError> {
        match &self.password {
            Some(sealed) => vault.open(&Sealed(sealed.clone()), &seal_context(project)),
            None => Ok(String::new()),
        }
    }
}

fn seal_context(project: &ProjectId) -> String {
    format!("smtp {project}")
}

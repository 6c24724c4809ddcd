//! A mail server of a project's own.

use secrets::{OpenError, Sealed, Vault};
use serde::{Deserialize, Serialize};

use crate::ids::ProjectId;

kernel::choices! {
    /// Transport security, by Appwrite's names.
    pub enum Secure {
        /// By STARTTLS.
        Tls = "tls",
        /// By TLS from the first byte.
        Ssl = "ssl",
    }
}

/// The mail server, and who writes by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnSmtp {
    /// Whether it is used.
    pub enabled: bool,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user's name there; empty for none.
    pub username: String,
    /// The user's password, sealed for the project; none where there is none.
    pub password: Option<String>,
    /// Transport security; none: STARTTLS if the server offers it.
    pub secure: Option<Secure>,
    /// The sender's name.
    pub sender_name: String,
    /// The sender's address.
    pub sender_email: String,
    /// Reply-to address; empty: the sender's.
    pub reply_to: String,
    /// Whom answers go to.
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
    /// Whether mails go by it.
    pub fn is_usable(&self) -> bool {
        self.enabled && !self.host.is_empty() && !self.sender_email.is_empty()
    }

    /// The port as it is shown: 0 where no server is named.
    pub fn shown_port(&self) -> i64 {
        if self.host.is_empty() { 0 } else { self.port.into() }
    }

    /// Refuses to be switched on while something is missing.
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

    /// Keeps a password; an empty one takes away what there was.
    pub fn set_password(&mut self, password: &str, vault: &Vault, project: &ProjectId) {
        self.password = (!password.is_empty()).then(|| vault.seal(password, &seal_context(project)).0);
    }

    /// The password; an empty text where there is none.
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

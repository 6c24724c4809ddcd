//! The project's own mail server, and a test mail.

use api::{Call, NoContent, Result};
use kernel::param::{Int, List, Text};
use kernel::{Email, OrBlank};
use projects::ProjectId;
use projects::smtp::{OwnSmtp, Secure};
use projects_api::Wire;
use projects_api::smtp::{self, address};
use secrets::Vault;

use crate::model;
use crate::own::{Own, State};

kernel::params! {
    /// Changes to the mail server; absent fields stay as they are.
    pub(crate) struct UpdateSmtp {
        /// The server's name or address.
        host: Option<Text<255>> = "host",
        /// Its port.
        port: Option<Int<1, 65_535>> = "port",
        /// User name at the mail server; empty for none.
        username: Option<Text<1024>> = "username",
        /// Password at the mail server; empty for none.
        password: Option<Text<1024>> = "password",
        /// The sender's address.
        sender_email: Option<OrBlank<Email>> = "senderEmail",
        /// The sender's name.
        sender_name: Option<Text<255>> = "senderName",
        /// Reply-to address.
        reply_to_email: Option<OrBlank<Email>> = "replyToEmail",
        /// Reply-to name.
        reply_to_name: Option<Text<255>> = "replyToName",
        /// `tls` or `ssl`; empty for STARTTLS if the server offers it.
        secure: Option<OrBlank<Secure>> = "secure",
        /// Whether mails are sent by it.
        enabled: Option<bool> = "enabled",
    }
}

impl UpdateSmtp {
    fn apply(self, smtp: &mut OwnSmtp, vault: &Vault, project: &ProjectId) {
        set(&mut smtp.host, self.host.map(|host| host.0));
        set(&mut smtp.port, self.port.and_then(|port| u16::try_from(port.0).ok()));
        set(&mut smtp.username, self.username.map(|name| name.0));
        set(&mut smtp.sender_email, self.sender_email.map(address));
        set(&mut smtp.sender_name, self.sender_name.map(|name| name.0));
        set(&mut smtp.reply_to, self.reply_to_email.map(address));
        set(&mut smtp.reply_to_name, self.reply_to_name.map(|name| name.0));
        set(&mut smtp.secure, self.secure.map(|secure| secure.0));
        set(&mut smtp.enabled, self.enabled);
        if let Some(password) = self.password {
            smtp.set_password(&password.0, vault, project);
        }
    }
}

fn set<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}

/// Changes the mail server.
pub(crate) async fn update(call: Call<State>, input: UpdateSmtp) -> Result<model::Project> {
    let own = Own::project(&call)?;
    let mut smtp = own.settings().smtp.clone();
    input.apply(&mut smtp, &call.app.vault, own.id());
    smtp::update(&call, smtp).await
}

kernel::params! {
    /// Parameters of a test mail.
    pub(crate) struct CreateSmtpTest {
        /// Recipient addresses, at most 10.
        emails: List<Email, 10> = "emails",
    }
}

/// Sends a test mail by the project's server, or by the operator's where it has none.
pub(crate) async fn test(call: Call<State>, input: CreateSmtpTest) -> Result<NoContent> {
    let own = Own::project(&call)?;
    smtp::send_test(&call, &own.settings().smtp, &input.emails.0).await
}

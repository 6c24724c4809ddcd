//! A project's own mail server, and a test mail.

use api::{Call, NoContent, Result};
use kernel::param::{Int, List, Text};
use kernel::{Email, OrBlank};
use projects::ProjectId;
use projects::smtp::{OwnSmtp, Secure};
use projects_api::smtp::{self, address};
use secrets::Vault;

use crate::model;
use crate::target::State;

kernel::params! {
    /// Parameters of the mail server.
    pub(crate) struct UpdateSmtp {
        /// Whether mails are sent by it. If not, the other fields are discarded.
        enabled: bool = "enabled",
        /// The sender's name.
        sender_name: Text<255> = "senderName" | Text::default(),
        /// The sender's address.
        sender_email: OrBlank<Email> = "senderEmail" | OrBlank(None),
        /// Reply-to address.
        reply_to: OrBlank<Email> = "replyTo" | OrBlank(None),
        /// The server's name or address.
        host: Text<255> = "host" | Text::default(),
        /// Its port.
        port: Int<1, 65_535> = "port" | Int(587),
        /// User name at the mail server.
        username: Text<1024> = "username" | Text::default(),
        /// Password at the mail server; the stored one if absent.
        password: Option<Text<1024>> = "password",
        /// `tls` or `ssl`; empty for STARTTLS if the server offers it.
        secure: OrBlank<Secure> = "secure" | OrBlank(None),
    }
}

impl UpdateSmtp {
    /// The new settings; the password and the reply-to name are those of `old` unless given.
    fn read(self, old: &OwnSmtp, vault: &Vault, project: &ProjectId) -> OwnSmtp {
        if !self.enabled {
            return OwnSmtp::default();
        }
        let mut smtp = OwnSmtp {
            enabled: true,
            host: self.host.0,
            port: u16::try_from(self.port.0).unwrap_or_default(),
            username: self.username.0,
            password: old.password.clone(),
            secure: self.secure.0,
            sender_name: self.sender_name.0,
            sender_email: address(self.sender_email),
            reply_to: address(self.reply_to),
            reply_to_name: old.reply_to_name.clone(),
        };
        if let Some(password) = self.password {
            smtp.set_password(&password.0, vault, project);
        }
        smtp
    }
}

/// Sets the mail server.
pub(crate) async fn update(call: Call<State>, input: UpdateSmtp) -> Result<model::Project> {
    let target = call.target()?;
    let smtp = input.read(&target.settings().smtp, &call.app.vault, target.id());
    smtp::update(&call, smtp).await
}

kernel::params! {
    /// Parameters of a test mail by a given server.
    pub(crate) struct CreateSmtpTest {
        /// Recipient addresses, at most 10.
        emails: List<Email, 10> = "emails",
        /// The sender's name.
        sender_name: Text<255> = "senderName",
        /// The sender's address.
        sender_email: Email = "senderEmail",
        /// Reply-to address.
        reply_to: OrBlank<Email> = "replyTo" | OrBlank(None),
        /// The server's name or address.
        host: Text<255, 1> = "host",
        /// Its port.
        port: Int<1, 65_535> = "port" | Int(587),
        /// User name at the mail server.
        username: Text<1024> = "username" | Text::default(),
        /// Password at the mail server; the stored one if absent.
        password: Option<Text<1024>> = "password",
        /// `tls` or `ssl`; empty for STARTTLS if the server offers it.
        secure: OrBlank<Secure> = "secure" | OrBlank(None),
    }
}

/// Sends a test mail by the given server, which need not be configured yet.
pub(crate) async fn test(call: Call<State>, input: CreateSmtpTest) -> Result<NoContent> {
    let target = call.target()?;
    let setting = UpdateSmtp {
        enabled: true,
        sender_name: input.sender_name,
        sender_email: OrBlank(Some(input.sender_email)),
        reply_to: input.reply_to,
        host: Text(input.host.0),
        port: input.port,
        username: input.username,
        password: input.password,
        secure: input.secure,
    };
    let smtp = setting.read(&target.settings().smtp, &call.app.vault, target.id());
    smtp.check()?;
    smtp::send_test(&call, &smtp, &input.emails.0).await
}

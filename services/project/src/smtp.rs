//! A mail server of the project's own, and a mail to try it out.

use api::{Call, NoContent, Result};
use kernel::param::{Int, List, Text};
use kernel::{Email, OrBlank};
use projects::smtp::{OwnSmtp, Secure};

use crate::own::{change, of};
use crate::{State, model};

kernel::params! {
    /// Changes to the mail server; absent fields stay as they are.
    pub(crate) struct UpdateSmtp {
        /// The server's name or address.
        host: Option<Text<255>> = "host",
        /// Its port.
        port: Option<Int<1, 65_535>> = "port",
        /// The user's name there; empty for none.
        username: Option<Text<1024>> = "username",
        /// The user's password; empty for none.
        password: Option<Text<1024>> = "password",
        /// The sender's address.
        sender_email: Option<OrBlank<Email>> = "senderEmail",
        /// The sender's name.
        sender_name: Option<Text<255>> = "senderName",
        /// Reply-to address.
        reply_to_email: Option<OrBlank<Email>> = "replyToEmail",
        /// Whom answers go to.
        reply_to_name: Option<Text<255>> = "replyToName",
        /// `tls` or `ssl`; empty: by STARTTLS where the server offers it.
        secure: Option<OrBlank<Secure>> = "secure",
        /// Whether mails go by it.
        enabled: Option<bool> = "enabled",
    }
}

impl UpdateSmtp {
    fn apply(self, call: &Call<State>, smtp: &mut OwnSmtp) -> Result<()> {
        let text = |email: OrBlank<Email>| email.0.map(|email| email.as_str().to_owned()).unwrap_or_default();
        set(&mut smtp.host, self.host.map(|host| host.0));
        set(&mut smtp.port, self.port.and_then(|port| u16::try_from(port.0).ok()));
        set(&mut smtp.username, self.username.map(|name| name.0));
        set(&mut smtp.sender_email, self.sender_email.map(text));
        set(&mut smtp.sender_name, self.sender_name.map(|name| name.0));
        set(&mut smtp.reply_to, self.reply_to_email.map(text));
        set(&mut smtp.reply_to_name, self.reply_to_name.map(|name| name.0));
        set(&mut smtp.secure, self.secure.map(|secure| secure.0));
        set(&mut smtp.enabled, self.enabled);
        if let Some(password) = self.password {
            smtp.set_password(&password.0, &call.app.vault, of(call)?.id());
        }
        Ok(smtp.check()?)
    }
}

fn set<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}

/// Sets the server. It is connected to first, so that a wrong setting is not found by users.
pub(crate) async fn update(call: Call<State>, input: UpdateSmtp) -> Result<model::Project> {
    let own = of(&call)?;
    let mut smtp = own.settings().smtp.clone();
    input.apply(&call, &mut smtp)?;
    if smtp.enabled {
        call.app.notifier.verify_connection(&smtp, own.id()).await?;
    }
    change(&call, move |record| record.settings.0.smtp = smtp).await
}

kernel::params! {
    /// Whom to write to.
    pub(crate) struct CreateSmtpTest {
        /// Addresses, at most ten.
        emails: List<Email, 10> = "emails",
    }
}

/// Sends a mail by the project's server, or by the operator's where it has none. The answer comes when the server took it.
pub(crate) async fn test(call: Call<State>, input: CreateSmtpTest) -> Result<NoContent> {
    let own = of(&call)?;
    let notifier = &call.app.notifier;
    notifier.try_out(&own.settings().smtp, own, &input.emails.0).await?;
    Ok(NoContent)
}

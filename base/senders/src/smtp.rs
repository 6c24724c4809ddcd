//! Mail by SMTP (RFC 5321): one connection per mail, to the server of the operator or of a project.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use outbound::{Outbound, Reach};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Mail, Mailbox, SendError};

/// Time limit for the reply of a mail server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Transport security of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum Security {
    /// No encryption.
    None,
    /// STARTTLS if the server offers it (RFC 3207).
    #[default]
    Offered,
    /// STARTTLS is required.
    StartTls,
    /// Implicit TLS (RFC 8314).
    Tls,
}

/// A mail server, with credentials.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Smtp {
    /// Host name or IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Transport security of the connection.
    pub security: Security,
    /// User name; empty for no authentication.
    pub username: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.security)
    }
}

/// The operator's mail server, and the sender of mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// The server.
    pub smtp: Smtp,
    /// The sender. If its name is empty, the project's name is used.
    pub sender: Mailbox,
}

/// An invalid mail server or gateway URL; the message contains the expected format.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct BadUrl(pub String);

impl Smtp {
    /// Sends a mail. The address of a project's own server must be public (`Reach::Checked`).
    pub async fn send(&self, mail: &Mail, outbound: &Outbound, reach: Reach) -> Result<(), SendError> {
        let message = mail.written()?;
        let mut connection = self.open(&mail.from.address, outbound, reach).await?;
        connection
            .send(message.envelope(), &message.formatted())
            .await
            .map_err(failed)?;
        // The mail was accepted; a failure of QUIT is ignored.
        let _ = connection.quit().await;
        Ok(())
    }

    /// Connects and authenticates without sending a mail, to check the settings.
    pub async fn verify_connection(&self, sender: &str, outbound: &Outbound, reach: Reach) -> Result<(), SendError> {
        let mut connection = self.open(sender, outbound, reach).await?;
        let _ = connection.quit().await;
        Ok(())
    }

    async fn open(&self, sender: &str, outbound: &Outbound, reach: Reach) -> Result<AsyncSmtpConnection, SendError> {
        let addresses = outbound
            .resolve(&self.host, self.port, reach)
            .await
            .map_err(|error| SendError::Failed(error.to_string()))?;
        let hello = ClientId::Domain(domain_of(sender));
        let tls = || self.tls(outbound).map_err(failed);
        let implicit = match self.security {
            Security::Tls => Some(tls()?),
            _ => None,
        };
        let connected = AsyncSmtpConnection::connect_tokio1(&addresses[..], Some(TIMEOUT), &hello, implicit, None);
        let mut connection = connected.await.map_err(failed)?;
        let secure = match self.security {
            Security::None | Security::Tls => false,
            Security::StartTls => true,
            Security::Offered => connection.can_starttls(),
        };
        if secure {
            connection.starttls(tls()?, &hello).await.map_err(failed)?;
        }
        if !self.username.is_empty() {
            let credentials = Credentials::new(self.username.clone(), self.password.clone());
            connection
                .auth(DEFAULT_MECHANISMS, &credentials)
                .await
                .map_err(failed)?;
        }
        Ok(connection)
    }

    fn tls(&self, outbound: &Outbound) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let mut parameters = TlsParameters::builder(self.host.clone());
        for der in outbound.authorities().der() {
            parameters = parameters.add_root_certificate(Certificate::from_der(der.to_vec())?);
        }
        parameters.build_rustls()
    }
}

fn domain_of(address: &str) -> String {
    let domain = address.rsplit('@').next().unwrap_or_default();
    if domain.is_ascii() && !domain.is_empty() {
        domain.to_owned()
    } else {
        "localhost".to_owned()
    }
}

/// A 5xx reply is permanent, except for authentication errors, since credentials may be corrected (RFC 5321, 4.2.1).
fn failed(error: lettre::transport::smtp::Error) -> SendError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        // Some errors already contain the message of their cause.
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    let code = error.status().map(u16::from).unwrap_or_default();
    if error.is_permanent() && !(530..=539).contains(&code) {
        SendError::Refused(text)
    } else {
        SendError::Failed(text)
    }
}

impl SmtpServer {
    /// Parses `smtp://user:password@host:587?from=me@example.com&name=Me`, or `smtps://` for implicit TLS. `tls` is
    /// `none`, `offered` (the default) or `required`. The default of `from` is `noreply@` and `domain`.
    pub fn parse(text: &str, domain: &str) -> Result<Self, BadUrl> {
        let bad = |rule: &str| BadUrl(rule.to_owned());
        let url = Url::parse(text).map_err(|_| bad("wants smtp://user:password@host:port"))?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(bad("wants smtp:// or smtps://")),
        };
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| bad("names no host"))?.trim_matches(['[', ']']);
        let mut security = if implicit { Security::Tls } else { Security::Offered };
        let mut sender = Mailbox::new("", format!("noreply@{domain}"));
        for (key, value) in url.query_pairs() {
            match (&*key, &*value) {
                ("from", address) => sender.address = address.to_owned(),
                ("name", name) => sender.name = name.to_owned(),
                ("tls", _) if implicit => return Err(bad("smtps:// is TLS already: tls belongs to smtp://")),
                ("tls", "none") => security = Security::None,
                ("tls", "offered") => security = Security::Offered,
                ("tls", "required") => security = Security::StartTls,
                ("tls", _) => return Err(bad("tls is none, offered or required")),
                (other, _) => return Err(BadUrl(format!("knows from, name and tls, but not {other}"))),
            }
        }
        if kernel::Email::new(&sender.address).is_none() && !sender.address.ends_with("@localhost") {
            return Err(bad("from is no e-mail address"));
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let smtp = Smtp {
            host: host.to_owned(),
            port: url.port().unwrap_or(if implicit { 465 } else { 587 }),
            security,
            username: decoded(url.username()),
            password: decoded(url.password().unwrap_or_default()),
        };
        Ok(Self { smtp, sender })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails")]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_all_about_a_server() {
        let read = |text: &str| SmtpServer::parse(text, "example.com");
        let plain = read("smtp://mail.example.com").unwrap();
        assert_eq!((plain.smtp.port, plain.smtp.security), (587, Security::Offered));
        assert_eq!(plain.sender.address, "noreply@example.com");
        let whole = read("smtps://me%40x:p%3Aw@mail.example.com?from=a@b.c&name=The%20Shop").unwrap();
        assert_eq!((whole.smtp.port, whole.smtp.security), (465, Security::Tls));
        assert_eq!(
            (whole.smtp.username.as_str(), whole.smtp.password.as_str()),
            ("me@x", "p:w")
        );
        assert_eq!(whole.sender, Mailbox::new("The Shop", "a@b.c"));
        assert_eq!(read("smtp://[::1]:25?tls=none").unwrap().smtp.host, "::1");
        for bad in [
            "mail",
            "http://x",
            "smtp://",
            "smtp://x?tls=maybe",
            "smtps://x?tls=none",
            "smtp://x?form=a@b.c",
            "smtp://x?from=a",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(!format!("{whole:?}").contains("p:w"), "a password is never printed");
    }
}

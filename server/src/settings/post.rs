//! Settings of mail and SMS: one URL each, or Appwrite's variables.

use senders::{Gateway, Mailbox, Security, Smtp, SmtpServer};
use url::Url;

use super::sources::bad;
use super::{BadSetting, Sources};

impl Sources {
    /// The operator's mail server. The host of `public_url` is the sender's default domain.
    pub(super) fn smtp(&self, public_url: Option<&Url>) -> Result<Option<SmtpServer>, BadSetting> {
        let domain = public_url.and_then(Url::domain).unwrap_or("localhost");
        match self.find(self.flags.smtp.as_ref(), "FERRITE_SMTP_URL", &[]) {
            Some((name, url)) => match SmtpServer::parse(&url, domain) {
                Ok(server) => Ok(Some(server)),
                Err(error) => Err(bad(name, error.to_string())),
            },
            None => self.smtp_of_appwrite(domain),
        }
    }

    fn smtp_of_appwrite(&self, domain: &str) -> Result<Option<SmtpServer>, BadSetting> {
        let value = |name: &str| self.environment.get(name).cloned().unwrap_or_default();
        let host = value("_APP_SMTP_HOST");
        if host.is_empty() {
            return Ok(None);
        }
        let port = match value("_APP_SMTP_PORT").as_str() {
            "" => 25,
            port => port.parse().map_err(|_| bad("_APP_SMTP_PORT", "must be a port"))?,
        };
        let security = match value("_APP_SMTP_SECURE").as_str() {
            "" => Security::Offered,
            "tls" => Security::StartTls,
            "ssl" => Security::Tls,
            _ => return Err(bad("_APP_SMTP_SECURE", "must be tls, ssl or empty")),
        };
        let address = match value("_APP_SYSTEM_EMAIL_ADDRESS") {
            address if address.is_empty() => format!("noreply@{domain}"),
            address => address,
        };
        Ok(Some(SmtpServer {
            smtp: Smtp {
                host,
                port,
                security,
                username: value("_APP_SMTP_USERNAME"),
                password: value("_APP_SMTP_PASSWORD"),
            },
            // Appwrite percent-encodes the name in its own `.env`.
            sender: Mailbox::new(value("_APP_SYSTEM_EMAIL_NAME").replace('+', " "), address),
        }))
    }

    /// The operator's SMS gateway.
    pub(super) fn sms(&self) -> Result<Option<Gateway>, BadSetting> {
        let Some((name, url)) = self.find(self.flags.sms.as_ref(), "FERRITE_SMS_URL", &["_APP_SMS_PROVIDER"]) else {
            return Ok(None);
        };
        let from = self.environment.get("_APP_SMS_FROM").map_or("", String::as_str);
        Gateway::parse(&url, from)
            .map(Some)
            .map_err(|error| bad(name, error.to_string()))
    }
}

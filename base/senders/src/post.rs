//! The configured ways to send messages: SMTP, SMS gateways, the development inbox.

use std::sync::Arc;

use outbound::{Outbound, Reach};

use crate::{Gateway, Inbox, Mail, SendError, Sms, Smtp, SmtpServer};

/// SMTP server of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// The operator's server.
    Own,
    /// A project's server; its address must be public.
    Project(Smtp),
}

/// The configured transports.
#[derive(Debug, Clone)]
pub struct Post {
    /// The operator's mail server.
    pub smtp: Option<SmtpServer>,
    /// The operator's SMS gateway.
    pub sms: Option<Gateway>,
    /// Development inbox, for messages without a configured server or gateway.
    pub inbox: Option<Arc<Inbox>>,
    /// Outbound client with its address guard.
    pub outbound: Outbound,
}

impl Post {
    /// Whether mail can be sent without a project's own server.
    pub fn has_mail(&self) -> bool {
        self.smtp.is_some() || self.inbox.is_some()
    }

    /// Whether SMS can be sent.
    pub fn has_sms(&self) -> bool {
        self.sms.is_some() || self.inbox.is_some()
    }

    /// Sends a mail.
    pub async fn mail(&self, mail: &Mail, route: &MailRoute) -> Result<(), SendError> {
        match (route, &self.smtp) {
            (MailRoute::Project(smtp), _) => smtp.send(mail, &self.outbound, Reach::Checked).await?,
            (MailRoute::Own, Some(server)) => server.smtp.send(mail, &self.outbound, Reach::Operator).await?,
            (MailRoute::Own, None) if self.inbox.is_some() => {}
            (MailRoute::Own, None) => return Err(SendError::NoRoute("mail server")),
        }
        // Stored after sending, so that retries do not store it twice.
        if let Some(inbox) = &self.inbox {
            inbox.keep_mail(mail);
        }
        Ok(())
    }

    /// Sends an SMS.
    pub async fn sms(&self, sms: &Sms) -> Result<(), SendError> {
        match &self.sms {
            // The mock gateway of Appwrite's tests does not exist in development; the inbox replaces it.
            Some(gateway) if gateway.is_mock() && self.inbox.is_some() && !gateway.has_endpoint() => {}
            Some(gateway) => gateway.send(sms, &self.outbound).await?,
            None if self.inbox.is_some() => {}
            None => return Err(SendError::NoRoute("SMS gateway")),
        }
        if let Some(inbox) = &self.inbox {
            inbox.keep_sms(sms);
        }
        Ok(())
    }
}

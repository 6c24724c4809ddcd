//! Notifications before they are rendered.

use std::collections::BTreeMap;

use kernel::Timestamp;
use projects::templates::{MailTemplate, SmsTemplate};
use senders::Mailbox;
use serde::{Deserialize, Serialize};

use crate::client_facts::ClientFacts;

/// Template variables by name.
pub type Values = BTreeMap<String, String>;

/// Mail to render and send.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailNotification {
    /// Recipient.
    pub to: Mailbox,
    /// Template.
    pub template: MailTemplate,
    /// Locale of the recipient, from the request that caused it.
    pub locale: String,
    /// Template variables, except the project's name and those that follow from the language.
    pub values: Values,
    /// The client that requested it, or that signed in.
    pub client: ClientFacts,
    /// Expiry time.
    pub until: Option<Timestamp>,
}

/// SMS to render and send.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SmsNotification {
    /// Phone number in E.164.
    pub to: String,
    /// Template.
    pub template: SmsTemplate,
    /// Locale of the recipient.
    pub locale: String,
    /// Template variables.
    pub values: Values,
    /// Expiry time.
    pub until: Option<Timestamp>,
}

/// Notification of either kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum Notification {
    /// By mail.
    Mail(MailNotification),
    /// By SMS.
    Sms(SmsNotification),
}

impl Notification {
    pub(crate) fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Mail(mail) => mail.until,
            Self::Sms(sms) => sms.until,
        }
    }
}

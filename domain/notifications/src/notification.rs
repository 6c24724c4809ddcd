//! The letter: what is to be written, and to whom.

use std::collections::BTreeMap;

use kernel::Timestamp;
use projects::templates::{MailTemplate, SmsTemplate};
use senders::Mailbox;
use serde::{Deserialize, Serialize};

use crate::client_facts::ClientFacts;

/// What fills a template, by name.
pub type Values = BTreeMap<String, String>;

/// A mail to be written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailNotification {
    /// Who is written to.
    pub to: Mailbox,
    /// What is written.
    pub template: MailTemplate,
    /// The reader's locale, as the request that asked for it named it.
    pub locale: String,
    /// What fills it. The project's name and what follows from the language need not be among it.
    pub values: Values,
    /// Who asked for it, or signed in.
    pub client: ClientFacts,
    /// When it is of no use any more.
    pub until: Option<Timestamp>,
}

/// An SMS to be written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SmsNotification {
    /// The number, E.164.
    pub to: String,
    /// What is written.
    pub template: SmsTemplate,
    /// The reader's locale.
    pub locale: String,
    /// What fills it.
    pub values: Values,
    /// When it is of no use any more.
    pub until: Option<Timestamp>,
}

/// A letter of either kind.
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

//! Letters: what the server writes to people by mail and SMS, each in the language of its reader.
//!
//! A letter is a template, the reader and the values that fill it. It is enqueued in the act that asks for it, sealed, as it
//! often holds a secret; a job writes it out and sends it. The texts are ours (`languages/`) unless the project has a mail
//! server and a template of its own.
//!
//! Not here: how a message travels (`senders`), which act writes which letter (the services), broadcasts.

mod client_facts;
mod compose;
mod fill;
mod language;
mod notification;
mod notifier;
mod work;

pub use client_facts::ClientFacts;
pub use compose::{RenderedMail, default_mail, default_sms};
pub use language::Language;
pub use notification::{MailNotification, Notification, SmsNotification, Values};
pub use notifier::{Error, Notifier};
pub use projects::templates::{MailTemplate, SmsTemplate};
pub use work::{JOBS, register};

//! Notifications: mails and SMS to users, each in the language of its recipient.
//!
//! A notification is a template, its recipient and the values of its variables. It is enqueued in the transaction of the act
//! that sends it, encrypted, as it often holds a secret; a job renders and sends it. The built-in texts (`languages/`) are
//! used unless the project has a mail server and a template of its own.
//!
//! Not here: transports (`senders`), which act sends which notification (the services), broadcasts.

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

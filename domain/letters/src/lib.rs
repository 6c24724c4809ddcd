//! Letters: what the server writes to people by mail and SMS, each in the language of its reader.
//!
//! A letter is a template, the reader and the values that fill it. It is enqueued in the act that asks for it, sealed, as it
//! often holds a secret; a job writes it out and sends it. The texts are ours (`languages/`) unless the project has a mail
//! server and a template of its own.
//!
//! Not here: how a message travels (`senders`), which act writes which letter (the services), broadcasts.

mod client;
mod compose;
mod fill;
mod language;
mod letter;
mod office;
mod work;

pub use client::Client;
pub use compose::{Written, default_mail, default_sms};
pub use language::Language;
pub use letter::{Letter, MailLetter, SmsLetter, Values};
pub use office::{Error, Letters};
pub use projects::templates::{MailTemplate, SmsTemplate};
pub use work::{JOBS, register};

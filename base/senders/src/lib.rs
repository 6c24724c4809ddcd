//! Senders: transports of messages to people.
//!
//! Mail is sent by SMTP ([`Smtp`]), SMS by the HTTP API of a gateway ([`Gateway`], one file each). In development both
//! are stored in an [`Inbox`]. [`Post`] contains the configured transports.
//!
//! Not here: the text of messages and its language (`notifications`), retries (`jobs`), push messages.

mod error;
mod inbox;
mod mail;
mod post;
mod sms;
mod smtp;

pub use error::SendError;
pub use inbox::{Inbox, Message, Received};
pub use mail::{Mail, Mailbox};
pub use post::{MailRoute, Post};
pub use sms::{Gateway, Sms};
pub use smtp::{BadUrl, Security, Smtp, SmtpServer};

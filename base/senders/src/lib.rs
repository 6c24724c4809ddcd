//! Senders: ways by which a message reaches a person.
//!
//! Mail goes by SMTP ([`Smtp`]), SMS by the HTTP API of a gateway ([`Gateway`], one file each). On a server that is being
//! tried out both end in an [`Inbox`] that the developer reads. [`Post`] holds what a server has of these.
//!
//! Not here: the text of messages and its language (`notifications`), when it is tried again (`jobs`), push messages.

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

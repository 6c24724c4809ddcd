//! A mail: sender, recipient, subject, and its text as HTML and plain text (RFC 2046, 5.1.4).

use lettre::message::{Mailbox as Written, Message, MultiPart};
use serde::{Deserialize, Serialize};

use crate::SendError;

/// A name and an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, or empty.
    pub name: String,
    /// The address.
    pub address: String,
}

impl Mailbox {
    /// An address with a name.
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            address: address.into(),
        }
    }

    fn written(&self) -> Result<Written, SendError> {
        let address = self
            .address
            .parse()
            .map_err(|_| SendError::Refused(format!("{} cannot be written to", self.address)))?;
        let name = one_line(&self.name);
        Ok(Written::new((!name.is_empty()).then_some(name), address))
    }
}

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Sender.
    pub from: Mailbox,
    /// Recipient.
    pub to: Mailbox,
    /// Reply-to address, if not the sender's.
    pub reply_to: Option<Mailbox>,
    /// The subject.
    pub subject: String,
    /// The text as HTML.
    pub html: String,
    /// The plain text.
    pub text: String,
}

impl Mail {
    /// The mail as a MIME message. Line breaks are removed from names and subjects, to prevent header injection
    /// (CWE-93).
    pub(crate) fn written(&self) -> Result<Message, SendError> {
        let mut builder = Message::builder()
            .from(self.from.written()?)
            .to(self.to.written()?)
            .subject(one_line(&self.subject))
            .message_id(Some(self.message_id()))
            // Marks the mail as generated, so that programs do not reply to it (RFC 3834).
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.written()?);
        }
        let body = MultiPart::alternative_plain_html(self.text.clone(), self.html.clone());
        builder
            .multipart(body)
            .map_err(|error| SendError::Refused(error.to_string()))
    }

    /// A unique Message-ID (RFC 5322, 3.6.4); mails without one are likely to be classified as spam.
    fn message_id(&self) -> String {
        let domain = self.from.address.rsplit('@').next().unwrap_or_default();
        format!("<{}@{domain}>", secrets::random::hex(32))
    }
}

/// Removes control characters, including line breaks.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Debug, Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails")]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            from: Mailbox::new("Shop", "noreply@shop.example"),
            to: Mailbox::new("Ada", "ada@example.com"),
            reply_to: None,
            subject: "Hello".into(),
            html: "<p>Hello</p>".into(),
            text: "Hello".into(),
        }
    }

    #[test]
    fn nothing_that_is_written_becomes_a_header_of_its_own() {
        let evil = "x\r\nBcc: victim@example.com\r\n\r\nbody\u{2028}\n";
        let mut mail = mail();
        mail.subject = evil.into();
        mail.from.name = evil.into();
        mail.to.name = evil.into();
        mail.reply_to = Some(Mailbox::new(evil, "answers@shop.example"));
        let raw = String::from_utf8(mail.written().unwrap().formatted()).unwrap();
        let headers = raw.split("\r\n\r\n").next().unwrap();
        let named: Vec<&str> = headers
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| line.split(':').next())
            .collect();
        assert!(!named.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{headers}");
        for header in ["Auto-Submitted", "Message-ID", "Date"] {
            assert!(named.contains(&header), "{headers}");
        }
    }

    #[test]
    fn a_server_without_a_name_can_write_too() {
        let mut mail = mail();
        mail.from.address = "noreply@localhost".into();
        assert!(mail.written().is_ok());
    }

    #[test]
    fn an_address_that_is_more_than_one_is_refused() {
        for address in [
            "ada@example.com\r\nRCPT TO:<b@c.d>",
            "a@b.c, d@e.f",
            "a@b.c>",
            "",
            "ada",
        ] {
            let mut mail = mail();
            mail.to.address = address.into();
            assert!(mail.written().unwrap_err().is_permanent(), "{address:?}");
        }
    }
}

//! Enqueues notifications in acts, and checks whether they can be sent.

use std::sync::Arc;

use db::Tx;
use kernel::{Email, Fault, Kind};
use outbound::Reach;
use projects::smtp::{OwnSmtp, Secure};
use projects::templates::Template;
use projects::{Directory, Project, ProjectId};
use secrets::{OpenError, Sealed, Vault};
use senders::{Mail, MailRoute, Mailbox, Post, Security, SendError, Smtp};
use serde_json::json;

use crate::compose;
use crate::notification::Notification;
use crate::work::JOB;

/// Errors of enqueueing a notification.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No mail server is configured.
    #[error("SMTP is disabled on this server: neither the server nor the project has a mail server set up.")]
    NoMail,
    /// No SMS gateway is configured.
    #[error("Phone is disabled on this server: it has no SMS gateway set up.")]
    NoSms,
    /// A project's mail server refused the connection or login.
    #[error("The mail server could not be used: {0}")]
    SmtpRefused(String),
    /// The sealed settings of a project's mail server cannot be decrypted.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A database error.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::NoMail => Kind::Unavailable("general_smtp_disabled"),
            Self::NoSms => Kind::Unavailable("general_phone_disabled"),
            Self::SmtpRefused(_) => Kind::Invalid("project_smtp_config_invalid"),
            Self::Open(_) => Kind::Broken,
            Self::Db(error) => error.kind(),
        }
    }
}

/// Enqueues notifications. Clones share their state.
#[derive(Debug, Clone)]
pub struct Notifier {
    pub(crate) post: Arc<Post>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) projects: Directory,
}

impl Notifier {
    /// Creates a notifier with transports, the vault that seals notifications, and the directory of projects.
    pub fn new(post: Post, vault: Arc<Vault>, projects: Directory) -> Self {
        Self {
            post: Arc::new(post),
            vault,
            projects,
        }
    }

    /// The configured transports.
    pub fn post(&self) -> &Post {
        &self.post
    }

    /// Refuses if neither the operator nor the project has a mail server.
    pub fn check_mail(&self, project: &Project) -> Result<(), Error> {
        if self.post.has_mail() || project.settings().smtp.is_usable() {
            Ok(())
        } else {
            Err(Error::NoMail)
        }
    }

    /// Refuses if there is no SMS gateway.
    pub fn check_sms(&self) -> Result<(), Error> {
        if self.post.has_sms() { Ok(()) } else { Err(Error::NoSms) }
    }

    /// Connects and logs in to a project's mail server, to check its settings.
    pub async fn verify_connection(&self, smtp: &OwnSmtp, project: &ProjectId) -> Result<(), Error> {
        let server = self.server(smtp, project)?;
        let greeted = server.verify_connection(&smtp.sender_email, &self.post.outbound, Reach::Checked);
        greeted.await.map_err(|error| Error::SmtpRefused(error.to_string()))
    }

    /// Sends a test mail by a project's mail server, or by the operator's if the project has none.
    pub async fn try_out(&self, smtp: &OwnSmtp, project: &Project, to: &[Email]) -> Result<(), Error> {
        let written = compose::test_message(&project.record.name);
        let (route, from, reply_to) = if smtp.is_usable() {
            self.project_route(smtp, None, project.id())?
        } else {
            (MailRoute::Own, self.operator(&project.record.name), None)
        };
        for address in to {
            let mail = Mail {
                from: from.clone(),
                to: Mailbox::new("", address.as_str()),
                reply_to: reply_to.clone(),
                subject: written.subject.clone(),
                html: written.html.clone(),
                text: written.text.clone(),
            };
            match self.post.mail(&mail, &route).await {
                Ok(()) => {}
                Err(SendError::NoRoute(_)) => return Err(Error::NoMail),
                Err(error) => return Err(Error::SmtpRefused(error.to_string())),
            }
        }
        Ok(())
    }

    /// Route, sender and reply address of mails by a project's own mail server.
    pub(crate) fn project_route(
        &self,
        smtp: &OwnSmtp,
        own: Option<&Template>,
        project: &ProjectId,
    ) -> Result<(MailRoute, Mailbox, Option<Mailbox>), OpenError> {
        let chosen = |own: Option<&String>, general: &str| match own {
            Some(own) if !own.is_empty() => own.clone(),
            _ => general.to_owned(),
        };
        let from = Mailbox::new(
            chosen(own.map(|own| &own.sender_name), &smtp.sender_name),
            chosen(own.map(|own| &own.sender_email), &smtp.sender_email),
        );
        let reply_to = Mailbox::new(
            chosen(own.map(|own| &own.reply_to_name), &smtp.reply_to_name),
            chosen(own.map(|own| &own.reply_to), &smtp.reply_to),
        );
        let route = MailRoute::Project(self.server(smtp, project)?);
        Ok((
            route,
            from,
            Some(reply_to).filter(|reply_to| !reply_to.address.is_empty()),
        ))
    }

    /// Sender address for the operator's server; the project's name is used if the operator set no name.
    pub(crate) fn operator(&self, project: &str) -> Mailbox {
        let mut sender = match &self.post.smtp {
            Some(server) => server.sender.clone(),
            None => Mailbox::new("", "noreply@localhost"),
        };
        if sender.name.is_empty() {
            project.clone_into(&mut sender.name);
        }
        sender
    }

    fn server(&self, smtp: &OwnSmtp, project: &ProjectId) -> Result<Smtp, OpenError> {
        Ok(Smtp {
            host: smtp.host.clone(),
            port: smtp.port,
            security: match smtp.secure {
                None => Security::Offered,
                Some(Secure::Tls) => Security::StartTls,
                Some(Secure::Ssl) => Security::Tls,
            },
            username: smtp.username.clone(),
            password: smtp.reveal_password(&self.vault, project)?,
        })
    }

    /// Enqueues a notification, sent after the act is committed. It is stored encrypted, as it can contain a secret
    /// that is otherwise stored only as a digest.
    pub fn enqueue(&self, tx: &mut Tx<'_>, notification: &Notification) -> Result<(), Error> {
        let text = serde_json::to_string(notification).unwrap_or_default();
        let Sealed(sealed) = self.vault.seal(&text, JOB);
        Ok(tx.enqueue(JOB, &json!({"letter": sealed}), None)?)
    }
}

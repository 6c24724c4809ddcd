//! The office: takes letters from acts, and knows whether there is a way to send them.

use std::sync::Arc;

use db::Tx;
use kernel::{Fault, Kind};
use projects::smtp::{OwnSmtp, Secure};
use projects::{Directory, Project, ProjectId};
use secrets::{OpenError, Sealed, Vault};
use senders::{MailRoute, Post, Security, Smtp};
use serde_json::json;

use crate::letter::Letter;
use crate::work::JOB;

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No mail server.
    #[error("SMTP is disabled on this server: neither the server nor the project has a mail server set up.")]
    NoMail,
    /// No SMS gateway.
    #[error("Phone is disabled on this server: it has no SMS gateway set up.")]
    NoSms,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::NoMail => Kind::Unavailable("general_smtp_disabled"),
            Self::NoSms => Kind::Unavailable("general_phone_disabled"),
            Self::Db(error) => error.kind(),
        }
    }
}

/// Takes letters. Clones share it.
#[derive(Debug, Clone)]
pub struct Letters {
    pub(crate) post: Arc<Post>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) projects: Directory,
}

impl Letters {
    /// An office that sends by this post, seals under this vault, and asks this directory for projects.
    pub fn new(post: Post, vault: Arc<Vault>, projects: Directory) -> Self {
        Self {
            post: Arc::new(post),
            vault,
            projects,
        }
    }

    /// What letters are sent by.
    pub fn post(&self) -> &Post {
        &self.post
    }

    /// Refuses where a project has no way to send mail.
    pub fn check_mail(&self, project: &Project) -> Result<(), Error> {
        match self.post.has_mail() || project.settings().smtp.is_usable() {
            true => Ok(()),
            false => Err(Error::NoMail),
        }
    }

    /// Refuses where there is no way to send SMS.
    pub fn check_sms(&self) -> Result<(), Error> {
        match self.post.has_sms() {
            true => Ok(()),
            false => Err(Error::NoSms),
        }
    }

    /// A mail server of a project's own, as mails are sent by it.
    pub fn route(&self, smtp: &OwnSmtp, project: &ProjectId) -> Result<MailRoute, OpenError> {
        Ok(MailRoute::Project(Smtp {
            host: smtp.host.clone(),
            port: smtp.port,
            security: match smtp.secure {
                None => Security::Offered,
                Some(Secure::Tls) => Security::StartTls,
                Some(Secure::Ssl) => Security::Tls,
            },
            username: smtp.username.clone(),
            password: smtp.reveal_password(&self.vault, project)?,
        }))
    }

    /// Takes a letter: it is sent once the act is committed. It lies sealed until then, as it may hold a secret that we
    /// otherwise keep as a digest only.
    pub fn take(&self, tx: &mut Tx<'_>, letter: &Letter) -> Result<(), Error> {
        let text = serde_json::to_string(letter).unwrap_or_default();
        let Sealed(sealed) = self.vault.seal(&text, JOB);
        Ok(tx.enqueue(JOB, &json!({"letter": sealed}), None)?)
    }
}

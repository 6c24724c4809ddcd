//! Errors of violations of a project's policy for its users.

use kernel::{Fault, Kind};

/// An error of violations of a project's policy for its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum PolicyError {
    #[error("This project has as many users as its settings allow.")]
    CountExceeded,
    #[error("Sign-up is closed: this server takes no further console accounts.")]
    ConsoleCountExceeded,
    #[error("Anonymous users cannot be created in the console project.")]
    AnonymousInConsole,
    #[error("Addresses with an alias are not taken here: leave out what follows the sign.")]
    EmailAliased,
    #[error("Addresses that are thrown away soon are not taken here.")]
    EmailDisposable,
    #[error("Addresses of providers for everybody are not taken here.")]
    EmailFree,
    #[error("Only addresses of an organization's own domain are taken here.")]
    EmailNotCorporate,
}

impl Fault for PolicyError {
    fn kind(&self) -> Kind {
        match self {
            Self::CountExceeded => Kind::Invalid("user_count_exceeded"),
            Self::ConsoleCountExceeded => Kind::Unsupported("user_console_count_exceeded"),
            Self::AnonymousInConsole => Kind::Denied("user_anonymous_console_prohibited"),
            Self::EmailAliased => Kind::Invalid("user_email_not_canonical"),
            Self::EmailDisposable => Kind::Invalid("user_email_disposable"),
            Self::EmailFree => Kind::Invalid("user_email_free"),
            Self::EmailNotCorporate => Kind::Invalid("user_email_not_corporate"),
        }
    }
}

//! Errors of a sign-in, with the types that Appwrite's clients know.

use kernel::{Fault, Kind};

/// The longest part of a provider's own words that is handed on.
pub(crate) const MAX_ERROR: usize = 300;

/// Why a sign-in, a refresh or a check failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The project's settings for this provider do not suffice.
    #[error("The {provider} OAuth2 provider is not set up: `{setting}` {rule}")]
    Settings {
        /// The provider's name.
        provider: String,
        /// The parameter of the settings endpoint.
        setting: String,
        /// The rule.
        rule: String,
    },
    /// The provider sent the user back with an error (RFC 6749 4.1.2.1).
    #[error("The {provider} OAuth2 provider returned an error: {reason}")]
    Refused {
        /// The provider's name.
        provider: String,
        /// Reason given by the provider.
        reason: Reason,
    },
    /// The token endpoint refused (RFC 6749 5.2).
    #[error("Failed to obtain access token. The {provider} OAuth2 provider returned an error: {reason}")]
    Token {
        /// The provider's name.
        provider: String,
        /// The HTTP status.
        status: u16,
        /// Reason given by the provider.
        reason: Reason,
        /// Whether the grant will never work again.
        dead: bool,
    },
    /// Anything else that the provider did wrong, or that kept us from reaching it.
    #[error("The {provider} OAuth2 provider failed: {problem}")]
    Provider {
        /// The provider's name.
        provider: String,
        /// The problem.
        problem: String,
    },
    /// The provider named no user id.
    #[error("Missing ID from OAuth2 provider.")]
    MissingId,
    /// An id_token that an app handed over is not good.
    #[error("The ID token is not valid: {0}")]
    IdToken(String),
    /// There is nothing to refresh with, or nothing of that sort at this provider.
    #[error("The {0} OAuth2 provider has no such sign-in.")]
    Unsupported(String),
}

/// A provider's `error` and `error_description`, bounded and free of control characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// The code; the HTTP status in words where there is none.
    pub error: String,
    /// The sentence beside it, where there is one.
    pub description: Option<String>,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.description {
            Some(description) => write!(f, "{}: {description}", self.error),
            None => f.write_str(&self.error),
        }
    }
}

impl Error {
    /// Whether the refresh token is dead, so that only a new sign-in helps.
    pub fn is_dead_grant(&self) -> bool {
        matches!(self, Self::Token { dead: true, .. })
    }

    /// Reason given by the provider, if any.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Refused { reason, .. } | Self::Token { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Settings { .. } => Kind::Precondition("project_provider_disabled"),
            Self::Token { status: 400, .. } => Kind::Invalid("user_oauth2_bad_request"),
            Self::Token { status: 401, .. } => Kind::Denied("user_oauth2_unauthorized"),
            Self::Token { .. } | Self::Refused { .. } | Self::Provider { .. } => {
                Kind::Upstream("user_oauth2_provider_error")
            }
            Self::MissingId => Kind::Invalid("user_missing_id"),
            Self::IdToken(_) => Kind::Denied("user_invalid_token"),
            Self::Unsupported(_) => Kind::Invalid("project_provider_unsupported"),
        }
    }
}

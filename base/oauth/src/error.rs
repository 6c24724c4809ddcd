//! Sign-in errors, with Appwrite's error types.

use kernel::{Fault, Kind};

/// Maximum length of a provider's error text that is passed on, in characters.
pub(crate) const MAX_ERROR: usize = 300;

/// Why a sign-in, a refresh or a check failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The project's settings for this provider are incomplete or invalid.
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
    /// The token endpoint returned an error (RFC 6749 5.2).
    #[error("Failed to obtain access token. The {provider} OAuth2 provider returned an error: {reason}")]
    Token {
        /// The provider's name.
        provider: String,
        /// The HTTP status.
        status: u16,
        /// Reason given by the provider.
        reason: Reason,
        /// Whether the grant is permanently invalid.
        dead: bool,
    },
    /// Any other fault of the provider, or a failure to reach it.
    #[error("The {provider} OAuth2 provider failed: {problem}")]
    Provider {
        /// The provider's name.
        provider: String,
        /// The problem.
        problem: String,
    },
    /// The provider returned no user id.
    #[error("Missing ID from OAuth2 provider.")]
    MissingId,
    /// The id_token sent by an app is invalid.
    #[error("The ID token is not valid: {0}")]
    IdToken(String),
    /// There is no token to refresh with, or the provider does not support the operation.
    #[error("The {0} OAuth2 provider has no such sign-in.")]
    Unsupported(String),
}

/// A provider's `error` and `error_description`, bounded and free of control characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// The error code, or a text with the HTTP status if there is none.
    pub error: String,
    /// The description, if any.
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
    /// Whether the refresh token is permanently invalid, so that a new sign-in is required.
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

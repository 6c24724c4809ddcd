//! OAuth2 sign-in. Steps of the browser: start → provider → callback → redirect → the app.
//!
//! The callback's path contains provider and project, since providers forbid a query in registered URLs. The callback
//! only forwards its parameters to the redirect step, a same-origin request that includes the server's cookies. Only an
//! opaque `state` is sent to the provider; the parameters of the sign-in are stored in an attempt
//! (`identity::attempts`).

pub(crate) mod callback;
mod login;
pub(crate) mod native;
pub(crate) mod redirect;
pub(crate) mod refresh;
pub(crate) mod start;

use kernel::{Fault, Kind};

/// Default success page of a sign-in, if the app gives no URL.
pub(crate) const DEFAULT_SUCCESS: &str = "/console/auth/oauth2/success";
/// Default failure page of a sign-in, if the app gives no URL.
pub(crate) const DEFAULT_FAILURE: &str = "/console/auth/oauth2/failure";

/// Errors of a sign-in with any provider.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum SignInError {
    #[error("Invalid `provider` param: there is no provider of this name")]
    UnknownProvider,
    #[error("This provider is not supported by this server.")]
    Unsupported,
    #[error(
        "This sign-in was not started here, has been used already, or took too long. Go back to the app and start again."
    )]
    UnknownState,
    #[error("Duplicate parameter. Go back to the app and start again.")]
    DuplicateParameter,
    #[error("Invalid redirect URL for OAuth success.")]
    BadSuccess,
    #[error("Invalid redirect URL for OAuth failure.")]
    BadFailure,
}

impl Fault for SignInError {
    fn kind(&self) -> Kind {
        match self {
            Self::UnknownProvider | Self::UnknownState | Self::DuplicateParameter => {
                Kind::Invalid("general_argument_invalid")
            }
            Self::Unsupported => Kind::Invalid("project_provider_unsupported"),
            Self::BadSuccess => Kind::Invalid("project_invalid_success_url"),
            Self::BadFailure => Kind::Invalid("project_invalid_failure_url"),
        }
    }
}

/// Name of the cookie that binds an attempt to the browser that started it. Each attempt has its own cookie, so that
/// two tabs can sign in at the same time.
pub(crate) fn binding_cookie(attempt: &str) -> String {
    format!("a_oauth_{}", &attempt[..16.min(attempt.len())])
}

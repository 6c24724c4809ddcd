//! Errors as clients receive them: only this crate maps a fault's kind to a status code.

use std::borrow::Cow;

use http::StatusCode;
use kernel::{Fault, Kind};
use serde_json::{Value, json};

/// Any fault, to be returned to the client.
#[derive(Debug)]
pub struct Error(Box<dyn Fault>);

/// Result of a handler.
pub type Result<T> = std::result::Result<T, Error>;

impl<F: Fault> From<F> for Error {
    fn from(fault: F) -> Self {
        Self(Box::new(fault))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Error {
    /// The fault.
    pub fn fault(&self) -> &dyn Fault {
        &*self.0
    }

    /// The status code for the fault's kind.
    pub fn status(&self) -> StatusCode {
        match self.0.kind() {
            Kind::Invalid(_) => StatusCode::BAD_REQUEST,
            Kind::Denied(_) => StatusCode::UNAUTHORIZED,
            Kind::Forbidden(_) => StatusCode::FORBIDDEN,
            Kind::Missing(_) => StatusCode::NOT_FOUND,
            Kind::Conflict(_) => StatusCode::CONFLICT,
            Kind::Precondition(_) => StatusCode::PRECONDITION_FAILED,
            Kind::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Upstream(_) => StatusCode::FAILED_DEPENDENCY,
            Kind::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Kind::Unsupported(_) => StatusCode::NOT_IMPLEMENTED,
            Kind::Unavailable(_) | Kind::Contended(_) | Kind::Unconfirmed(_) => StatusCode::SERVICE_UNAVAILABLE,
            Kind::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Kind::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
            Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// True for deadlocks, serialization failures and a full memory budget: a retry may succeed.
    pub fn is_contended(&self) -> bool {
        matches!(self.0.kind(), Kind::Contended(_))
    }

    /// True for an error after which the same request may be sent again: nothing was done.
    pub fn may_be_repeated(&self) -> bool {
        matches!(self.0.kind(), Kind::Unavailable(_) | Kind::Contended(_))
    }

    /// The error type for clients (`type` in the JSON).
    pub fn type_name(&self) -> &'static str {
        match self.0.kind() {
            Kind::Invalid(name)
            | Kind::Denied(name)
            | Kind::Forbidden(name)
            | Kind::Missing(name)
            | Kind::Conflict(name)
            | Kind::Precondition(name)
            | Kind::TooLarge(name)
            | Kind::Upstream(name)
            | Kind::TooMany(name)
            | Kind::Unsupported(name)
            | Kind::Unavailable(name)
            | Kind::Contended(name)
            | Kind::Unconfirmed(name)
            | Kind::TooSlow(name)
            | Kind::Full(name) => name,
            Kind::Broken => "general_server_error",
        }
    }

    /// The message for the client. Internal errors are not disclosed.
    pub fn message(&self) -> Cow<'static, str> {
        match self.0.kind() {
            Kind::Broken => "Server Error".into(),
            _ => self.0.message(),
        }
    }

    /// The error's text with the texts of all its sources, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.0.to_string();
        let mut source = std::error::Error::source(&*self.0);
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }

    /// `{message, type, code}`, as JSON for redirects to a failure URL.
    pub fn to_redirect_json(&self) -> Value {
        json!({"message": self.message(), "type": self.type_name(), "code": self.status().as_u16()})
    }
}

/// Body of the reply to an internal error.
pub fn broken() -> Value {
    json!({"message": "Server Error", "code": 500, "type": "general_server_error", "version": crate::VERSION})
}

/// Refusals that belong to no noun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum Refusal {
    #[error("The requested route was not found. Please refer to the API docs and try again.")]
    RouteNotFound,
    #[error("{who} (role: {role}) missing scopes ({scopes})")]
    MissingScope {
        who: String,
        role: &'static str,
        scopes: String,
    },
    #[error("The requested service is disabled. You can enable the service from the console.")]
    ServiceDisabled,
    #[error("The requested API is disabled. You can enable the API from the console.")]
    ApiDisabled,
    #[error("Rate limit for the current endpoint has been exceeded. Please try again after some time.")]
    RateLimited,
    #[error("Invalid Origin. Register your new client ({0}) as a new Web platform on your project console dashboard")]
    UnknownOrigin(String),
    #[error("Failed to verify JWT. {0}")]
    BadJwt(&'static str),
    #[error("The project key has expired. Please generate a new key using the console.")]
    KeyExpired,
    #[error("The current user is not authorized to perform the requested action.")]
    Unauthorized,
    #[error("The console project cannot be used in admin mode.")]
    AdminConsole,
    #[error("More factors are required to complete the sign in process.")]
    MoreFactors,
    #[error("The requested authentication method is either disabled or unsupported.")]
    MethodDisabled,
    #[error("Access to this API is forbidden.")]
    Forbidden,
    #[error(
        "The request names no project. Send the project's ID in the X-Appwrite-Project header (setProject in the SDKs)."
    )]
    MissingProject,
    #[error("The console project has no such resource. Send the ID of a project in the X-Appwrite-Project header.")]
    ConsoleProject,
    #[error("The request body is larger than {0} bytes.")]
    BodyTooLarge(usize),
    #[error("The request body could not be read: {0}")]
    BadBody(String),
    #[error("The request must have exactly one Host header (RFC 9112, 3.2).")]
    Host,
    #[error("The request took too long to arrive.")]
    Timeout,
    #[error("The server has no memory left for a request or a reply of this size. Please try again in a moment.")]
    NoRoom,
    #[error("{0}")]
    Argument(String),
    #[error("{0}")]
    BadRequest(&'static str),
}

impl Fault for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::RouteNotFound => Kind::Missing("general_route_not_found"),
            Self::MissingScope { .. } => Kind::Denied("general_unauthorized_scope"),
            Self::ServiceDisabled => Kind::Forbidden("general_service_disabled"),
            Self::ApiDisabled => Kind::Forbidden("general_api_disabled"),
            Self::RateLimited => Kind::TooMany("general_rate_limit_exceeded"),
            Self::UnknownOrigin(_) => Kind::Forbidden("general_unknown_origin"),
            Self::BadJwt(_) => Kind::Denied("user_jwt_invalid"),
            Self::KeyExpired => Kind::Denied("project_key_expired"),
            Self::Unauthorized => Kind::Denied("user_unauthorized"),
            Self::AdminConsole | Self::BadRequest(_) | Self::Host => Kind::Invalid("general_bad_request"),
            Self::MoreFactors => Kind::Denied("user_more_factors_required"),
            Self::MethodDisabled => Kind::Unsupported("user_auth_method_unsupported"),
            Self::Forbidden | Self::MissingProject | Self::ConsoleProject => Kind::Denied("general_access_forbidden"),
            Self::BodyTooLarge(_) => Kind::TooLarge("general_argument_invalid"),
            Self::NoRoom => Kind::Unavailable("general_server_busy"),
            Self::BadBody(_) | Self::Argument(_) | Self::Timeout => Kind::Invalid("general_argument_invalid"),
        }
    }
}

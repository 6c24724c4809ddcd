//! The declaration of an endpoint as data: path, scopes, limits, event, audit entry, parameters and model.

use http::{Method, StatusCode};
use identity::policy::Method as AuthMethod;
use kernel::param::Field;
use kernel::{Pattern, Scope};
use projects::Service as Switch;

use crate::reply::Schemas;

/// Window of rate limits that are counted by the hour, in seconds.
pub const PER_HOUR: u64 = 3600;

/// A rate limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Maximum number of calls in one window.
    pub calls: u64,
    /// Length of the window, in seconds.
    pub seconds: u64,
    /// Key template of the counter: `url:{url},ip:{ip}`.
    pub key: &'static str,
}

/// The audit entry of a successful call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    /// The label: `user.update`.
    pub event: &'static str,
    /// Resource of the audit entry: a prefix before the first id (`user`), or a full template with `[placeholders]`.
    pub resource: &'static str,
}

/// Description of an endpoint, without its handler.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its ID in the SDKs, such as `account.createOAuth2Session`; empty for routes that no SDK calls.
    pub id: &'static str,
    /// Summary, one sentence.
    pub about: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// Older paths of the same endpoint.
    pub aliases: Vec<&'static str>,
    /// Scopes of which the caller needs one. Without any, all callers are refused.
    pub scopes: Vec<Scope>,
    /// Rate limits; each of them applies.
    pub limits: Vec<Limit>,
    /// Pattern of its event, as declared.
    pub event: Option<&'static str>,
    /// Pattern of its event, parsed.
    pub emits: Option<Pattern>,
    /// Its audit entry.
    pub audit: Option<Audit>,
    /// The sign-in method that it belongs to, which projects can disable.
    pub auth_method: Option<AuthMethod>,
    /// True if callers with a session are refused.
    pub for_guests: bool,
    /// True if only servers and developers may call it, although users have its scope.
    pub for_servers: bool,
    /// True if sessions without the required second factor may call it.
    pub before_mfa: bool,
    /// Whether a blocked user may call it.
    pub for_blocked: bool,
    /// True if it requires a recently completed MFA challenge.
    pub mfa_protected: bool,
    /// True if browsers navigate to it, so that errors are HTML pages.
    pub navigated: bool,
    /// True if it can be called from any origin.
    pub any_origin: bool,
    /// Maximum size of the body, in bytes.
    pub body_limit: usize,
    /// The service switch with which a project disables it for clients.
    pub switch: Option<Switch>,
    /// Whether its tables are in the databases of projects only, so that the console has no such resource.
    pub in_projects_only: bool,
    /// Set for endpoints of the console that administer a project: the caller must belong to the organization that owns it.
    pub administers_projects: bool,
    /// The parameters.
    pub fields: Vec<Field>,
    /// Model of its reply; comma-separated if it is one of several.
    pub model: Option<&'static str>,
    /// Status code of success.
    pub status: StatusCode,
    /// Adds the schemas of its models to the OpenAPI document.
    pub define: fn(&mut Schemas),
}

impl Declaration {
    /// The service it belongs to: the first segment behind `/v1/`.
    pub fn service(&self) -> &'static str {
        self.path
            .trim_start_matches("/v1/")
            .split('/')
            .next()
            .unwrap_or_default()
    }
}

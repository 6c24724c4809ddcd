//! A provider as data. The one client reads these fields and never asks which provider it serves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::expression::{Condition, Expr};
use crate::settings::SettingsShape;
use crate::template::Template;

/// Everything the client knows of one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    /// The id on the wire, case-sensitive: `paypalSandbox`.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Whether it gives id_tokens.
    pub kind: ProviderKind,
    /// Whether it can be used.
    pub status: Status,
    /// Why it is not plainly alive; empty when it is.
    pub status_note: String,
    /// The id of its sandbox, or of the live provider whose sandbox this is.
    pub sandbox_twin: Option<String>,

    /// Authorization endpoint (RFC 6749 3.1); from discovery if unset.
    pub authorize_url: Option<Template>,
    /// Token endpoint (RFC 6749 3.2); from discovery if unset.
    pub token_url: Option<Template>,
    /// Refresh endpoint, if it is not the token endpoint.
    pub refresh_url: Option<Template>,
    /// The metadata document (OpenID Connect Discovery 1.0 section 4).
    pub discovery_url: Option<Template>,
    /// What `iss` must say; from discovery when there is none. Names that are no setting stand for one segment of the
    /// token's own `iss`.
    pub issuer: Option<Template>,
    /// Other spellings of the issuer in tokens.
    pub issuer_aliases: Vec<String>,
    /// For an issuer that differs from tenant to tenant.
    pub tenant: Option<Tenant>,
    /// The keys that sign id_tokens (RFC 7517); from discovery when there is none.
    pub jwks_url: Option<Template>,

    /// Scopes that are always requested.
    pub scopes: Vec<String>,
    /// Separator of scopes; empty if the provider has no scopes.
    pub scope_separator: String,
    /// Parameters of the authorize URL beyond the standard's.
    pub authorize_params: BTreeMap<String, Template>,
    /// Name of the parameter `client_id`.
    pub client_id_param: String,
    /// Client authentication at the token endpoint.
    pub client_auth: ClientAuth,
    /// Other accepted methods of client authentication, by the provider's documentation.
    pub client_auth_accepted: Vec<String>,
    /// Parameters of a client secret that is a JWT we sign.
    pub client_jwt: Option<ClientJwt>,
    /// PKCE (RFC 7636).
    pub pkce: Pkce,
    /// `nonce` (OpenID Connect Core 3.1.2.1).
    pub nonce: Nonce,
    /// Whether the callback always carries `iss` (RFC 9207).
    pub iss_parameter: bool,
    /// Parameters of the callback that the token call needs; they are kept beside the tokens.
    pub callback_params: BTreeMap<String, CallbackParam>,

    /// The method of the token call.
    pub token_method: Method,
    /// Encoding of the token request.
    pub token_request: Encoding,
    /// Default encoding of the token reply.
    pub token_reply: Encoding,
    /// JSON pointer to the object that holds the token fields; empty for the top.
    pub token_path: String,
    /// Names of token fields that differ from the standard's: standard to own.
    pub token_fields: BTreeMap<String, String>,
    /// Parameters of the token call beyond the standard's.
    pub token_params: BTreeMap<String, Template>,
    /// Headers of the token and refresh calls.
    pub token_headers: BTreeMap<String, Template>,
    /// Seconds that an access token usually lives; 0 when the provider does not say.
    pub expires_in: u64,
    /// Rotation of refresh tokens.
    pub refresh: Refresh,
    /// Parameters of the refresh call; an empty one leaves a standard parameter out.
    pub refresh_params: BTreeMap<String, Template>,
    /// Errors that mean that the refresh token is dead, beside `invalid_grant`.
    pub dead_grant: Vec<String>,

    /// The calls that ask who the user is, in order.
    pub userinfo: Vec<Userinfo>,
    /// The user's id at the provider.
    pub uid: Expr,
    /// The user's e-mail address.
    pub email: Option<Expr>,
    /// Whether the provider vouches for that address; without one it never does.
    pub email_verified: Option<Condition>,
    /// The same rule in words.
    pub email_rule: String,
    /// The user's name.
    pub display_name: Option<Expr>,
    /// Accounts that may not sign in, because the provider has locked them.
    pub refuse: Option<Condition>,

    /// Rules of the provider for redirect URIs, in words.
    pub redirect: Vec<String>,
    /// The kinds of redirect URI that it takes; empty when it takes any.
    pub redirect_accepts: Vec<RedirectForm>,
    /// Sign-in with an id_token that a native app obtained.
    pub native: Option<Native>,
    /// Detection of wrong credentials.
    pub probe: Probe,
    /// Settings of a project.
    pub settings: SettingsShape,
}

/// OAuth 2.0 alone, or OpenID Connect on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// No id_token is looked at.
    Oauth2,
    /// An id_token comes when `openid` is asked, and is verified.
    Oidc,
}

/// Whether a provider can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Works, as far as known.
    Alive,
    /// Works for old apps, or not for long.
    Deprecated,
    /// Nobody could say.
    Unclear,
    /// For tests against this server itself.
    TestOnly,
}

/// Client authentication at the token endpoint (RFC 6749 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuth {
    /// HTTP Basic, both parts form-encoded first.
    Basic,
    /// `client_id` and `client_secret` among the parameters.
    Body,
    /// The same, with a secret that is a JWT signed for this call.
    BodyJwt,
    /// The secret as a bearer token.
    BearerSecret,
    /// A public client: `client_id` alone.
    None,
    /// Both in the query; for the test provider only, since a URL ends up in logs.
    Query,
    /// The metadata's `token_endpoint_auth_methods_supported`; Basic if absent.
    #[serde(alias = "per discovery")]
    PerDiscovery,
}

/// A client secret that is a JWT (`client_auth = "body-jwt"`), signed with ES256.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientJwt {
    /// The private key: PKCS #8, PEM.
    pub key: Template,
    /// The header's `kid`.
    pub kid: Template,
    /// The claim `iss`.
    pub iss: Template,
    /// The claim `sub`.
    pub sub: Template,
    /// The claim `aud`.
    pub aud: Template,
    /// Seconds from `iat` to `exp`.
    pub lifetime: u32,
}

/// PKCE support of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pkce {
    /// No login without it.
    Required,
    /// Understood.
    Optional,
    /// Not documented, and harmless: sent all the same.
    Unknown,
    /// Not sent.
    None,
}

/// Use of `nonce`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nonce {
    /// With every attempt.
    Always,
    /// With every attempt whose scopes have `openid`.
    WithOpenid,
    /// Never.
    Never,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// Encoding of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
}

/// Rotation of refresh tokens (RFC 9700 4.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    /// A new one comes, and the old one is dead.
    Rotating,
    /// It stays good.
    Stable,
    /// Rotates where the app has asked for it.
    OptionalRotating,
    /// There is no refresh token: a live access token is exchanged for a longer one.
    Exchange,
    /// Only approved apps get one.
    PartnersOnly,
    /// Differs from server to server.
    Varies,
    /// There is none.
    None,
}

/// One call that asks who the user is.
#[derive(Debug, Clone, PartialEq)]
pub struct Userinfo {
    /// The name by which expressions read its reply.
    pub role: String,
    /// The method.
    pub method: Method,
    /// URL; the metadata's `userinfo_endpoint` if unset.
    pub url: Option<Template>,
    /// Headers; `Authorization: Bearer {access_token}` when there is none.
    pub headers: BTreeMap<String, Template>,
    /// Query parameters.
    pub query: BTreeMap<String, Template>,
    /// Form parameters of a POST.
    pub body: BTreeMap<String, Template>,
    /// Whether a refusal (403, 404) only leaves its fields empty, because the user or the app may withhold them.
    pub optional: bool,
}

/// A parameter of the callback that the token call needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallbackParam {
    /// The value when the callback has none; without one the parameter is simply absent.
    pub default: Option<String>,
    /// The only values that are taken; empty when any is.
    pub allow: Vec<String>,
}

/// Issuers that differ from tenant to tenant behind one set of endpoints and keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The claim that names the tenant; it must equal the name in the issuer's braces.
    pub claim: String,
    /// The stored setting that names it.
    pub setting: String,
    /// Values of the setting that admit every tenant.
    #[serde(default)]
    pub shared: Vec<String>,
    /// Values of the setting that are another name for a tenant.
    #[serde(default)]
    pub same_as: BTreeMap<String, String>,
}

/// A kind of redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum RedirectForm {
    /// Any https address.
    #[serde(rename = "https")]
    Https,
    /// https at a domain name: no IP address, no localhost.
    #[serde(rename = "https-domain")]
    HttpsDomain,
    /// http at the name localhost.
    #[serde(rename = "http-localhost")]
    HttpLocalhost,
    /// http at a loopback address.
    #[serde(rename = "http-loopback")]
    HttpLoopback,
    /// Plain http anywhere.
    #[serde(rename = "http")]
    Http,
}

/// Sign-in with an id_token that a native app obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    /// Expected nonce of the token, derived from the one that the app sends.
    pub nonce: NativeNonce,
}

/// The relation of a native app's nonce to the token's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NativeNonce {
    /// The same.
    Plain,
    /// The token has its SHA-256, as lower-case hexadecimal.
    Sha256Hex,
}

/// Rules that tell right credentials from wrong ones by a token call with a made-up code, beyond RFC 6749 5.2.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Probe {
    /// Whether that call is made before the provider is switched on.
    pub at_enable: bool,
    /// Errors that mean wrong credentials.
    pub wrong: Vec<String>,
    /// Errors that mean right credentials and a wrong code.
    pub right: Vec<String>,
}

//! A provider as data. The client only reads these fields and has no code for particular providers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::expression::{Condition, Expr};
use crate::settings::SettingsShape;
use crate::template::Template;

/// Definition of one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    /// The id on the wire, case-sensitive: `paypalSandbox`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Whether it supports OpenID Connect.
    pub kind: ProviderKind,
    /// Whether it can be used.
    pub status: Status,
    /// Explanation of a status other than alive; otherwise empty.
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
    /// Expected `iss`; from discovery if unset. Names that are not settings match one segment of the token's `iss`.
    pub issuer: Option<Template>,
    /// Other spellings of the issuer in tokens.
    pub issuer_aliases: Vec<String>,
    /// For issuers that differ by tenant.
    pub tenant: Option<Tenant>,
    /// URL of the keys that sign id_tokens (RFC 7517); from discovery if unset.
    pub jwks_url: Option<Template>,

    /// Scopes that are always requested.
    pub scopes: Vec<String>,
    /// Separator of scopes; empty if the provider has no scopes.
    pub scope_separator: String,
    /// Additional parameters of the authorize URL.
    pub authorize_params: BTreeMap<String, Template>,
    /// Name of the parameter `client_id`.
    pub client_id_param: String,
    /// Client authentication at the token endpoint.
    pub client_auth: ClientAuth,
    /// Other accepted methods of client authentication, according to the provider's documentation.
    pub client_auth_accepted: Vec<String>,
    /// Parameters of a client secret that is a JWT signed by this server.
    pub client_jwt: Option<ClientJwt>,
    /// PKCE (RFC 7636).
    pub pkce: Pkce,
    /// `nonce` (OpenID Connect Core 3.1.2.1).
    pub nonce: Nonce,
    /// Whether the callback always contains `iss` (RFC 9207).
    pub iss_parameter: bool,
    /// Parameters of the callback that the token call needs; they are stored with the tokens.
    pub callback_params: BTreeMap<String, CallbackParam>,

    /// HTTP method of the token call.
    pub token_method: Method,
    /// Encoding of the token request.
    pub token_request: Encoding,
    /// Default encoding of the token reply.
    pub token_reply: Encoding,
    /// JSON pointer to the object with the token fields; empty for the root.
    pub token_path: String,
    /// Non-standard names of token fields: standard name to the provider's name.
    pub token_fields: BTreeMap<String, String>,
    /// Additional parameters of the token call.
    pub token_params: BTreeMap<String, Template>,
    /// Headers of the token and refresh calls.
    pub token_headers: BTreeMap<String, Template>,
    /// Usual lifetime of an access token, in seconds; 0 if unknown.
    pub expires_in: u64,
    /// Rotation of refresh tokens.
    pub refresh: Refresh,
    /// Parameters of the refresh call; an empty value removes a standard parameter.
    pub refresh_params: BTreeMap<String, Template>,
    /// Error codes besides `invalid_grant` that mean that the refresh token is invalid.
    pub dead_grant: Vec<String>,

    /// Calls that fetch the user's profile, in order.
    pub userinfo: Vec<Userinfo>,
    /// The user's id at the provider.
    pub uid: Expr,
    /// The user's e-mail address.
    pub email: Option<Expr>,
    /// Whether the provider has verified that address; never if unset.
    pub email_verified: Option<Condition>,
    /// Description of this rule.
    pub email_rule: String,
    /// The user's name.
    pub display_name: Option<Expr>,
    /// Condition for accounts that may not sign in, because the provider has locked them.
    pub refuse: Option<Condition>,

    /// Descriptions of the provider's rules for redirect URIs.
    pub redirect: Vec<String>,
    /// Accepted kinds of redirect URI; empty if all are accepted.
    pub redirect_accepts: Vec<RedirectForm>,
    /// Sign-in with an id_token that a native app obtained.
    pub native: Option<Native>,
    /// Detection of wrong credentials.
    pub probe: Probe,
    /// Settings of a project.
    pub settings: SettingsShape,
}

/// Protocol: OAuth 2.0 or OpenID Connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// OAuth 2.0; id_tokens are ignored.
    Oauth2,
    /// OpenID Connect; the id_token is verified.
    Oidc,
}

/// Whether a provider can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Works.
    Alive,
    /// Works for old apps only, or will be shut down.
    Deprecated,
    /// Unknown.
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
    /// `client_id` and `client_secret` as parameters.
    Body,
    /// Like `Body`, with a secret that is a JWT signed for this call.
    BodyJwt,
    /// The secret as a bearer token.
    BearerSecret,
    /// A public client: `client_id` only.
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
    /// Required by the provider.
    Required,
    /// Supported.
    Optional,
    /// Not documented; sent anyway, since unknown parameters are ignored.
    Unknown,
    /// Not sent.
    None,
}

/// Use of `nonce`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nonce {
    /// Sent always.
    Always,
    /// Sent if the scopes contain `openid`.
    WithOpenid,
    /// Not sent.
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
    /// Each refresh returns a new token and invalidates the old one.
    Rotating,
    /// The token stays valid.
    Stable,
    /// Rotates if the app has enabled it.
    OptionalRotating,
    /// There is no refresh token: a valid access token is exchanged for one with a longer lifetime.
    Exchange,
    /// Only approved apps get a refresh token.
    PartnersOnly,
    /// Depends on the server.
    Varies,
    /// There is no refresh token.
    None,
}

/// One call that fetches the user's profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Userinfo {
    /// Name of its reply in expressions.
    pub role: String,
    /// HTTP method.
    pub method: Method,
    /// URL; the metadata's `userinfo_endpoint` if unset.
    pub url: Option<Template>,
    /// Headers; `Authorization: Bearer {access_token}` if there are none.
    pub headers: BTreeMap<String, Template>,
    /// Query parameters.
    pub query: BTreeMap<String, Template>,
    /// Form parameters of a POST.
    pub body: BTreeMap<String, Template>,
    /// Whether status 403 or 404 is not an error, because the user or the app may not grant access; its fields are then
    /// empty.
    pub optional: bool,
}

/// A parameter of the callback that the token call needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallbackParam {
    /// Default value; without one the parameter may be absent.
    pub default: Option<String>,
    /// Allowed values; empty if all are allowed.
    pub allow: Vec<String>,
}

/// Issuers that differ by tenant, with common endpoints and keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The claim with the tenant; must equal the name of the variable in the issuer.
    pub claim: String,
    /// The stored setting with the tenant.
    pub setting: String,
    /// Values of the setting that allow every tenant.
    #[serde(default)]
    pub shared: Vec<String>,
    /// Values of the setting that are aliases of a tenant.
    #[serde(default)]
    pub same_as: BTreeMap<String, String>,
}

/// A kind of redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum RedirectForm {
    /// Any https URL.
    #[serde(rename = "https")]
    Https,
    /// https with a domain name: no IP address, no localhost.
    #[serde(rename = "https-domain")]
    HttpsDomain,
    /// http with the host localhost.
    #[serde(rename = "http-localhost")]
    HttpLocalhost,
    /// http with a loopback address.
    #[serde(rename = "http-loopback")]
    HttpLoopback,
    /// http with any host.
    #[serde(rename = "http")]
    Http,
}

/// Sign-in with an id_token that a native app obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    /// How the token's nonce is derived from the one that the app sends.
    pub nonce: NativeNonce,
}

/// Derivation of the token's nonce from the native app's nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NativeNonce {
    /// Equal.
    Plain,
    /// SHA-256 in lower-case hexadecimal.
    Sha256Hex,
}

/// Rules, in addition to RFC 6749 5.2, that distinguish valid from invalid credentials by a token call with a made-up
/// code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Probe {
    /// Whether the call is made before the provider is enabled.
    pub at_enable: bool,
    /// Error codes that mean invalid credentials.
    pub wrong: Vec<String>,
    /// Error codes that mean valid credentials and an invalid code.
    pub right: Vec<String>,
}

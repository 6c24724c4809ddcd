//! A provider's record in a file, and its conversion to a [`Provider`]: fills in defaults, parses all texts and checks
//! all rules, so that mistakes are reported when the file is read and not at a sign-in.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::provider::*;
use crate::reader::{Problem, Reader, Text, Texts, problem};
use crate::record_parts::{ClientJwtRecord, SettingsRecord, UserinfoRecord, roles, unrestricted_params};
use crate::template::{NAMES, Template};

#[derive(Deserialize)]
#[serde(untagged)]
enum NonceField {
    Always(bool),
    Named(String),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Record {
    id: String,
    name: String,
    kind: Option<ProviderKind>,
    status: Option<Status>,
    status_note: String,
    sandbox_twin: String,
    authorize_url: String,
    token_url: String,
    refresh_url: String,
    discovery_url: String,
    issuer: String,
    issuer_aliases: Vec<String>,
    tenant: Option<Tenant>,
    jwks_url: String,
    scopes: Vec<String>,
    scope_separator: Option<String>,
    authorize_params: Texts,
    client_id_param: Option<String>,
    client_auth: Option<ClientAuth>,
    client_auth_accepted: Vec<String>,
    client_jwt: Option<ClientJwtRecord>,
    pkce: Option<Pkce>,
    nonce: Option<NonceField>,
    iss_parameter: bool,
    callback_params: BTreeMap<String, CallbackParam>,
    token_method: Option<Method>,
    token_request: Option<Encoding>,
    token_reply: Option<Encoding>,
    token_path: String,
    token_fields: Texts,
    token_params: Texts,
    token_headers: Texts,
    expires_in: u64,
    refresh: Option<Refresh>,
    refresh_params: Texts,
    dead_grant: Vec<String>,
    userinfo: Vec<UserinfoRecord>,
    uid: Option<Text>,
    email: Option<Text>,
    email_verified: Option<Text>,
    email_rule: String,
    display_name: Option<Text>,
    refuse: Option<Text>,
    redirect: Vec<String>,
    redirect_accepts: Vec<RedirectForm>,
    native: Option<Native>,
    probe: Probe,
    settings: SettingsRecord,
    // Notes for readers of the file; ignored.
    #[serde(rename = "appwrite")]
    _appwrite: IgnoredAny,
    #[serde(rename = "confidence")]
    _confidence: IgnoredAny,
    #[serde(rename = "authorize_url_alt")]
    _authorize_url_alt: IgnoredAny,
    #[serde(rename = "token_url_alt")]
    _token_url_alt: IgnoredAny,
    #[serde(rename = "scopes_appwrite")]
    _scopes_appwrite: IgnoredAny,
    #[serde(rename = "token_quirks")]
    _token_quirks: IgnoredAny,
    #[serde(rename = "refresh_note")]
    _refresh_note: IgnoredAny,
    #[serde(rename = "quirks")]
    _quirks: IgnoredAny,
    #[serde(rename = "sources")]
    _sources: IgnoredAny,
    #[serde(rename = "note")]
    _note: IgnoredAny,
    #[serde(rename = "difference")]
    _difference: IgnoredAny,
}

impl Record {
    /// Checks the record and fills in defaults.
    pub(crate) fn into_provider(self) -> Result<Provider, Problem> {
        if !kernel::id::is_valid(&self.id) {
            return Err(problem(
                "id",
                "must be 1 to 36 letters, digits, `.`, `_` or `-`, the first a letter or digit",
            ));
        }
        if self.name.trim().is_empty() {
            return Err(problem("name", "is missing: the name that people read"));
        }
        let discovered = !self.discovery_url.is_empty();
        let kind = self.kind.unwrap_or(if discovered || !self.issuer.is_empty() {
            ProviderKind::Oidc
        } else {
            ProviderKind::Oauth2
        });
        let oidc = kind == ProviderKind::Oidc;
        let settings = self.settings.into_shape()?;
        let userinfo_roles = roles(&self.userinfo)?;
        let reader = Reader {
            names: NAMES
                .iter()
                .map(|name| (*name).to_owned())
                .chain(settings.fields.values().cloned())
                .chain(self.callback_params.keys().cloned())
                .collect(),
            roles: ["token", "id_token"]
                .map(str::to_owned)
                .into_iter()
                .chain(userinfo_roles)
                .collect(),
            unrestricted_params: unrestricted_params(&self.callback_params),
        };
        // Variables of the issuer that only a token defines may also be used in the URL of the keys.
        let mut open = reader.clone();
        let issuer = match self.issuer.as_str() {
            "" | "discovery" | "from discovery" => None,
            text => {
                let issuer = Template::parse(text).map_err(|rule| problem("issuer", rule))?;
                open.names.extend(issuer.names().map(str::to_owned));
                Some(issuer)
            }
        };
        if let Some(tenant) = &self.tenant {
            if !issuer
                .as_ref()
                .is_some_and(|issuer| issuer.names().any(|name| name == tenant.claim))
            {
                return Err(problem(
                    "tenant.claim",
                    format!("`issuer` has no `{{{}}}`", tenant.claim),
                ));
            }
            if !settings.fields.values().any(|key| *key == tenant.setting) {
                return Err(problem(
                    "tenant.setting",
                    format!("`{}` is no stored setting", tenant.setting),
                ));
            }
        }
        let authorize_url = reader.url("authorize_url", &self.authorize_url)?;
        let token_url = reader.url("token_url", &self.token_url)?;
        for (key, url) in [("authorize_url", &authorize_url), ("token_url", &token_url)] {
            if url.is_none() && !discovered {
                return Err(problem(
                    key,
                    "is missing, and there is no `discovery_url` to find it by",
                ));
            }
        }
        let client_auth = self.client_auth.unwrap_or(if discovered {
            ClientAuth::PerDiscovery
        } else {
            ClientAuth::Body
        });
        let client_jwt = self.client_jwt.map(|jwt| jwt.read(&reader)).transpose()?;
        if (client_auth == ClientAuth::BodyJwt) != client_jwt.is_some() {
            return Err(problem(
                "client_jwt",
                "goes with `client_auth = \"body-jwt\"`, and only with it",
            ));
        }
        if !self.token_path.is_empty() && !self.token_path.starts_with('/') {
            return Err(problem("token_path", "must be a JSON pointer such as /data"));
        }
        let nonce = match self.nonce {
            None if oidc => Nonce::WithOpenid,
            None | Some(NonceField::Always(false)) => Nonce::Never,
            Some(NonceField::Always(true)) => Nonce::Always,
            Some(NonceField::Named(text)) => match text.as_str() {
                "with-openid" | "only when scope openid is asked" => Nonce::WithOpenid,
                _ => return Err(problem("nonce", "must be true, false or \"with-openid\"")),
            },
        };
        let mut calls = self.userinfo;
        let reads_token = |text: &Option<Text>| matches!(text, Some(Text::One(text)) if text.starts_with("id_token:"));
        if calls.is_empty() && discovered && !reads_token(&self.uid) {
            // The userinfo endpoint of discovery, if any.
            calls.push(UserinfoRecord::default());
        }
        let usual = |standard| if oidc { standard } else { "" };
        let uid = reader.expr("uid", self.uid, usual("/sub"))?;
        Ok(Provider {
            uid: uid.ok_or_else(|| problem("uid", "is missing: the path to the user's id, such as /id"))?,
            email: reader.expr("email", self.email, usual("/email"))?,
            email_verified: reader.condition("email_verified", self.email_verified, usual("/email_verified"))?,
            display_name: reader.expr("display_name", self.display_name, "/name")?,
            refuse: reader.condition("refuse", self.refuse, "")?,
            refresh_url: reader.url("refresh_url", &self.refresh_url)?,
            discovery_url: open.url("discovery_url", &self.discovery_url)?,
            jwks_url: open.url("jwks_url", &self.jwks_url)?,
            authorize_params: reader.templates("authorize_params", &self.authorize_params)?,
            token_params: reader.templates("token_params", &self.token_params)?,
            token_headers: reader.templates("token_headers", &self.token_headers)?,
            refresh_params: reader.templates("refresh_params", &self.refresh_params)?,
            userinfo: calls
                .into_iter()
                .map(|call| call.read(&reader))
                .collect::<Result<_, _>>()?,
            authorize_url,
            token_url,
            issuer,
            kind,
            client_auth,
            client_jwt,
            nonce,
            settings,
            id: self.id,
            name: self.name,
            status: self.status.unwrap_or(Status::Alive),
            status_note: self.status_note,
            sandbox_twin: Some(self.sandbox_twin).filter(|twin| !twin.is_empty()),
            issuer_aliases: self.issuer_aliases,
            tenant: self.tenant,
            scopes: self.scopes,
            scope_separator: self.scope_separator.unwrap_or_else(|| " ".into()),
            client_id_param: self.client_id_param.unwrap_or_else(|| "client_id".into()),
            client_auth_accepted: self.client_auth_accepted,
            pkce: self.pkce.unwrap_or(Pkce::Optional),
            iss_parameter: self.iss_parameter,
            callback_params: self.callback_params,
            token_method: self.token_method.unwrap_or(Method::Post),
            token_request: self.token_request.unwrap_or(Encoding::Form),
            token_reply: self.token_reply.unwrap_or(Encoding::Json),
            token_path: self.token_path,
            token_fields: self.token_fields,
            expires_in: self.expires_in,
            refresh: self.refresh.unwrap_or(Refresh::Varies),
            dead_grant: self.dead_grant,
            email_rule: self.email_rule,
            redirect: self.redirect,
            redirect_accepts: self.redirect_accepts,
            native: self.native,
            probe: self.probe,
        })
    }
}

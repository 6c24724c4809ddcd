//! A project's app at a provider: id, secret and other settings that the provider's URLs need.

use std::collections::BTreeMap;

use outbound::{Reach, Url};
use serde_json::Value;

use crate::error::Error;
use crate::expression::{Documents, Expr};
use crate::provider::Provider;
use crate::settings::Stored;
use crate::template::{Fill, Template, TemplateError};

/// Parsed settings of a project for a provider. Contains secrets.
#[derive(Clone)]
pub struct Credentials {
    /// The app id.
    pub client_id: String,
    client_secret: String,
    settings: BTreeMap<String, String>,
    origin: Option<Url>,
    server: Option<Url>,
}

/// Prints the app id and the names of the settings.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &!self.client_secret.is_empty())
            .field("settings", &self.settings.keys())
            .field("origin", &self.origin.as_ref().map(Url::as_str))
            .finish()
    }
}

impl Credentials {
    /// Parses the stored settings of a project: the app id, and the secret or the JSON of all fields. Fails if a
    /// setting is missing, or if a value is not valid at its position in the provider's URLs.
    pub fn from_stored(provider: &Provider, app_id: &str, secret: &str) -> Result<Self, Error> {
        let shape = &provider.settings;
        let object = match serde_json::from_str(secret) {
            Ok(Value::Object(object)) if shape.stored != Stored::Plain => Some(object),
            _ => None,
        };
        if object.is_none() && shape.stored == Stored::Json && !secret.is_empty() {
            let setting = shape.secret_param.as_deref().unwrap_or(&shape.id_param);
            return Err(unusable(
                provider,
                setting,
                "is not stored as JSON; save the settings again",
            ));
        }
        let mut settings = shape.defaults.clone();
        for (key, value) in object.iter().flatten() {
            let key = shape.aliases.get(key).unwrap_or(key);
            if let Some(value) = plain(value) {
                settings.insert(key.clone(), value);
            }
        }
        let secret_key = shape
            .secret_param
            .as_deref()
            .and_then(|parameter| shape.stored_key(parameter));
        let client_secret = match (&object, secret_key) {
            (Some(_), Some(key)) => settings.get(key).cloned().unwrap_or_default(),
            (Some(_), None) => String::new(),
            (None, _) => secret.trim().to_owned(),
        };
        let credentials = Self {
            client_id: app_id.trim().to_owned(),
            client_secret,
            settings,
            origin: None,
            server: None,
        };
        credentials.check(provider)?;
        Ok(credentials)
    }

    /// Empty credentials, for verifying a token that a native app obtained.
    pub(crate) fn public() -> Self {
        let (client_id, client_secret) = Default::default();
        Self {
            client_id,
            client_secret,
            settings: BTreeMap::new(),
            origin: None,
            server: None,
        }
    }

    fn check(&self, provider: &Provider) -> Result<(), Error> {
        let shape = &provider.settings;
        let is_set = |name: &str| {
            if name == shape.id_param {
                !self.client_id.is_empty()
            } else if Some(name) == shape.secret_param.as_deref() {
                !self.client_secret.is_empty()
            } else {
                shape
                    .stored_key(name)
                    .and_then(|key| self.settings.get(key))
                    .is_some_and(|value| !value.is_empty())
            }
        };
        if let Some(unmet) = shape.unmet(is_set) {
            return Err(unusable(provider, &unmet.to_string(), "must be set"));
        }
        let calls = provider.userinfo.iter().filter_map(|call| call.url.as_ref());
        let urls = [
            &provider.authorize_url,
            &provider.token_url,
            &provider.discovery_url,
            &provider.jwks_url,
        ];
        for url in urls.into_iter().flatten().chain(calls) {
            match url.url(&self.values()) {
                Err(TemplateError::Invalid(key, rule)) => {
                    return Err(unusable(provider, shape.parameter_of(&key), rule));
                }
                // Missing values may come from discovery, from the callback or from the token.
                _ => continue,
            }
        }
        Ok(())
    }

    /// Sends every call of `https://H/P` to `<origin>/_host/H/P` instead: one loopback server acts as all providers.
    /// Only the origin is exempt from the rules for outbound addresses, because the operator sets it.
    #[must_use]
    pub fn with_origin(mut self, origin: Option<Url>) -> Self {
        self.origin = origin;
        self
    }

    /// URL of this server, for the test provider that it serves.
    #[must_use]
    pub fn with_server(mut self, server: Url) -> Self {
        self.server = Some(server);
        self
    }

    /// One stored setting.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings
            .get(key)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn secret(&self) -> &str {
        &self.client_secret
    }

    /// URL that a call is routed to, and the reach allowed for it.
    pub(crate) fn route(&self, url: Url) -> (Url, Reach) {
        if let Some(routed) = self.origin.as_ref().and_then(|origin| rewrite(origin, &url)) {
            return (routed, Reach::Operator);
        }
        let own = self
            .server
            .as_ref()
            .is_some_and(|server| server.origin() == url.origin());
        (url, if own { Reach::Operator } else { Reach::Checked })
    }

    pub(crate) fn values(&self) -> Values<'_> {
        Values {
            credentials: self,
            grant: Vec::new(),
            extras: None,
            documents: None,
        }
    }
}

/// Test routing: `https://H/P` to `<origin>/_host/H/P`.
pub(crate) fn rewrite(origin: &Url, url: &Url) -> Option<Url> {
    if url.scheme() != "https" {
        return None;
    }
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let base = origin.as_str().trim_end_matches('/');
    Url::parse(&format!("{base}/_host/{host}{port}{}{query}", url.path())).ok()
}

pub(crate) fn unusable(provider: &Provider, setting: &str, rule: &str) -> Error {
    Error::Settings {
        provider: provider.name.clone(),
        setting: setting.to_owned(),
        rule: rule.to_owned(),
    }
}

/// A stored value as text; a list, such as Google's prompts, joined by spaces (OpenID Connect Core 3.1.2.1).
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Array(entries) => entries.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Object(_) => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Values of the variables in the templates of one call.
#[derive(Clone)]
pub(crate) struct Values<'a> {
    credentials: &'a Credentials,
    grant: Vec<(&'a str, &'a str)>,
    extras: Option<&'a BTreeMap<String, String>>,
    documents: Option<&'a Documents>,
}

impl<'a> Values<'a> {
    pub(crate) fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.grant.push((name, value));
        self
    }

    pub(crate) fn with_extras(mut self, extras: &'a BTreeMap<String, String>) -> Self {
        self.extras = Some(extras);
        self
    }

    pub(crate) fn with_documents(mut self, documents: &'a Documents) -> Self {
        self.documents = Some(documents);
        self
    }

    fn granted(&self, name: &str) -> Option<String> {
        self.grant
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    }

    /// Fills a set of templates; templates with missing values are omitted.
    pub(crate) fn fill<'t>(
        &self,
        templates: &'t BTreeMap<String, Template>,
    ) -> impl Iterator<Item = (&'t str, String)> + use<'t, '_> {
        templates
            .iter()
            .filter_map(|(name, template)| Some((name.as_str(), template.fill(self)?)))
    }
}

impl Fill for Values<'_> {
    fn name(&self, name: &str) -> Option<String> {
        match name {
            "client_id" => Some(self.credentials.client_id.clone()),
            "client_secret" => Some(self.credentials.client_secret.clone()),
            "server" => self
                .credentials
                .server
                .as_ref()
                .map(|url| url.as_str().trim_end_matches('/').to_owned()),
            "random" => Some(crate::random(16)),
            // Meta's appsecret_proof: the hexadecimal HMAC-SHA256 of the access token under the app secret.
            "access_token_hmac" => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, self.credentials.client_secret.as_bytes());
                Some(hex::encode(ring::hmac::sign(
                    &key,
                    self.granted("access_token")?.as_bytes(),
                )))
            }
            _ => self
                .granted(name)
                .or_else(|| self.extras.and_then(|extras| extras.get(name).cloned()))
                .or_else(|| self.credentials.settings.get(name).cloned()),
        }
    }

    fn expr(&self, expr: &Expr) -> Option<String> {
        expr.eval(self.documents?, None)
    }
}

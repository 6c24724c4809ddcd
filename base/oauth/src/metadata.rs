//! Provider metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).

use std::sync::Arc;

use outbound::Url;
use serde_json::Value;

use crate::cache::Found;
use crate::client::{Call, ProviderCall, location};
use crate::credentials::unusable;
use crate::error::Error;
use crate::provider::Method;
use crate::template::{Template, TemplateError, match_pattern};
use crate::trace::Trace;

/// The members of the document that the client uses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) userinfo_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) auth_methods: Option<Vec<String>>,
    pub(crate) iss_parameter: bool,
}

impl Metadata {
    pub(crate) fn read(document: &Value) -> Self {
        let text = |name: &str| {
            document
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let methods = document
            .get("token_endpoint_auth_methods_supported")
            .and_then(Value::as_array);
        Self {
            // Microsoft's placeholder for the claim `tid`.
            issuer: text("issuer").replace("{tenantid}", "{tid}"),
            authorization_endpoint: text("authorization_endpoint"),
            token_endpoint: text("token_endpoint"),
            userinfo_endpoint: text("userinfo_endpoint"),
            jwks_uri: text("jwks_uri"),
            auth_methods: methods.map(|methods| methods.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            iss_parameter: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        }
    }
}

/// Endpoint of the metadata.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Endpoint {
    Authorize,
    Token,
    Userinfo,
    Jwks,
}

impl Endpoint {
    fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorization_endpoint",
            Self::Token => "token_endpoint",
            Self::Userinfo => "userinfo_endpoint",
            Self::Jwks => "jwks_uri",
        }
    }

    fn of(self, metadata: &Metadata) -> &str {
        match self {
            Self::Authorize => &metadata.authorization_endpoint,
            Self::Token => &metadata.token_endpoint,
            Self::Userinfo => &metadata.userinfo_endpoint,
            Self::Jwks => &metadata.jwks_uri,
        }
    }
}

impl ProviderCall<'_> {
    /// The record's URL; discovery's if the record has none or its URL needs settings that are not set.
    pub(crate) async fn endpoint(
        &self,
        endpoint: Endpoint,
        template: Option<&Template>,
        fill: &impl crate::template::Fill,
        trace: &mut Trace,
    ) -> Result<Url, Error> {
        let missing = match template.map(|template| template.url(fill)) {
            Some(Ok(url)) => return Ok(url),
            Some(Err(TemplateError::Invalid(name, rule))) => return Err(self.setting(&name, rule)),
            Some(Err(TemplateError::NotAUrl)) => return Err(self.problem(format!("the {} is no URL", endpoint.name()))),
            Some(Err(TemplateError::Missing(name))) => Some(name),
            None => None,
        };
        let Some(metadata) = self.metadata(trace).await? else {
            return Err(match missing {
                Some(name) => self.setting(&name, "must be set"),
                None => self.problem(format!("nothing tells the {}", endpoint.name())),
            });
        };
        let text = endpoint.of(&metadata);
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        url.ok_or_else(|| self.problem(format!("the discovery document has no usable {}", endpoint.name())))
    }

    fn setting(&self, key: &str, rule: &str) -> Error {
        unusable(self.provider, self.provider.settings.parameter_of(key), rule)
    }

    /// The provider's metadata; none if the record and the settings define no discovery URL.
    pub(crate) async fn metadata(&self, trace: &mut Trace) -> Result<Option<Arc<Metadata>>, Error> {
        let url = match self
            .provider
            .discovery_url
            .as_ref()
            .map(|template| template.url(&self.credentials.values()))
        {
            None | Some(Err(TemplateError::Missing(_))) => return Ok(None),
            Some(Err(TemplateError::NotAUrl)) => {
                return Err(self.problem("the address of the discovery document is no URL"));
            }
            Some(Err(TemplateError::Invalid(name, rule))) => return Err(self.setting(&name, rule)),
            Some(Ok(url)) => url,
        };
        let (key, now) = (self.cache_key(&url), self.now());
        let stale = match self.inner.metadata.get(&key, now) {
            Found::Fresh(metadata) => return Ok(Some(metadata)),
            Found::Stale(metadata) => Some(metadata),
            Found::Nothing => None,
        };
        let step = trace.start("discovery");
        match self.fetch_metadata(url.clone()).await {
            Ok(metadata) => {
                step.ok(location(&url));
                Ok(Some(self.inner.metadata.put(&key, metadata, now)))
            }
            Err(error) => {
                let error = step.fail(error);
                stale.map(Some).ok_or(error)
            }
        }
    }

    async fn fetch_metadata(&self, url: Url) -> Result<Metadata, Error> {
        let metadata = Metadata::read(&self.fetch_json(url, "discovery document").await?.0);
        if metadata.issuer.is_empty() {
            return Err(self.problem("the discovery document names no issuer"));
        }
        // OpenID Connect Discovery 4.3, RFC 8414 3.3: metadata of another issuer must not be used.
        match self.configured_issuer() {
            Some(pattern) if !self.is_issuer(&pattern, &metadata.issuer) => Err(self.problem(format!(
                "the discovery document is of another issuer: {}",
                metadata.issuer
            ))),
            _ => Ok(metadata),
        }
    }

    /// Fetches a JSON object; also returns the `Date` header.
    pub(crate) async fn fetch_json(&self, url: Url, what: &str) -> Result<(Value, Option<String>), Error> {
        let reply = self
            .send(Call {
                method: Method::Get,
                url,
                headers: Vec::new(),
                body: None,
            })
            .await?;
        if reply.status != 200 {
            return Err(self.problem(format!("the {what} answered {}", reply.status)));
        }
        let date = reply
            .headers
            .get("date")
            .and_then(|date| date.to_str().ok())
            .map(str::to_owned);
        match serde_json::from_slice(&reply.body) {
            Ok(document @ Value::Object(_)) => Ok((document, date)),
            _ => Err(self.problem(format!("the {what} is no JSON object"))),
        }
    }

    /// The issuer of the record and the settings, with variables in braces that only a token defines.
    pub(crate) fn configured_issuer(&self) -> Option<String> {
        self.provider.issuer.as_ref()?.pattern(&self.credentials.values()).ok()
    }

    /// Whether a text is this issuer or an alias of it.
    pub(crate) fn is_issuer(&self, pattern: &str, text: &str) -> bool {
        text == pattern
            || match_pattern(pattern, text).is_some()
            || self.provider.issuer_aliases.iter().any(|alias| alias == text)
    }
}

//! The client, and common code of its calls.

use std::sync::Arc;

use kernel::{Clock, Timestamp};
use outbound::{HeaderMap, HeaderName, HeaderValue, Outbound, Reply, Request, Url, header};

use crate::cache::Cache;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::jwks::Keys;
use crate::metadata::Metadata;
use crate::provider::{Method, Provider};

/// The client for all providers. Clones share connections and cached documents of providers.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    outbound: Outbound,
    clock: Clock,
    pub(crate) metadata: Cache<Metadata>,
    pub(crate) keys: Cache<Keys>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// A client that sends requests through `outbound` and reads the time from `clock`.
    pub fn new(outbound: Outbound, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            outbound,
            clock,
            metadata: Cache::default(),
            keys: Cache::default(),
        }))
    }

    pub(crate) fn provider_call<'a>(
        &'a self,
        provider: &'a Provider,
        credentials: &'a Credentials,
    ) -> ProviderCall<'a> {
        ProviderCall {
            inner: &self.0,
            provider,
            credentials,
        }
    }
}

/// Context of a call: client, provider, and the project's credentials.
#[derive(Clone, Copy)]
pub(crate) struct ProviderCall<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) provider: &'a Provider,
    pub(crate) credentials: &'a Credentials,
}

/// One call to the provider.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<(&'static str, String)>,
}

impl ProviderCall<'_> {
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// An error for a faulty or unreachable provider.
    pub(crate) fn problem(&self, problem: impl Into<String>) -> Error {
        Error::Provider {
            provider: self.provider.name.clone(),
            problem: problem.into(),
        }
    }

    /// Checks a URL against the rules for outbound requests without a request, for URLs to which a browser is
    /// redirected.
    pub(crate) fn test(&self, url: &Url) -> Result<Url, Error> {
        let (url, reach) = self.credentials.route(url.clone());
        self.inner
            .outbound
            .check(&url, reach)
            .map_err(|error| self.problem(error.to_string()))?;
        Ok(url)
    }

    /// Cache key of a published document: its URL after test routing.
    pub(crate) fn cache_key(&self, url: &Url) -> String {
        self.credentials.route(url.clone()).0.into()
    }

    pub(crate) async fn send(&self, call: Call) -> Result<Reply, Error> {
        let (url, reach) = self.credentials.route(call.url);
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let mut body = None;
        if let Some((content_type, text)) = call.body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            body = Some(text.into());
        }
        for (name, value) in call.headers {
            let name =
                HeaderName::try_from(name).map_err(|_| self.problem("a header of the record has no valid name"))?;
            let mut value = HeaderValue::try_from(value).map_err(|_| {
                self.problem(format!(
                    "the value for the header {name} has characters that no header may have"
                ))
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let method = match call.method {
            Method::Get => outbound::Method::GET,
            Method::Post => outbound::Method::POST,
        };
        let request = Request {
            method,
            url,
            headers,
            body,
            reach,
        };
        self.inner
            .outbound
            .send(request)
            .await
            .map_err(|error| self.problem(error.to_string()))
    }
}

/// Host and path: the parts of a URL that a trace may contain.
pub(crate) fn location(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}{}", url.host_str().unwrap_or_default(), url.path())
}

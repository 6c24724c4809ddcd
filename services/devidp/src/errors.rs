//! Errors of the token endpoint, with the provider's names and in its format.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use oauth::{Encoding, Provider};
use serde_json::{Value, json};

use crate::form;
use crate::reply;
use crate::samples::{Placeholders, Sample};

/// Error codes of the token endpoint (RFC 6749 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    /// `invalid_grant` for a refresh token; some providers have a separate error name for it.
    DeadGrant,
    UnsupportedGrantType,
}

/// An error, with a description for the developer of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenError {
    pub(crate) kind: Kind,
    pub(crate) description: String,
}

impl TokenError {
    pub(crate) fn new(kind: Kind, description: impl Into<String>) -> Self {
        let description = description.into();
        Self { kind, description }
    }

    /// Builds the reply in the provider's format.
    pub(crate) fn answer(
        &self,
        provider: &Provider,
        sample: Option<&Sample>,
        request: &Request<Bytes>,
    ) -> Response<Bytes> {
        let known = sample.and_then(|sample| sample.token_error.as_ref());
        let mut placeholders = Placeholders::default();
        placeholders.set("error", Some(self.name(provider, sample).into()));
        placeholders.set("description", Some(self.description.as_str().into()));
        let (status, body) = match known {
            Some(known) => (known.status, placeholders.fill(&known.body)),
            None => (
                400,
                placeholders.fill(&json!({ "error": "{error}", "error_description": "{description}" })),
            ),
        };
        let mut status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        if self.kind == Kind::InvalidClient && status == StatusCode::BAD_REQUEST {
            status = StatusCode::UNAUTHORIZED;
        }
        let mut response = encode(provider, request, status, &body.unwrap_or_default());
        if status == StatusCode::UNAUTHORIZED && request.headers().contains_key(header::AUTHORIZATION) {
            // RFC 6749 5.2: the challenge must match the authentication scheme used by the client.
            reply::set(&mut response, header::WWW_AUTHENTICATE, "Basic realm=\"oauth\"");
        }
        response
    }

    fn name<'a>(&self, provider: &'a Provider, sample: Option<&'a Sample>) -> &'a str {
        let (standard, own) = match self.kind {
            Kind::InvalidRequest => ("invalid_request", None),
            Kind::InvalidClient => ("invalid_client", provider.probe.wrong.first()),
            Kind::InvalidGrant => ("invalid_grant", provider.probe.right.first()),
            Kind::DeadGrant => ("invalid_grant", provider.dead_grant.first()),
            Kind::UnsupportedGrantType => ("unsupported_grant_type", None),
        };
        let known = sample
            .and_then(|sample| sample.token_error.as_ref()?.names.get(standard))
            .filter(|_| self.kind != Kind::DeadGrant || own.is_none());
        known.or(own).map_or(standard, String::as_str)
    }
}

/// Encodes a reply of the token endpoint as the provider does: as JSON, plain text, or a form unless JSON is accepted.
pub(crate) fn encode(
    provider: &Provider,
    request: &Request<Bytes>,
    status: StatusCode,
    body: &Value,
) -> Response<Bytes> {
    let accept = form::header(request, header::ACCEPT.as_str()).unwrap_or_default();
    match body {
        Value::String(text) => reply::text(status, text),
        body if provider.token_reply == Encoding::Form && !accept.contains("json") => reply::form(status, body),
        body => reply::json(status, body),
    }
}

//! Request parameters from the query or the body.

use bytes::Bytes;
use http::{Request, header};
use serde_json::Value;
use url::form_urlencoded;

/// Parameters in the order of the request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Parses `application/x-www-form-urlencoded` text of a query or a body.
    pub(crate) fn form(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Reads the string and number members of a JSON object.
    pub(crate) fn json(text: &[u8]) -> Option<Self> {
        let Ok(Value::Object(object)) = serde_json::from_slice(text) else {
            return None;
        };
        let plain = |(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Number(number) => Some((name, number.to_string())),
            _ => None,
        };
        Some(Self(object.into_iter().filter_map(plain).collect()))
    }

    /// The value of a parameter; an empty one counts as absent (RFC 6749 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The name of a parameter that occurs more than once, which RFC 6749 3.1 forbids.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let names = || self.0.iter().map(|(name, _)| name.as_str());
        names()
            .enumerate()
            .find(|(at, name)| names().take(*at).any(|other| other == *name))
            .map(|(_, name)| name)
    }
}

/// The value of a header.
pub(crate) fn header<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Whether the body has this media type.
pub(crate) fn is_of_type(request: &Request<Bytes>, wanted: &str) -> bool {
    let given = header(request, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case(wanted)
}

/// The query parameters of a request.
pub(crate) fn query(request: &Request<Bytes>) -> Params {
    Params::form(request.uri().query().unwrap_or_default().as_bytes())
}

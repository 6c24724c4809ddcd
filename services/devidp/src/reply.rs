//! Replies. All have `Cache-Control: no-store` and `Referrer-Policy: no-referrer` (RFC 9700 4.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;
use url::form_urlencoded;

/// A reply with a body of the given media type.
pub(crate) fn typed(status: StatusCode, content_type: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A plain-text reply.
pub(crate) fn text(status: StatusCode, body: &str) -> Response<Bytes> {
    typed(status, "text/plain; charset=utf-8", body.to_owned())
}

/// A JSON reply.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    typed(status, "application/json", body.to_string())
}

/// A reply with the members of a JSON object as `application/x-www-form-urlencoded`.
pub(crate) fn form(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        pairs.append_pair(name, &plain(value));
    }
    typed(status, "application/x-www-form-urlencoded", pairs.finish())
}

/// An HTML page. The content security policy allows only its style and script, by hash, and no other resources.
///
/// `form-action` is omitted on purpose: Chromium applies it to every redirect after a form submission, and the flow
/// redirects to the app's own origin.
pub(crate) fn page(status: StatusCode, html: String, style: &str, script: Option<&str>) -> Response<Bytes> {
    let script = script
        .map(|script| format!("; script-src '{}'", hash(script)))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src '{}'{script}; base-uri 'none'; frame-ancestors 'none'",
        hash(style)
    );
    let mut response = typed(status, "text/html; charset=utf-8", html);
    set(&mut response, header::CONTENT_SECURITY_POLICY, &policy);
    set(&mut response, header::X_FRAME_OPTIONS, "DENY");
    response
}

/// A 303 redirect, which the browser follows with a GET.
pub(crate) fn see_other(to: &str) -> Response<Bytes> {
    redirect(StatusCode::SEE_OTHER, to)
}

/// A redirect with this status.
pub(crate) fn redirect(status: StatusCode, to: &str) -> Response<Bytes> {
    let mut response = text(status, "");
    set(&mut response, header::LOCATION, to);
    response
}

/// Sets a header; an invalid value is ignored.
pub(crate) fn set(response: &mut Response<Bytes>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Converts a JSON value to a parameter value: strings unchanged, null to an empty string, others as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Hash source (Content Security Policy 3) of an inline style or script.
fn hash(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    format!("sha256-{}", STANDARD.encode(digest))
}

//! Headers of every reply, and the reply to a preflight request (Fetch standard, CORS protocol).

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, ORIGIN, SERVER,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use projects::Project;

use crate::app::App;
use crate::reply::Reply;
use crate::request::Request;
use crate::request_id;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const EXPOSED: HeaderValue = HeaderValue::from_static("X-Appwrite-Session, X-Fallback-Cookies");
const ALLOWED: HeaderValue = HeaderValue::from_static(
    "Origin, Cookie, Set-Cookie, X-Requested-With, Content-Type, Access-Control-Allow-Origin, \
     Access-Control-Request-Headers, Accept, X-Appwrite-Project, X-Appwrite-Key, X-Appwrite-Dev-Key, X-Appwrite-Locale, \
     X-Appwrite-Mode, X-Appwrite-JWT, X-Appwrite-Response-Format, X-Appwrite-Timeout, X-Appwrite-ID, \
     X-Appwrite-Timestamp, X-Appwrite-Session, X-Appwrite-Organization, X-Appwrite-Platform, \
     X-Appwrite-Impersonate-User-Id, X-Appwrite-Impersonate-User-Email, X-Appwrite-Impersonate-User-Phone, \
     X-Fallback-Cookies, X-SDK-Version, X-SDK-Name, X-SDK-Language, X-SDK-Platform, X-SDK-GraphQL, X-SDK-Profile, Content-Range, Range, Cache-Control, Expires, Pragma, X-Forwarded-For, \
     X-Forwarded-User-Agent",
);

/// How long a browser keeps the reply to a preflight, in seconds: a day.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// Adds the headers of every reply.
pub(crate) fn finish(headers: &mut HeaderMap, id: HeaderValue, secure: bool) {
    headers.insert(request_id::HEADER, id);
    headers.insert(SERVER, HeaderValue::from_static("Ferrite"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Replies depend on the caller's credentials; those that may be cached say so themselves.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=10886400"));
    }
}

/// Adds the CORS headers if the origin of the calling page is allowed by the project.
pub(crate) fn share(headers: &mut HeaderMap, app: &App, project: Option<&Project>, request: &Request, dev_key: bool) {
    let Some(origin) = request.headers.get(ORIGIN) else {
        return;
    };
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    let text = origin.to_str().unwrap_or_default();
    let allowed = dev_key || project.is_some_and(|project| project.allows_origin(text, &app.own_hosts()));
    if !allowed {
        return;
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

/// Replies to a preflight request. A browser sends it without the project ID, so every origin is allowed here; the call
/// itself is checked when it arrives.
pub(crate) fn preflight(request: &Request) -> Reply {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    if let Some(origin) = request.headers.get(ORIGIN) {
        reply.headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        reply
            .headers
            .insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        reply.headers.insert(VARY, HeaderValue::from_static("Origin"));
    }
    reply.headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    reply.headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
    reply.headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    reply.headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    reply
}

//! Cookies: how a browser stores a session, and the fallback header for browsers that block third-party cookies.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderName;
use http::header::SET_COOKIE;
use identity::sessions::{Credential, Opened};
use kernel::Timestamp;
use projects::{Project, ProjectId};
use serde_json::{Map, Value, json};
use url::{Host, Url};

use crate::app::App;
use crate::request::Request;

const FALLBACK: HeaderName = HeaderName::from_static("x-fallback-cookies");

/// The name of a project's session cookie, in lower case as Appwrite sets it.
pub fn session_cookie(project: &ProjectId) -> String {
    format!("a_session_{}", project.as_str().to_ascii_lowercase())
}

/// Most credentials that are read from one request. Each may need a look-up.
const MAX_CREDENTIALS: usize = 8;

/// Credentials of sessions in a request, in the order of Appwrite: cookies, legacy cookies, header. There can be several:
/// a browser may also send old cookies of the same name. In admin mode only the console's cookies are read.
pub(crate) fn credentials(project: &ProjectId, request: &Request, admin_mode: bool) -> Vec<Credential> {
    let name = session_cookie(project);
    let legacy = format!("{name}_legacy");
    let header = request.header("x-appwrite-session").filter(|_| !admin_mode);
    let cookies = request.cookies(&name).into_iter().chain(request.cookies(&legacy));
    let mut found: Vec<Credential> = cookies
        .chain(header)
        .filter_map(Credential::decode)
        .take(MAX_CREDENTIALS)
        .collect();
    // A session's two cookies contain the same credential.
    found.dedup_by(|one, other| one.id == other.id && one.secret == other.secret);
    found
}

/// The credential in the fallback header, which SDKs send if the browser blocks the cookies. The outer option is none if
/// there is no such header.
pub(crate) fn fallback_credential(project: &ProjectId, request: &Request) -> Option<Option<Credential>> {
    let fallback = request.header(FALLBACK)?;
    let name = session_cookie(project);
    let cookies: Map<String, Value> = serde_json::from_str(fallback).unwrap_or_default();
    let own = cookies.iter().find(|(key, _)| key.eq_ignore_ascii_case(&name));
    Some(own.and_then(|(_, value)| Credential::decode(value.as_str()?)))
}

/// Headers that set the session cookies.
pub fn open(app: &App, project: &Project, request: &Request, opened: &Opened) -> Vec<(HeaderName, String)> {
    let name = session_cookie(project.id());
    let mut headers = set(app, &name, &opened.token, http_date(opened.session.expire));
    if needs_fallback(app, request) {
        headers.push((FALLBACK, json!({ (name): opened.token }).to_string()));
    }
    headers
}

/// Headers that delete the session cookies.
pub fn close(app: &App, project: &Project, request: &Request) -> Vec<(HeaderName, String)> {
    let past = request.now.minus(Duration::from_secs(3600));
    let mut headers = set(app, &session_cookie(project.id()), "", http_date(past));
    if needs_fallback(app, request) {
        headers.push((FALLBACK, "[]".to_owned()));
    }
    headers
}

fn set(app: &App, name: &str, value: &str, expires: String) -> Vec<(HeaderName, String)> {
    let url = &app.settings.public_url;
    let secure = if url.scheme() == "https" { "; secure" } else { "" };
    let domain = match url.host() {
        Some(Host::Domain(host)) if host != "localhost" => format!("; domain=.{host}"),
        _ => String::new(),
    };
    // Browsers accept SameSite=None only with Secure; over plain HTTP only the legacy cookie works.
    let cookie = |name: &str, same_site: &str| {
        (
            SET_COOKIE,
            format!("{name}={value}; expires={expires}; path=/{domain}{secure}; httponly{same_site}"),
        )
    };
    vec![cookie(&format!("{name}_legacy"), ""), cookie(name, "; samesite=none")]
}

/// True if the calling page and the server have different registrable domains: browsers block such third-party cookies.
fn needs_fallback(app: &App, request: &Request) -> bool {
    let page = request.origin().and_then(|origin| Url::parse(origin).ok());
    let page_site = page.as_ref().and_then(site);
    page_site.is_none() || page_site != site(&app.settings.public_url)
}

/// The registrable domain of a host by the Public Suffix List, or the whole host for an address, a single label and a
/// public suffix.
fn site(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => Some(psl::domain_str(name).unwrap_or(name).to_owned()),
        address => Some(address.to_string()),
    }
}

/// Formats a date for `Set-Cookie` (RFC 6265, 4.1.1).
fn http_date(time: Timestamp) -> String {
    let seconds = u64::try_from(time.seconds()).unwrap_or(0);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_the_format_of_rfc_1123() {
        let time = Timestamp::parse("2026-11-21T18:45:09.000+00:00").expect("a date");
        assert_eq!(http_date(time), "Sat, 21 Nov 2026 18:45:09 GMT");
    }

    #[test]
    fn sites_are_registrable_domains() {
        let site = |url: &str| site(&Url::parse(url).expect("a URL"));
        assert_eq!(site("https://api.example.com"), site("https://www.example.com"));
        assert_ne!(site("https://a.co.uk"), site("https://b.co.uk"));
        assert_ne!(site("https://ada.github.io"), site("https://bob.github.io"));
        assert_ne!(site("http://10.0.0.1"), site("http://10.0.0.2"));
        assert_eq!(site("http://localhost:3000"), site("http://localhost:8080"));
    }
}

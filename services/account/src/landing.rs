//! Default redirect targets of a sign-in by OAuth2 or by a magic URL, used when the app gave no URL. The pages redirect
//! to a native app by its private URI scheme (RFC 8252, 7.1) or show an error.

use api::page::{STYLE, advice};
use api::{Reply, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use kernel::markup::escape;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::oauth2::{DEFAULT_FAILURE, DEFAULT_SUCCESS};
use crate::tokens::magic_url;

/// The only script of the pages: follows the link to the app automatically.
const SCRIPT: &str = "location.replace(document.getElementById('app').href)";

/// Path prefixes of these pages.
pub(crate) const PATHS: [&str; 2] = ["/console/auth/oauth2", magic_url::LANDING];

/// Returns the page of the request's path, or `None` for any other path.
fn answer(request: &Request) -> Option<Reply> {
    let pairs = api::input::pairs(&request.query);
    let get = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let project = get("project").filter(|id| is_project(id));
    match request.path.trim_end_matches('/') {
        DEFAULT_SUCCESS => Some(match project {
            Some(project) => redirect_to_app(
                "You are signed in",
                "<h1>You are signed in</h1><p>Going back to the app…</p>",
                project,
                &request.query,
            ),
            None => page(
                StatusCode::BAD_REQUEST,
                "Missing redirect URL",
                "<h1>Missing redirect URL</h1><p>The sign-in succeeded, but the app did not say where to go on. Its developer \
                 gives <code>createOAuth2Session</code> a success and a failure URL.</p>",
                false,
            ),
        }),
        magic_url::LANDING => Some(match project {
            Some(project) => redirect_to_app(
                "Signing you in",
                "<h1>Signing you in</h1><p>Going back to the app…</p>",
                project,
                &request.query,
            ),
            None => page(
                StatusCode::BAD_REQUEST,
                "This link is incomplete",
                "<h1>This link is incomplete</h1><p>Open it from the mail once more, or ask the app for a new one.</p>",
                false,
            ),
        }),
        DEFAULT_FAILURE => {
            let error: Value = get("error")
                .and_then(|error| serde_json::from_str(error).ok())
                .unwrap_or_default();
            let message = error["message"].as_str().unwrap_or("The sign-in did not succeed.");
            let kind = error["type"].as_str().unwrap_or("unknown");
            let name = get("attempt").map_or(String::new(), |id| {
                format!("<p>Sign-in <code>{}</code></p>", escape(id))
            });
            let body_html = format!(
                "<h1>The sign-in did not succeed</h1><p>{}</p>{}<p>Error <code>{}</code></p>{name}",
                escape(message),
                advice(kind),
                escape(kind)
            );
            Some(match project {
                Some(project) => redirect_to_app("The sign-in did not succeed", &body_html, project, &request.query),
                None => page(StatusCode::OK, "The sign-in did not succeed", &body_html, false),
            })
        }
        _ => None,
    }
}

fn is_project(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 36
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// A page with the given HTML that redirects to the app.
fn redirect_to_app(title: &str, body_html: &str, project: &str, query: &str) -> Reply {
    let link = escape(&format!("appwrite-callback-{project}://?{query}"));
    let body = format!("{body_html}<p><a id=\"app\" href=\"{link}\">Open the app</a></p><script>{SCRIPT}</script>");
    page(StatusCode::OK, title, &body, true)
}

fn page(status: StatusCode, title: &str, body: &str, scripted: bool) -> Reply {
    let script = if scripted {
        format!("; script-src 'sha256-{}'", STANDARD.encode(Sha256::digest(SCRIPT)))
    } else {
        String::new()
    };
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'{script}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    Reply::html(status, api::page::document(title, body), &policy)
}

/// Returns the pages as a site.
pub(crate) fn site() -> api::Site {
    std::sync::Arc::new(|request, _| {
        let reply = answer(&request).unwrap_or_else(|| api::page::not_found(&request));
        Box::pin(async move { reply })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, Method};
    use kernel::Timestamp;

    fn at(path: &str, query: &str) -> Option<(StatusCode, String)> {
        let request = Request::new(
            Method::GET,
            path.to_owned(),
            query.to_owned(),
            HeaderMap::new(),
            (std::net::IpAddr::from([127, 0, 0, 1]), &api::Proxies::default()),
            Timestamp::from_millis(0),
        );
        answer(&request).map(|reply| {
            (
                reply.status,
                String::from_utf8_lossy(reply.body.as_bytes().expect("a page")).into_owned(),
            )
        })
    }

    #[test]
    fn a_native_app_gets_the_full_query_by_its_scheme() {
        let (status, page) = at(DEFAULT_SUCCESS, "project=shop&secret=a%22b&key=k").expect("a page");
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("href=\"appwrite-callback-shop://?project=shop&amp;secret=a%22b&amp;key=k\""),
            "{page}"
        );
    }

    #[test]
    fn a_magic_link_passes_its_secret_to_the_app() {
        let (status, page) = at("/console/auth/magic-url", "userId=ada&secret=abc&project=shop").expect("a page");
        assert_eq!(status, StatusCode::OK);
        assert!(
            page.contains("href=\"appwrite-callback-shop://?userId=ada&amp;secret=abc&amp;project=shop\""),
            "{page}"
        );
        let (status, _) = at("/console/auth/magic-url", "userId=ada&secret=abc").expect("a page");
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }

    #[test]
    fn query_values_are_escaped() {
        let hostile = "project=%22%3E%3Cscript%3E&error=%7B%22message%22%3A%22%3Cscript%3Ealert(1)%3C/script%3E%22%7D";
        let (_, page) = at(DEFAULT_FAILURE, hostile).expect("a page");
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
        let (status, _) = at(DEFAULT_SUCCESS, hostile).expect("a page");
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
}

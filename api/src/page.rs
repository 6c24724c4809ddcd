//! Plain HTML pages for persons who open an address of the server in a browser. No script, no external resource.

use http::StatusCode;
use kernel::markup::escape;

use crate::error::Refusal;
use crate::reply::Reply;
use crate::request::Request;

/// Content security policy of plain pages: no script, no external resource.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// CSS of all plain pages; also used by pages with a script.
pub const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2129;--soft:#5b6472;--line:#dfe3e8;--paper:#fff;--back:#f4f5f7;--rust:#b4491f}\
@media(prefers-color-scheme:dark){:root{--ink:#eceff3;--soft:#9aa4b2;--line:#31363f;--paper:#1b1e24;--back:#121418;--rust:#f0875a}}\
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);color:var(--ink);\
font:16px/1.55 system-ui,sans-serif;padding:1.5rem}main{width:100%;max-width:34rem;background:var(--paper);border:1px solid var(--line);\
border-radius:14px;padding:2rem}h1{font-size:1.35rem;line-height:1.3;margin:0 0 .75rem}p{margin:.5rem 0;color:var(--soft);overflow-wrap:anywhere}\
a{color:var(--rust)}code{font:.85em ui-monospace,monospace;background:var(--back);border:1px solid var(--line);border-radius:6px;padding:.1em .4em;\
overflow-wrap:anywhere}.mark{color:var(--rust);font-weight:600;letter-spacing:.02em;font-size:.85rem;margin:0 0 1.25rem}";

/// A complete HTML document around a body.
pub fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\"><title>{}</title>\
         <style>{STYLE}</style></head><body><main><p class=\"mark\">Ferrite</p>{body}</main></body></html>",
        escape(title)
    )
}

/// The page of an error: message, advice, error type, status code and request ID.
pub fn error(status: StatusCode, message: &str, type_name: &str, request_id: &str) -> Reply {
    let body = format!(
        "<h1>{}</h1>{}<p>Error <code>{}</code> <code>{}</code></p><p>Request <code>{}</code></p>",
        escape(message),
        advice(type_name),
        status.as_u16(),
        escape(type_name),
        escape(request_id),
    );
    Reply::html(status, document("Error", &body), POLICY)
}

/// Advice for the app's developer on a sign-in error of this type, as HTML; empty if there is none.
pub fn advice(type_name: &str) -> &'static str {
    match type_name {
        "project_provider_disabled" => {
            "<p>For the app's developer: switch the provider on in the project, and give it a client id and a secret.</p>"
        }
        "project_invalid_success_url" | "project_invalid_failure_url" => {
            "<p>For the app's developer: add the host of the success and failure URLs to the project's platforms.</p>"
        }
        "user_oauth2_bad_request" | "user_oauth2_unauthorized" | "user_oauth2_provider_error" | "user_missing_id" => {
            "<p>For the app's developer: the project's OAuth2 attempts show each step of this sign-in, and the provider's check \
             tests client id, secret and redirect address.</p>"
        }
        "user_unauthorized" => {
            "<p>The provider told no e-mail address. Allow the app to see it, or sign in another way.</p>"
        }
        "general_bad_request" | "user_already_exists" => {
            "<p>Sign in the way you did before, and link the other account then.</p>"
        }
        _ => "",
    }
}

/// Reply to an unknown path: a page for browsers, JSON for other clients and for the API.
pub fn not_found(request: &Request) -> Reply {
    if request.path.starts_with("/v1") || !request.wants_page() {
        return crate::router::error_reply(&Refusal::RouteNotFound.into(), request, false);
    }
    let body = "<h1>There is nothing here</h1><p>The API is under <code>/v1</code>.</p>";
    plain(StatusCode::NOT_FOUND, "Not found", body)
}

/// A page with a trusted body, given as HTML.
pub fn plain(status: StatusCode, title: &str, body: &str) -> Reply {
    Reply::html(status, document(title, body), POLICY)
}

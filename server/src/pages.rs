//! What is served beside the API: the front page, the landing pages of sign-ins, the OpenAPI document, the development tools.

use std::sync::{Arc, OnceLock};

use api::router::Site;
use api::{App, Reply, Request, Router, openapi, page};
use bytes::Bytes;
use devidp::DevIdp;
use http::StatusCode;
use senders::Inbox;

use crate::services::Parts;

/// Where the development identity provider is.
pub(crate) const DEV_IDP: &str = "/dev/idp";
/// Where Appwrite's test provider is.
const MOCK: &str = "/v1/mock/";

/// Adds the sites to a router; the first whose path fits answers.
pub(crate) fn mount(router: Router, app: &Arc<App>, parts: &Parts) -> Router {
    let document = openapi_document(router.endpoints(), app);
    let router = router.with_site("/v1/openapi.json", document);
    let router = svc_account::landing::PATHS
        .into_iter()
        .fold(router, |router, path| router.with_site(path, landing()));
    let router = if app.settings.dev {
        let idp = Arc::new(DevIdp::new(Arc::clone(&parts.registry), app.clock.clone()));
        let router = router.with_site(DEV_IDP, dev_idp(idp)).with_site(MOCK, mock());
        match &app.notifier.post().inbox {
            Some(inbox) => router
                .with_site(devmail::PATH, dev_mail(inbox))
                .with_site(devmail::MAILS, dev_mail(inbox))
                .with_site(devmail::SMS, dev_mail(inbox)),
            None => router,
        }
    } else {
        router
    };
    router.with_site("/", front())
}

fn openapi_document(endpoints: &[api::Bound], app: &App) -> Site {
    let endpoints = endpoints.to_vec();
    let server = app.settings.public_url.as_str().trim_end_matches('/').to_owned();
    let document = Arc::new(OnceLock::new());
    Arc::new(move |_, _| {
        // Made when first asked for, and kept: it never changes while the server runs.
        let json = document.get_or_init(|| openapi::document(&endpoints, &server));
        let reply = Reply::json(StatusCode::OK, json).compressed();
        Box::pin(async move { reply })
    })
}

fn landing() -> Site {
    Arc::new(|request, _| {
        let reply = svc_account::landing::answer(&request).unwrap_or_else(|| not_found(&request));
        Box::pin(async move { reply })
    })
}

fn dev_idp(idp: Arc<DevIdp>) -> Site {
    Arc::new(move |request, body| {
        let idp = Arc::clone(&idp);
        Box::pin(async move { from_http(idp.handle(to_http(&request, body)).await) })
    })
}

fn dev_mail(inbox: &Arc<Inbox>) -> Site {
    let inbox = Arc::clone(inbox);
    Arc::new(move |request, _| {
        let reply = devmail::handle(&inbox, &request);
        Box::pin(async move { reply })
    })
}

fn mock() -> Site {
    Arc::new(|request, body| {
        let reply = devidp::mock::handle(&to_http(&request, body)).map_or_else(|| not_found(&request), from_http);
        Box::pin(async move { reply })
    })
}

fn to_http(request: &Request, body: Bytes) -> http::Request<Bytes> {
    let mut out = http::Request::new(body);
    *out.method_mut() = request.method.clone();
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    // What came in as a target goes out as one.
    *out.uri_mut() = format!("{}{query}", request.path).parse().unwrap_or_default();
    *out.headers_mut() = request.headers.clone();
    out
}

fn from_http(response: http::Response<Bytes>) -> Reply {
    let (parts, body) = response.into_parts();
    let mut reply = Reply::empty(parts.status);
    reply.headers = parts.headers;
    reply.body = body.into();
    reply
}

fn front() -> Site {
    Arc::new(|request, _| {
        let reply = if request.path == "/" {
            front_page()
        } else {
            not_found(&request)
        };
        Box::pin(async move { reply })
    })
}

fn front_page() -> Reply {
    let body = "<h1>This is a Ferrite server</h1><p>It is running. Apps talk to it under <code>/v1</code> with Appwrite's \
                SDKs; everything it can do is described in <a href=\"/v1/openapi.json\">its OpenAPI document</a>.</p>";
    page::plain(StatusCode::OK, "Ferrite", body)
}

fn not_found(request: &Request) -> Reply {
    if request.path.starts_with("/v1") || !request.wants_page() {
        return api::router::error_reply(&api::Refusal::RouteNotFound.into(), request, false);
    }
    let body = "<h1>There is nothing here</h1><p>The API is under <code>/v1</code>.</p>";
    page::plain(StatusCode::NOT_FOUND, "Not found", body)
}

//! Pages outside the API: the front page, the OpenAPI document, the development tools.

use std::sync::{Arc, OnceLock};

use api::{Reply, Request, Service, Site, openapi, page};
use bytes::Bytes;
use devidp::DevIdp;
use http::StatusCode;
use kernel::Clock;
use senders::Inbox;
use url::Url;

/// Path of the development identity provider.
pub(crate) const DEV_IDP: &str = "/dev/idp";
/// Path of Appwrite's test provider.
const MOCK: &str = "/v1/mock/";

/// Service of the development tools: the identity provider, Appwrite's test provider, and the inbox.
pub(crate) fn development(registry: &Arc<oauth::Registry>, clock: &Clock, inbox: Option<&Arc<Inbox>>) -> Service {
    let idp = Arc::new(DevIdp::new(Arc::clone(registry), clock.clone()));
    let service = Service::new("dev", (), Vec::new())
        .site(DEV_IDP, dev_idp(idp))
        .site(MOCK, mock());
    let paths = [devmail::PATH, devmail::MAILS, devmail::SMS];
    inbox.into_iter().fold(service, |service, inbox| {
        paths
            .into_iter()
            .fold(service, |service, path| service.site(path, dev_mail(inbox)))
    })
}

/// Service of the server's own pages: the front page, and the OpenAPI document of the given services.
pub(crate) fn own(services: &[Service], public_url: &Url) -> Service {
    let endpoints = services.iter().flat_map(|service| service.endpoints.clone()).collect();
    Service::new("server", (), Vec::new())
        .site("/v1/openapi.json", openapi_document(endpoints, public_url))
        .site("/", front())
}

fn openapi_document(endpoints: Vec<api::Bound>, public_url: &Url) -> Site {
    let server = public_url.as_str().trim_end_matches('/').to_owned();
    let document = Arc::new(OnceLock::new());
    Arc::new(move |_, _| {
        // Built at the first request and cached: it does not change while the server runs.
        let json = document.get_or_init(|| openapi::document(&endpoints, &server));
        let reply = Reply::json(StatusCode::OK, json).compressed();
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
        let reply = devidp::mock::handle(&to_http(&request, body)).map_or_else(|| page::not_found(&request), from_http);
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
    // Path and query come from a valid request target, so that they parse again.
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
            page::not_found(&request)
        };
        Box::pin(async move { reply })
    })
}

fn front_page() -> Reply {
    let body = "<h1>This is a Ferrite server</h1><p>It is running. Apps talk to it under <code>/v1</code> with Appwrite's \
                SDKs; everything it can do is described in <a href=\"/v1/openapi.json\">its OpenAPI document</a>.</p>";
    page::plain(StatusCode::OK, "Ferrite", body)
}

//! What is served beside the API: the front page, the landing pages of OAuth2, the OpenAPI document, the development tools.

use std::sync::{Arc, OnceLock};

use api::router::Site;
use api::{App, Reply, Request, Router, openapi, page};
use bytes::Bytes;
use http::StatusCode;

use crate::services::Parts;

/// Adds the sites to a router.
pub fn mount(router: Router, app: &Arc<App>, _parts: &Parts) -> Router {
    let endpoints = router.endpoints().to_vec();
    let server = app.settings.public_url.as_str().trim_end_matches('/').to_owned();
    let document = Arc::new(OnceLock::new());
    let openapi: Site = Arc::new(move |_, _| {
        let (endpoints, server, document) = (endpoints.clone(), server.clone(), Arc::clone(&document));
        Box::pin(async move {
            let json = document.get_or_init(|| openapi::document(&endpoints, &server));
            Reply::json(StatusCode::OK, json)
        })
    });
    let front: Site = Arc::new(|request: Request, _: Bytes| Box::pin(async move { front_page(&request) }));
    router.with_site("/v1/openapi.json", openapi).with_site("/", front)
}

fn front_page(request: &Request) -> Reply {
    if request.path != "/" {
        return page::plain(StatusCode::NOT_FOUND, "Not found", "<h1>There is nothing here</h1><p>The API is under <code>/v1</code>.</p>");
    }
    let body = "<h1>This is a Ferrite server</h1><p>It is running. Apps talk to it under <code>/v1</code> with Appwrite's \
                SDKs; everything it can do is described in <a href=\"/v1/openapi.json\">its OpenAPI document</a>.</p>";
    page::plain(StatusCode::OK, "Ferrite", body)
}

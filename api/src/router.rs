//! The router: from a request to its endpoint, through the guard, and back.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use projects::Project;
use serde_json::{Map, Value, json};

use crate::app::{App, VERSION};
use crate::call::Base;
use crate::endpoint::{Bound, BoxFuture, Service};
use crate::error::{Error, Refusal, Result};
use crate::page;
use crate::reply::Reply;
use crate::request::Request;
use crate::{guard, headers, identify, input, limits};

/// Handles what lies under a path and is no endpoint of the API: pages, the development tools.
pub type Site = Arc<dyn Fn(Request, Bytes) -> BoxFuture<Reply> + Send + Sync>;

/// How often a call is run whose act others undo.
const ATTEMPTS: usize = 5;

/// A table from paths to endpoints.
pub struct Router {
    app: Arc<App>,
    /// A table each method: a fixed path that one method has must not hide a parameter that another has there.
    routes: HashMap<Method, matchit::Router<Bound>>,
    sites: Vec<(&'static str, Site)>,
    endpoints: Vec<Bound>,
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Router")
            .field("endpoints", &self.endpoints.len())
            .finish_non_exhaustive()
    }
}

/// A request whose endpoint is known and whose body is still to be read.
#[derive(Debug)]
pub struct Matched {
    endpoint: Option<Bound>,
    path: Vec<(String, String)>,
}

impl Matched {
    /// The largest body that is read, in bytes.
    pub fn body_limit(&self) -> usize {
        self.endpoint
            .as_ref()
            .map_or(1 << 20, |endpoint| endpoint.declaration.body_limit)
    }
}

impl Router {
    /// A router of services.
    ///
    /// # Errors
    /// When two endpoints claim the same method and path: a mistake in a declaration.
    pub fn new(app: Arc<App>, services: Vec<Service>) -> std::result::Result<Self, String> {
        let endpoints: Vec<Bound> = services.into_iter().flat_map(|service| service.endpoints).collect();
        let mut routes: HashMap<Method, matchit::Router<Bound>> = HashMap::new();
        for endpoint in &endpoints {
            let declaration = &endpoint.declaration;
            for path in std::iter::once(declaration.path).chain(declaration.aliases.iter().copied()) {
                let method = &declaration.method;
                routes
                    .entry(method.clone())
                    .or_default()
                    .insert(path, endpoint.clone())
                    .map_err(|error| format!("{method} {path}: {error}"))?;
            }
        }
        Ok(Self {
            app,
            routes,
            sites: Vec::new(),
            endpoints,
        })
    }

    /// Adds a site under a path.
    #[must_use]
    pub fn with_site(mut self, prefix: &'static str, site: Site) -> Self {
        self.sites.push((prefix, site));
        self
    }

    /// Every endpoint.
    pub fn endpoints(&self) -> &[Bound] {
        &self.endpoints
    }

    /// Finds the endpoint of a request.
    pub fn find(&self, method: &Method, path: &str) -> Matched {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let Some(found) = self.routes.get(method).and_then(|routes| routes.at(path).ok()) else {
            return Matched {
                endpoint: None,
                path: Vec::new(),
            };
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = found
            .params
            .iter()
            .map(|(name, value)| (name.to_owned(), decode(value)))
            .collect();
        Matched {
            endpoint: Some(found.value.clone()),
            path,
        }
    }

    /// Answers a request.
    pub async fn answer(&self, matched: Matched, request: Request, body: Result<Bytes>) -> Reply {
        if request.method == Method::OPTIONS {
            return self.finish(headers::preflight(&request), request.id, request.secure);
        }
        let Some(endpoint) = matched.endpoint else {
            return self.answer_elsewhere(request, body).await;
        };
        let mut request = request;
        if let Ok(body) = &body {
            request.body = body.clone();
        }
        let request = Arc::new(request);
        let mut context = ReplyContext::default();
        let answer = self.run(&endpoint, &matched.path, &request, body, &mut context).await;
        let mut reply = match answer {
            Ok(reply) => reply,
            Err(error) => error_reply(&error, &request, endpoint.declaration.navigated),
        };
        for (name, value) in std::mem::take(&mut context.headers) {
            reply = reply.with(name, &value);
        }
        headers::share(
            &mut reply.headers,
            &self.app,
            context.project.as_deref(),
            &request,
            context.dev_key,
        );
        self.finish(reply, request.id.clone(), request.secure)
    }

    fn finish(&self, mut reply: Reply, id: HeaderValue, secure: bool) -> Reply {
        let secure = secure || self.app.settings.public_url.scheme() == "https";
        headers::finish(&mut reply.headers, id, secure);
        reply
    }

    async fn answer_elsewhere(&self, request: Request, body: Result<Bytes>) -> Reply {
        let site = self.sites.iter().find(|(prefix, _)| {
            let rest = request.path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'))
        });
        let (id, secure) = (request.id.clone(), request.secure);
        let reply = match (site, body) {
            (Some((_, site)), Ok(body)) => site(request, body).await,
            (_, Err(error)) => error_reply(&error, &request, false),
            (None, Ok(_)) => error_reply(&Refusal::RouteNotFound.into(), &request, false),
        };
        self.finish(reply, id, secure)
    }

    async fn run(
        &self,
        endpoint: &Bound,
        path: &[(String, String)],
        request: &Arc<Request>,
        body: Result<Bytes>,
        context: &mut ReplyContext,
    ) -> Result<Reply> {
        let app = &self.app;
        let declaration = &endpoint.declaration;
        let input = input::merge(request, path, body?).await?;
        let project = app.projects.get(project_id(request, &input)).await?;
        context.project = Some(Arc::clone(&project));
        let target = identify::target(app, &project, declaration, path).await?;
        let identified = identify::identify(app, &project, declaration, target.as_deref(), request, &input).await?;
        context.dev_key = identified.dev_key;
        guard::check_origin(app, &project, declaration, request, identified.dev_key)?;
        guard::check(&project, declaration, &identified, request)?;
        let (headers, allowed) =
            limits::count(app, project.id().as_str(), declaration, &identified, request, &input).await;
        context.headers = headers;
        allowed?;
        identify::remember_visit(app, &project, &identified.caller, request.now);
        let base = Base {
            app: Arc::clone(app),
            db: app.engine.database(project.id().as_str()),
            project,
            target,
            caller: identified.caller,
            scopes: identified.scopes,
            dev_key: identified.dev_key,
            request: Arc::clone(request),
            endpoint: Arc::clone(declaration),
            committed: Arc::default(),
        };
        run_uncontended(endpoint, base, &input).await
    }
}

/// Runs the handler, and again where its act was undone only for another's sake (a deadlock on PostgreSQL) and nothing of
/// the call was committed before.
async fn run_uncontended(endpoint: &Bound, base: Base, input: &Map<String, Value>) -> Result<Reply> {
    for _ in 1..ATTEMPTS {
        match endpoint.run(base.clone(), input)?.await {
            Err(error) if error.is_contended() && !base.committed.load(Ordering::Relaxed) => {}
            answer => return answer,
        }
    }
    endpoint.run(base, input)?.await
}

/// What became known on the way and shows in the answer's headers.
#[derive(Default)]
struct ReplyContext {
    project: Option<Arc<Project>>,
    dev_key: bool,
    headers: Vec<(HeaderName, String)>,
}

/// The project that is spoken to: a parameter, else the header. An empty one is the console's.
fn project_id<'a>(request: &'a Request, input: &'a Map<String, Value>) -> &'a str {
    let named = input.get("project").and_then(Value::as_str);
    named
        .or_else(|| request.header("x-appwrite-project"))
        .unwrap_or_default()
}

/// The answer to an error: a page where a browser navigates, JSON `{message, code, type, version}` otherwise.
pub fn error_reply(error: &Error, request: &Request, navigated: bool) -> Reply {
    let status = error.status();
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        let id = request.id.to_str().unwrap_or_default();
        tracing::error!(id, method = %request.method, path = %request.path, error = error.chain(), "a request failed");
    }
    let message = error.message();
    if request.wants_page() && (navigated || request.is_navigation()) {
        return page::error(
            status,
            &message,
            error.type_name(),
            request.id.to_str().unwrap_or_default(),
        );
    }
    let body = json!({
        "message": message,
        "code": status.as_u16(),
        "type": error.type_name(),
        "version": VERSION,
    });
    Reply::json(status, &body)
        .with(http::header::CACHE_CONTROL, "no-cache, no-store, must-revalidate")
        .with(http::header::EXPIRES, "0")
        .with(http::header::PRAGMA, "no-cache")
}

//! The router: from a request through the guard to the handler and the reply.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use db::Database;
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use projects::Project;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::body::{self, Collected, RequestBody};
use crate::call::Base;
use crate::caller::Caller;
use crate::declaration::Declaration;
use crate::endpoint::Bound;
use crate::error::{Error, Refusal, Result};
use crate::identify::Organization;
use crate::limits::{Counted, Usage};
use crate::page;
use crate::reply::Reply;
use crate::request::Request;
use crate::service::{Service, Site};
use crate::version::VERSION;
use crate::{guard, headers, identify, input};

/// Maximum size of a guest's request body, in bytes.
const GUEST_BODY: usize = 1 << 20;
/// Maximum size of a user's request body, in bytes.
const USER_BODY: usize = 4 << 20;
/// Maximum size of a request body to a site, in bytes.
const SITE_BODY: usize = 1 << 20;
/// Maximum number of runs of a call whose transaction is aborted by contention.
const ATTEMPTS: usize = 5;

/// Routes of all endpoints and sites.
pub struct Router {
    app: Arc<App>,
    /// Routes by method: a fixed path of one method must not hide a path parameter of another.
    routes: HashMap<Method, matchit::Router<Bound>>,
    by_id: HashMap<&'static str, Bound>,
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

impl Router {
    /// A router of services.
    ///
    /// # Errors
    /// If two endpoints have the same method and path, or an event pattern is invalid: an error in a declaration.
    pub fn new(app: Arc<App>, services: &[Service]) -> std::result::Result<Self, String> {
        let endpoints: Vec<Bound> = services.iter().flat_map(|service| service.endpoints.clone()).collect();
        let mut routes: HashMap<Method, matchit::Router<Bound>> = HashMap::new();
        for endpoint in &endpoints {
            let declaration = &endpoint.declaration;
            if declaration.emits.is_none() && declaration.event.is_some() {
                return Err(format!(
                    "{} {}: its event is no pattern",
                    declaration.method, declaration.path
                ));
            }
            for path in std::iter::once(declaration.path).chain(declaration.aliases.iter().copied()) {
                let method = &declaration.method;
                routes
                    .entry(method.clone())
                    .or_default()
                    .insert(path, endpoint.clone())
                    .map_err(|error| format!("{method} {path}: {error}"))?;
            }
        }
        let by_id = endpoints.iter().filter(|endpoint| !endpoint.declaration.id.is_empty());
        Ok(Self {
            app,
            routes,
            by_id: by_id
                .map(|endpoint| (endpoint.declaration.id, endpoint.clone()))
                .collect(),
            sites: services.iter().flat_map(|service| service.sites.clone()).collect(),
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

    /// Answers a request. The body is read only after the caller is identified and allowed to call the endpoint.
    pub async fn handle(&self, request: Request, mut body: RequestBody) -> Reply {
        if request.method == Method::OPTIONS {
            let reply = headers::preflight(&request);
            return self.finish(reply, request.id, request.secure);
        }
        let reply = match self.find(&request.method, &request.path) {
            Some((endpoint, path)) => self.answer(&endpoint, path, Arc::new(request), &mut body).await,
            None => self.answer_elsewhere(request, &mut body).await,
        };
        body.discard();
        reply
    }

    /// Calls an endpoint by its ID, as a request with this head and these parameters, with the same guard, limits,
    /// events and audit. For callers that address endpoints by ID instead of path.
    ///
    /// # Errors
    /// [`Refusal::RouteNotFound`] if no endpoint has the ID; otherwise the errors of the endpoint.
    pub async fn dispatch(&self, id: &str, head: &Request, input: Map<String, Value>) -> Result<Reply> {
        let endpoint = self.by_id.get(id).ok_or(Refusal::RouteNotFound)?;
        let mut request = head.clone();
        request.method = endpoint.declaration.method.clone();
        endpoint.declaration.path.clone_into(&mut request.path);
        request.query = String::new();
        let mut context = ReplyContext::default();
        let parameters = Parameters {
            path: Vec::new(),
            given: Some(input),
        };
        self.run(
            endpoint,
            parameters,
            &Arc::new(request),
            &mut RequestBody::empty(),
            &mut context,
        )
        .await
    }

    /// The endpoint of a method and path, and the parameters in the path.
    fn find(&self, method: &Method, path: &str) -> Option<(Bound, Vec<(String, String)>)> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let found = self.routes.get(method)?.at(path).ok()?;
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = found
            .params
            .iter()
            .map(|(name, value)| (name.to_owned(), decode(value)))
            .collect();
        Some((found.value.clone(), path))
    }

    async fn answer(
        &self,
        endpoint: &Bound,
        path: Vec<(String, String)>,
        head: Arc<Request>,
        body: &mut RequestBody,
    ) -> Reply {
        let mut context = ReplyContext::default();
        let parameters = Parameters { path, given: None };
        let answer = self.run(endpoint, parameters, &head, body, &mut context).await;
        let mut reply = match answer {
            Ok(reply) => reply,
            Err(error) => error_reply(&error, &head, endpoint.declaration.navigated),
        };
        if let Some(size) = reply
            .body
            .as_bytes()
            .map(bytes::Bytes::len)
            .filter(|size| *size > memory::SMALL && reply.reservation.is_none())
        {
            let key = context.project.as_deref().map_or("", |project| project.id().as_str());
            let is_read = matches!(endpoint.declaration.method, Method::GET);
            match self.app.memory.try_reserve(key, size) {
                Ok(reservation) => reply.reservation = Some(reservation),
                // A write has been committed, so its reply is sent even without free memory: the client must learn the
                // result.
                Err(_) if !is_read => reply.reservation = Some(self.app.memory.force(key, size)),
                Err(_) => reply = error_reply(&Refusal::NoRoom.into(), &head, endpoint.declaration.navigated),
            }
        }
        for (name, value) in context.limits.headers() {
            reply = reply.with(name, &value);
        }
        let project = context.project.as_deref();
        headers::share(&mut reply.headers, &self.app, project, &head, context.dev_key);
        reply.compressible |= endpoint.is_compressible() && reply.status.is_success();
        self.finish(reply, head.id.clone(), head.secure)
    }

    /// Refuses a request that breaks a rule of HTTP, before it is routed.
    pub fn refuse(&self, request: &Request, refusal: Refusal) -> Reply {
        let reply = error_reply(&refusal.into(), request, false);
        self.finish(reply, request.id.clone(), request.secure)
    }

    fn finish(&self, mut reply: Reply, id: HeaderValue, secure: bool) -> Reply {
        let secure = secure || self.app.settings.public_url.scheme() == "https";
        headers::finish(&mut reply.headers, id, secure);
        reply
    }

    async fn answer_elsewhere(&self, request: Request, body: &mut RequestBody) -> Reply {
        let site = self.sites.iter().find(|(prefix, _)| {
            let rest = request.path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'))
        });
        let (id, secure) = (request.id.clone(), request.secure);
        let reply = match site {
            Some((_, site)) => match body.collect(SITE_BODY, &self.app.memory, "").await {
                Ok(collected) => site(request, collected.bytes).await,
                Err(error) => error_reply(&error, &request, false),
            },
            None => error_reply(&Refusal::RouteNotFound.into(), &request, false),
        };
        self.finish(reply, id, secure)
    }

    /// Runs a call: finds the project, identifies the caller, checks rights and limits; then reads the body and the
    /// parameters and runs the handler.
    async fn run(
        &self,
        endpoint: &Bound,
        parameters: Parameters,
        request: &Arc<Request>,
        body: &mut RequestBody,
        context: &mut ReplyContext,
    ) -> Result<Reply> {
        let app = &self.app;
        let declaration = &endpoint.declaration;
        let Parameters { path, given } = parameters;
        let is_given = given.is_some();
        let mut input = match given {
            Some(input) => input,
            None => input::of_head(request, &path)?,
        };
        let named = project_id(request, &input);
        let is_named = !named.is_empty();
        let project = app.projects.get(named).await?;
        context.project = Some(Arc::clone(&project));
        guard::check_project(&project, is_named, declaration)?;
        let key = project.id().as_str();
        let target = identify::target(app, &project, declaration, &path, &input).await?;
        let mut identified = {
            let about = (target.as_deref(), Organization::Any);
            identify::identify(app, &project, declaration, about, request, &input).await?
        };
        guard::dismiss_blocked(declaration, &mut identified);
        context.dev_key = identified.dev_key;
        guard::check_origin(app, &project, declaration, request, identified.dev_key)?;
        guard::check(&project, declaration, &identified, request)?;
        let counted = (Counted::ByHead, &input);
        let limits = &mut context.limits;
        limits
            .count(app, key, declaration, &identified, request, counted)
            .await?;

        let limit = body_limit(declaration, &identified.caller);
        let Collected {
            bytes,
            reservation: _body,
        } = body.collect(limit, &app.memory, key).await?;
        let _tree = if bytes.is_empty() || is_given {
            None
        } else {
            input::add_body(&mut input, request, (&path, &bytes), (&app.memory, key)).await?
        };
        if identify::depends_on_body(&project, declaration, target.as_deref()) {
            let team = input.get("teamId").and_then(Value::as_str);
            let about = (target.as_deref(), Organization::Named(team));
            identified = identify::identify(app, &project, declaration, about, request, &input).await?;
            guard::check(&project, declaration, &identified, request)?;
        }
        let counted = (Counted::ByParameter, &input);
        let limits = &mut context.limits;
        limits
            .count(app, key, declaration, &identified, request, counted)
            .await?;
        identify::remember_visit(app, &project, &identified.caller, request.now);
        let base = Base {
            app: Arc::clone(app),
            db: within_timeout(app, declaration, request, app.engine.database(key)),
            project: Arc::clone(&project),
            target,
            caller: identified.caller,
            scopes: identified.scopes,
            dev_key: identified.dev_key,
            request: Arc::clone(request),
            body: bytes,
            endpoint: Arc::clone(declaration),
            committed: Arc::default(),
        };
        run_uncontended(endpoint, base, &input).await
    }
}

/// Longest time limit that a client can set, in milliseconds.
const LONGEST_TIMEOUT: u64 = 5 * 60 * 1000;

/// Applies the header `X-Appwrite-Timeout`, the time limit of each statement in milliseconds: in development mode only,
/// and for endpoints of databases, as Appwrite does. An invalid value is ignored.
fn within_timeout(app: &App, declaration: &Declaration, request: &Request, database: Database) -> Database {
    let is_of_databases = ["/v1/tablesdb", "/v1/databases"]
        .iter()
        .any(|path| declaration.path.starts_with(path));
    let millis: Option<u64> = request.header("x-appwrite-timeout").and_then(|text| text.parse().ok());
    match millis.filter(|millis| (1..=LONGEST_TIMEOUT).contains(millis)) {
        Some(millis) if app.settings.dev && is_of_databases => database.within(Duration::from_millis(millis)),
        _ => database,
    }
}

/// Maximum size of the body for a caller, in bytes: the endpoint's limit for servers and developers, less for others.
fn body_limit(declaration: &Declaration, caller: &Caller) -> usize {
    match caller {
        Caller::Guest => declaration.body_limit.min(GUEST_BODY),
        Caller::User { .. } => declaration.body_limit.min(USER_BODY),
        Caller::Key { .. } | Caller::Admin { .. } => declaration.body_limit,
    }
}

/// Runs the handler, and again if its act was aborted by contention (a deadlock on PostgreSQL) and the call has
/// committed nothing before. If replies in flight use up their share of memory, it waits for them first.
async fn run_uncontended(endpoint: &Bound, base: Base, input: &Map<String, Value>) -> Result<Reply> {
    let base = Arc::new(base);
    for _ in 1..ATTEMPTS {
        match endpoint.run(Arc::clone(&base), input)?.await {
            Err(error) if error.is_contended() && !base.committed.load(Ordering::Relaxed) => {
                let key = base.project.id().as_str();
                drop(body::reserve(&base.app.memory, key, memory::SMALL).await?);
            }
            answer => return answer,
        }
    }
    endpoint.run(base, input)?.await
}

/// Source of a call's parameters.
struct Parameters {
    /// Path parameters.
    path: Vec<(String, String)>,
    /// All parameters, for a call without path, query and body.
    given: Option<Map<String, Value>>,
}

/// Facts about a request that are written to headers of its reply.
#[derive(Default)]
struct ReplyContext {
    project: Option<Arc<Project>>,
    dev_key: bool,
    limits: Usage,
}

/// The ID of the addressed project: from a parameter, else from the header. An empty ID is the console's.
fn project_id<'a>(request: &'a Request, input: &'a Map<String, Value>) -> &'a str {
    let named = input.get("project").and_then(Value::as_str);
    named
        .or_else(|| request.header("x-appwrite-project"))
        .unwrap_or_default()
}

/// The reply to an error: a page if a browser navigates, otherwise JSON `{message, code, type, version}`.
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
    let reply = Reply::json(status, &body);
    let reply = if error.may_be_repeated() {
        reply.with(http::header::RETRY_AFTER, "1")
    } else {
        reply
    };
    reply
        .with(http::header::CACHE_CONTROL, "no-cache, no-store, must-revalidate")
        .with(http::header::EXPIRES, "0")
        .with(http::header::PRAGMA, "no-cache")
}

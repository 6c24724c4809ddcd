//! Endpoints, declared once as data. Router, guard, rate limiter, audit log, event names, OpenAPI document and the
//! permission matrix test are all made from a [`Declaration`].

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::{Method, StatusCode};
use identity::policy::Method as AuthMethod;
use kernel::param::{Field, Params};
use kernel::{Pattern, Scope};
use projects::Service as Switch;
use serde_json::{Map, Value};

use crate::call::{Base, Call};
use crate::error::Error;
use crate::reply::{IntoReply, Reply, Schemas};

/// The default window of a rate limit: an hour, in seconds.
pub const PER_HOUR: u64 = 3600;

/// A rate limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Calls in one window.
    pub calls: u64,
    /// The window, in seconds.
    pub seconds: u64,
    /// Key template of the counter: `url:{url},ip:{ip}`.
    pub key: &'static str,
}

/// An entry of the audit log that a successful call leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    /// The label: `user.update`.
    pub event: &'static str,
    /// Resource of the audit entry: a prefix before the first id (`user`), or a full template with `[placeholders]`.
    pub resource: &'static str,
}

/// Everything about an endpoint but its handler.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The SDK's name of it: `account.createOAuth2Session`; empty for routes that no SDK calls.
    pub id: &'static str,
    /// Summary, one sentence.
    pub about: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// Older paths of the same.
    pub aliases: Vec<&'static str>,
    /// The caller needs one of these. None means that nobody may call.
    pub scopes: Vec<Scope>,
    /// Rate limits; each of them applies.
    pub limits: Vec<Limit>,
    /// The pattern of the event that it emits, as it is declared.
    pub event: Option<&'static str>,
    /// The same, read.
    pub emits: Option<Pattern>,
    /// Its entry in the audit log.
    pub audit: Option<Audit>,
    /// The way to sign in that it belongs to; projects can switch it off.
    pub auth_method: Option<AuthMethod>,
    /// Whether a caller who has a session already is refused.
    pub for_guests: bool,
    /// Whether only servers and developers may call it, though users hold its scope too.
    pub for_servers: bool,
    /// Whether a session that lacks a second factor may call it.
    pub before_mfa: bool,
    /// Whether a blocked user may call it.
    pub for_blocked: bool,
    /// Whether it wants a second factor that was proven lately.
    pub mfa_protected: bool,
    /// Whether browsers navigate to it, so that errors are pages.
    pub navigated: bool,
    /// Whether it may be called from any origin.
    pub any_origin: bool,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// The switch by which a project turns it off for its clients, with the rest of its service.
    pub switch: Option<Switch>,
    /// Whether its tables are in the databases of projects only, so that the console has no such resource.
    pub in_projects_only: bool,
    /// Set for endpoints of the console that administer a project: the caller must belong to the organization that owns it.
    pub administers_projects: bool,
    /// The parameters.
    pub fields: Vec<Field>,
    /// The model of its answer; several, with commas between them, where it is one of several.
    pub model: Option<&'static str>,
    /// The status of success.
    pub status: StatusCode,
    /// Adds the schemas of its models.
    pub define: fn(&mut Schemas),
}

impl Declaration {
    /// The service it belongs to: the first segment behind `/v1/`.
    pub fn service(&self) -> &'static str {
        self.path
            .trim_start_matches("/v1/")
            .split('/')
            .next()
            .unwrap_or_default()
    }
}

/// A future without a name.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

type Run<S> = Arc<dyn Fn(Call<S>, &Map<String, Value>) -> Result<BoxFuture<Result<Reply, Error>>, Error> + Send + Sync>;

/// An endpoint of a service whose handlers share the state `S`.
pub struct Endpoint<S> {
    declaration: Declaration,
    run: Run<S>,
}

impl<S: Send + Sync + 'static> Endpoint<S> {
    fn new<In, Out, Fut, E>(
        method: Method,
        path: &'static str,
        handler: impl Fn(Call<S>, In) -> Fut + Send + Sync + Clone + 'static,
    ) -> Self
    where
        In: Params,
        Out: IntoReply,
        E: Into<Error>,
        Fut: Future<Output = Result<Out, E>> + Send + 'static,
    {
        let declaration = Declaration {
            id: "",
            about: "",
            method,
            path,
            aliases: Vec::new(),
            scopes: Vec::new(),
            limits: Vec::new(),
            event: None,
            emits: None,
            audit: None,
            auth_method: None,
            for_guests: false,
            for_servers: false,
            before_mfa: false,
            for_blocked: false,
            mfa_protected: false,
            navigated: false,
            any_origin: false,
            body_limit: 1 << 20,
            switch: None,
            administers_projects: false,
            in_projects_only: false,
            fields: In::fields(),
            model: Out::model(),
            status: Out::STATUS,
            define: Out::define,
        };
        let run: Run<S> = Arc::new(move |call, input| {
            let input = In::read(input)?;
            let answer = handler(call, input);
            Ok(Box::pin(async move {
                answer.await.map(IntoReply::into_reply).map_err(Into::into)
            }))
        });
        Self { declaration, run }
    }

    /// The SDK's name of it.
    #[must_use]
    pub fn id(mut self, id: &'static str) -> Self {
        self.declaration.id = id;
        self
    }

    /// Sets the summary, one sentence.
    #[must_use]
    pub fn about(mut self, about: &'static str) -> Self {
        self.declaration.about = about;
        self
    }

    /// An older path of the same.
    #[must_use]
    pub fn alias(mut self, path: &'static str) -> Self {
        self.declaration.aliases.push(path);
        self
    }

    /// A scope with which it may be called; one of several is enough.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.declaration.scopes.push(scope);
        self
    }

    /// Scopes with which it may be called; one of them is enough.
    #[must_use]
    pub fn scopes(mut self, scopes: &[Scope]) -> Self {
        self.declaration.scopes.extend_from_slice(scopes);
        self
    }

    /// Replaces its id, summary, paths, event and audit texts by what `map` makes of them: for endpoints that are
    /// declared in placeholders.
    #[must_use]
    pub fn map_texts(mut self, map: impl Fn(&'static str) -> &'static str) -> Self {
        let declaration = &mut self.declaration;
        declaration.id = map(declaration.id);
        declaration.about = map(declaration.about);
        declaration.path = map(declaration.path);
        for alias in &mut declaration.aliases {
            *alias = map(alias);
        }
        if let Some(audit) = &mut declaration.audit {
            audit.event = map(audit.event);
            audit.resource = map(audit.resource);
        }
        match declaration.event.map(map) {
            Some(pattern) => self.emits(pattern),
            None => self,
        }
    }

    /// Adds a rate limit: at most `calls` in `seconds`, counted by `key`.
    #[must_use]
    pub fn limit(mut self, calls: u64, seconds: u64, key: &'static str) -> Self {
        self.declaration.limits.push(Limit { calls, seconds, key });
        self
    }

    /// The largest body, in bytes, where a mebibyte is not enough.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.declaration.body_limit = bytes;
        self
    }

    /// The event that it emits, with `[placeholders]` that the handler fills.
    #[must_use]
    pub fn emits(mut self, pattern: &'static str) -> Self {
        self.declaration.event = Some(pattern);
        self.declaration.emits = Pattern::parse(pattern);
        self
    }

    /// Its entry in the audit log.
    #[must_use]
    pub fn audit(mut self, event: &'static str, resource: &'static str) -> Self {
        self.declaration.audit = Some(Audit { event, resource });
        self
    }

    /// The way to sign in that it belongs to.
    #[must_use]
    pub fn auth_method(mut self, method: AuthMethod) -> Self {
        self.declaration.auth_method = Some(method);
        self
    }

    /// Refuses a caller who has a session already.
    #[must_use]
    pub fn for_guests(mut self) -> Self {
        self.declaration.for_guests = true;
        self
    }

    /// Refuses users, who hold its scope for things of their own.
    #[must_use]
    pub fn for_servers(mut self) -> Self {
        self.declaration.for_servers = true;
        self
    }

    /// May be called by a session that still lacks a second factor.
    #[must_use]
    pub fn before_mfa(mut self) -> Self {
        self.declaration.before_mfa = true;
        self
    }

    /// May be called by a blocked user, to sign out.
    #[must_use]
    pub fn for_blocked(mut self) -> Self {
        self.declaration.for_blocked = true;
        self
    }

    /// Wants a challenge to have been answered in the caller's session within half an hour.
    #[must_use]
    pub fn mfa_protected(mut self) -> Self {
        self.declaration.mfa_protected = true;
        self
    }

    /// Browsers navigate to it: errors are pages.
    #[must_use]
    pub fn navigated(mut self) -> Self {
        self.declaration.navigated = true;
        self
    }

    /// May be called from any origin.
    #[must_use]
    pub fn any_origin(mut self) -> Self {
        self.declaration.any_origin = true;
        self
    }

    /// Binds the state, which ends the declaration.
    pub fn bind(self, state: &Arc<S>) -> Bound {
        let (state, run) = (Arc::clone(state), self.run);
        let is_compressible = self.declaration.method == Method::GET && !has_secret(&self.declaration);
        Bound {
            is_compressible,
            declaration: Arc::new(self.declaration),
            run: Arc::new(move |base, input| run(Call::new(base, Arc::clone(&state)), input)),
        }
    }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident => $method:ident;)*) => {
        impl<S: Send + Sync + 'static> Endpoint<S> { $(
            $(#[$doc])*
            pub fn $name<In, Out, Fut, E>(
                path: &'static str,
                handler: impl Fn(Call<S>, In) -> Fut + Send + Sync + Clone + 'static,
            ) -> Self
            where
                In: Params,
                Out: IntoReply,
                E: Into<Error>,
                Fut: Future<Output = Result<Out, E>> + Send + 'static,
            {
                Self::new(Method::$method, path, handler)
            }
        )* }
    };
}

verbs! {
    /// An endpoint that reads.
    get => GET;
    /// An endpoint that makes.
    post => POST;
    /// An endpoint that replaces.
    put => PUT;
    /// An endpoint that changes.
    patch => PATCH;
    /// An endpoint that deletes.
    delete => DELETE;
}

type BoundRun =
    Arc<dyn Fn(Arc<Base>, &Map<String, Value>) -> Result<BoxFuture<Result<Reply, Error>>, Error> + Send + Sync>;

/// An endpoint that can be called.
#[derive(Clone)]
pub struct Bound {
    /// Everything about it but its handler.
    pub declaration: Arc<Declaration>,
    run: BoundRun,
    is_compressible: bool,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bound").field(&self.declaration.path).finish()
    }
}

/// Names of members that hold a secret, in any model.
const SECRETS: [&str; 9] = [
    "secret",
    "jwt",
    "password",
    "hash",
    "otp",
    "uri",
    "recoveryCodes",
    "providerAccessToken",
    "providerRefreshToken",
];

/// True if the reply's model, or a model nested in it, has a field that holds a secret.
fn has_secret(declaration: &Declaration) -> bool {
    let mut schemas = Schemas::new();
    (declaration.define)(&mut schemas);
    let properties = schemas
        .values()
        .filter_map(|schema| schema.get("properties")?.as_object());
    properties
        .flat_map(|properties| properties.keys())
        .any(|name| SECRETS.contains(&name.as_str()))
}

impl Bound {
    /// Whether its answers may be compressed: it reads, and answers nothing secret. A secret beside text that a caller
    /// chooses could be guessed from how well both compress (BREACH, CVE-2013-3587).
    pub fn is_compressible(&self) -> bool {
        self.is_compressible
    }

    /// Reads the parameters and starts the handler.
    pub(crate) fn run(
        &self,
        base: Arc<Base>,
        input: &Map<String, Value>,
    ) -> Result<BoxFuture<Result<Reply, Error>>, Error> {
        (self.run)(base, input)
    }
}

//! Endpoints, declared once as data. Router, guard, rate limiter, audit log, event names, OpenAPI document and the
//! permission matrix test are all made from a [`Declaration`].

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::Method;
use identity::policy::Method as AuthMethod;
use kernel::param::Params;
use kernel::{Pattern, Scope};
use serde_json::{Map, Value};

use crate::call::{Base, Call};
pub use crate::declaration::{Audit, Declaration, Limit, PER_HOUR};
use crate::error::Error;
use crate::reply::{IntoReply, Reply, Schemas};

/// A boxed future.
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

    /// Sets its ID in the SDKs.
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

    /// Adds an older path.
    #[must_use]
    pub fn alias(mut self, path: &'static str) -> Self {
        self.declaration.aliases.push(path);
        self
    }

    /// Adds a scope; the caller needs one of them.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.declaration.scopes.push(scope);
        self
    }

    /// Adds scopes; the caller needs one of them.
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

    /// Sets the maximum size of the body, in bytes (default: 1 MiB).
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.declaration.body_limit = bytes;
        self
    }

    /// Sets the pattern of its event, with `[placeholders]` that the handler fills.
    #[must_use]
    pub fn emits(mut self, pattern: &'static str) -> Self {
        self.declaration.event = Some(pattern);
        self.declaration.emits = Pattern::parse(pattern);
        self
    }

    /// Sets its audit entry.
    #[must_use]
    pub fn audit(mut self, event: &'static str, resource: &'static str) -> Self {
        self.declaration.audit = Some(Audit { event, resource });
        self
    }

    /// Sets the sign-in method that it belongs to.
    #[must_use]
    pub fn auth_method(mut self, method: AuthMethod) -> Self {
        self.declaration.auth_method = Some(method);
        self
    }

    /// Refuses callers with a session.
    #[must_use]
    pub fn for_guests(mut self) -> Self {
        self.declaration.for_guests = true;
        self
    }

    /// Refuses users, who have its scope for their own resources.
    #[must_use]
    pub fn for_servers(mut self) -> Self {
        self.declaration.for_servers = true;
        self
    }

    /// Allows sessions without the required second factor.
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

    /// Requires an MFA challenge completed in the caller's session within the last half hour.
    #[must_use]
    pub fn mfa_protected(mut self) -> Self {
        self.declaration.mfa_protected = true;
        self
    }

    /// Marks it as navigated to by browsers: errors are HTML pages.
    #[must_use]
    pub fn navigated(mut self) -> Self {
        self.declaration.navigated = true;
        self
    }

    /// Allows calls from any origin.
    #[must_use]
    pub fn any_origin(mut self) -> Self {
        self.declaration.any_origin = true;
        self
    }

    /// Binds the state of its service.
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
    /// A GET endpoint.
    get => GET;
    /// A POST endpoint.
    post => POST;
    /// A PUT endpoint.
    put => PUT;
    /// A PATCH endpoint.
    patch => PATCH;
    /// A DELETE endpoint.
    delete => DELETE;
}

type BoundRun =
    Arc<dyn Fn(Arc<Base>, &Map<String, Value>) -> Result<BoxFuture<Result<Reply, Error>>, Error> + Send + Sync>;

/// An endpoint bound to the state of its service.
#[derive(Clone)]
pub struct Bound {
    /// Its declaration.
    pub declaration: Arc<Declaration>,
    run: BoundRun,
    is_compressible: bool,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bound").field(&self.declaration.path).finish()
    }
}

/// Names of model fields that contain a secret.
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
    /// True if its replies can be compressed: it is a GET endpoint whose model has no secret. The size of compressed
    /// text reveals a secret next to text that an attacker chooses (BREACH, CVE-2013-3587).
    pub fn is_compressible(&self) -> bool {
        self.is_compressible
    }

    /// Parses the parameters and starts the handler.
    pub(crate) fn run(
        &self,
        base: Arc<Base>,
        input: &Map<String, Value>,
    ) -> Result<BoxFuture<Result<Reply, Error>>, Error> {
        (self.run)(base, input)
    }
}

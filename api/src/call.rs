//! A call: the request context that a handler gets in addition to its parameters, and access to the database.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use db::{Database, Tx};
use identity::{Origin, Person, TeamId, audit, tombstones};
use kernel::{Payload, Scope, Scopes, Timestamp};
use locale_data::Locale;
use projects::Project;

use crate::app::App;
use crate::caller::{Caller, role_in};
use crate::declaration::Declaration;
use crate::error::{Error, Refusal, Result};
use crate::request::Request;

/// Request context common to all services.
#[derive(Debug, Clone)]
pub struct Base {
    /// Shared state.
    pub app: Arc<App>,
    /// The addressed project.
    pub project: Arc<Project>,
    /// For a request to the console: the project that its path names, of which the caller is a member.
    pub target: Option<Arc<Project>>,
    /// The project's database.
    pub db: Database,
    /// The identified caller.
    pub caller: Caller,
    /// Scopes of the caller.
    pub scopes: Scopes,
    /// True if the request has a valid development key, which lifts rate limits and the origin check.
    pub dev_key: bool,
    /// The request without its body.
    pub request: Arc<Request>,
    /// The body, as sent.
    pub body: bytes::Bytes,
    /// The endpoint.
    pub endpoint: Arc<Declaration>,
    /// Set once an act of this call has committed; the call is not retried after that.
    pub(crate) committed: Arc<AtomicBool>,
}

/// A call of an endpoint of a service with the state `S`.
#[derive(Debug)]
pub struct Call<S = ()> {
    base: Arc<Base>,
    /// The service's own state.
    pub state: Arc<S>,
}

impl<S> Deref for Call<S> {
    type Target = Base;

    fn deref(&self) -> &Base {
        &self.base
    }
}

impl<S> Call<S> {
    pub(crate) fn new(base: Arc<Base>, state: Arc<S>) -> Self {
        Self { base, state }
    }
}

impl Base {
    /// The calling user.
    pub fn person(&self) -> Result<&Arc<Person>> {
        self.caller.person().ok_or_else(|| Refusal::Unauthorized.into())
    }

    /// The project that a console request addresses.
    pub fn target(&self) -> Result<&Arc<Project>> {
        self.target
            .as_ref()
            .ok_or_else(|| projects::Error::ProjectNotFound.into())
    }

    /// Address, user agent and country of the request, as sessions and the audit log store them.
    pub fn origin(&self) -> Origin {
        let forwarded = self
            .request
            .header("x-forwarded-user-agent")
            .filter(|_| self.caller.is_privileged());
        let agent = forwarded.map_or_else(|| self.request.user_agent(), |agent| agent.chars().take(512).collect());
        self.request
            .origin_of_client((self.app.country_of)(self.request.ip), agent)
    }

    /// True if the caller has all of these scopes; a key can be given no others.
    pub fn may_grant(&self, scopes: &[Scope]) -> bool {
        scopes.iter().all(|scope| self.scopes.has_any(&[*scope]))
    }

    /// True if the caller is an owner, developer or admin of this organization of the console.
    pub fn administers(&self, team: &TeamId) -> bool {
        let person = match &self.caller {
            Caller::User { person, .. } | Caller::Admin { person, .. } => person,
            Caller::Key { .. } | Caller::Guest => return false,
        };
        role_in(person, team.as_str()).is_some()
    }

    /// The locale that the client requests; the server's default if it names none or an unknown one.
    pub fn locale(&self) -> Locale {
        let named = self.request.header("x-appwrite-locale").and_then(Locale::find);
        named.unwrap_or(self.app.settings.locale)
    }

    /// Refuses a client that chooses the ID of a deleted user or team while stored permissions still name its role
    /// (`user:bob`): it would inherit them. Servers may choose it.
    ///
    /// # Errors
    /// `taken` if permissions name the role, or if the search for it exceeds its time limit.
    pub async fn check_role_is_free(&self, role: String, taken: impl Into<Error>) -> Result<()> {
        if self.caller.is_privileged() || self.project.is_console() {
            return Ok(());
        }
        let searched = role.clone();
        if !self.db.read_inline(move |tx| tombstones::exists(tx, &searched)).await? {
            return Ok(());
        }
        let searches = self.app.declared.named_roles.clone();
        let is_named = self.read(move |tx| {
            for search in &searches {
                if search(tx, &role)? {
                    return Ok(true);
                }
            }
            Result::Ok(false)
        });
        match is_named.await {
            Ok(false) => Ok(()),
            Ok(true) => Err(taken.into()),
            Err(error) if error.type_name() == "database_timeout" => Err(taken.into()),
            Err(error) => Err(error),
        }
    }

    /// Time of the request.
    pub fn now(&self) -> Timestamp {
        self.request.now
    }

    /// Runs a read-only act in the project's database.
    pub async fn read<T, E>(
        &self,
        act: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E> + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        E: Into<crate::Error> + 'static,
    {
        self.db.read(move |tx| act(tx).map_err(Into::into)).await
    }

    /// Runs an act atomically in the project's database. An event emitted with [`Act::record_event`] is written to the
    /// change log and the audit log in the same transaction, as the endpoint declares it.
    pub async fn act<T, E>(
        &self,
        act: impl FnOnce(&mut Act<'_, '_>) -> std::result::Result<T, E> + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        E: Into<crate::Error> + 'static,
    {
        let context = self.context();
        self.note_commit(self.db.write(move |tx| context.run(tx, act)).await)
    }

    /// As [`Base::act`], for an act that can be repeated after a serialization failure (see
    /// [`Database::write_repeated`]).
    pub async fn act_repeated<T, E>(
        &self,
        mut act: impl FnMut(&mut Act<'_, '_>) -> std::result::Result<T, E> + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        E: Into<crate::Error> + 'static,
    {
        let context = self.context();
        self.note_commit(self.db.write_repeated(move |tx| context.run(tx, &mut act)).await)
    }

    /// As [`Base::act`], in the console's database: for acts on projects.
    pub async fn act_in_console<T, E>(
        &self,
        act: impl FnOnce(&mut Act<'_, '_>) -> std::result::Result<T, E> + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        E: Into<crate::Error> + 'static,
    {
        let context = self.context();
        let written = self.app.projects.database().write(move |tx| context.run(tx, act)).await;
        self.note_commit(written)
    }

    fn note_commit<T>(&self, written: Result<T>) -> Result<T> {
        if written.is_ok() {
            self.committed.store(true, Ordering::Relaxed);
        }
        written
    }

    fn context(&self) -> Context {
        let actor = match &self.caller {
            Caller::User { person, .. } | Caller::Admin { person, .. } => Some(person.user.id.to_string()),
            Caller::Guest | Caller::Key { .. } => None,
        };
        let mode = if self.caller.is_privileged() {
            "admin"
        } else {
            "default"
        };
        let origin = self.endpoint.audit.map(|_| self.origin()).unwrap_or_default();
        Context {
            endpoint: Arc::clone(&self.endpoint),
            actor,
            mode,
            origin,
        }
    }
}

struct Context {
    endpoint: Arc<Declaration>,
    actor: Option<String>,
    mode: &'static str,
    origin: Origin,
}

impl Context {
    fn run<T, E: Into<crate::Error>>(
        &self,
        tx: &mut Tx<'_>,
        act: impl FnOnce(&mut Act<'_, '_>) -> std::result::Result<T, E>,
    ) -> Result<T> {
        let mut running = Act {
            tx,
            context: self,
            audited: false,
        };
        act(&mut running).map_err(Into::into)
    }
}

/// A transaction with the context of its endpoint: event pattern, audit label and actor.
pub struct Act<'a, 't> {
    tx: &'a mut Tx<'t>,
    context: &'a Context,
    audited: bool,
}

impl std::fmt::Debug for Act<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Act")
            .field("endpoint", &self.context.endpoint.path)
            .finish_non_exhaustive()
    }
}

impl<'t> Deref for Act<'_, 't> {
    type Target = Tx<'t>;

    fn deref(&self) -> &Tx<'t> {
        self.tx
    }
}

impl<'t> std::ops::DerefMut for Act<'_, 't> {
    fn deref_mut(&mut self) -> &mut Tx<'t> {
        self.tx
    }
}

impl Act<'_, '_> {
    /// Emits the endpoint's event. The subjects are the IDs for its pattern (`[("userId", …), …]`), the resource's
    /// first. The event is written to the change log, the endpoint's audit label to the audit log (once per act).
    pub fn record_event(&mut self, subjects: &[(&str, &str)], payload: impl Into<Payload>) -> Result<()> {
        if let Some(pattern) = &self.context.endpoint.emits {
            let actor = self.context.actor.clone();
            self.tx.emit(pattern.event(subjects, payload.into(), actor))?;
        }
        self.audited(subjects)
    }

    /// ID of the acting user; none for a server key.
    pub fn actor(&self) -> Option<&str> {
        self.context.actor.as_deref()
    }

    /// Writes the endpoint's audit label to the audit log, once per act.
    pub fn audited(&mut self, subjects: &[(&str, &str)]) -> Result<()> {
        let Some(label) = self.context.endpoint.audit.filter(|_| !self.audited) else {
            return Ok(());
        };
        let subject = subjects.first().map_or("", |(_, id)| id);
        let user = subjects.iter().find(|(name, _)| *name == "userId").map(|(_, id)| *id);
        let user = user.or(self.context.actor.as_deref()).unwrap_or_default();
        let resource = if label.resource.contains('[') {
            known_resource(fill(label.resource, subjects))
        } else {
            format!("{}/{subject}", label.resource)
        };
        audit::record(
            self.tx,
            user,
            label.event,
            resource,
            self.context.mode,
            &self.context.origin,
        )?;
        self.audited = true;
        Ok(())
    }
}

/// Cuts the first unknown ID and all that follows off a resource name, with the ID's noun: `table/a` of
/// `table/a/row/[rowId]`, for an act on several rows.
fn known_resource(mut resource: String) -> String {
    if let Some(unknown) = resource.find("/[") {
        let end = resource[..unknown].rfind('/').unwrap_or(0);
        resource.truncate(end);
    }
    resource
}

/// Fills `[placeholders]`. An unknown one stays as it is, which a test of every endpoint's events detects.
fn fill(pattern: &str, subjects: &[(&str, &str)]) -> String {
    let mut name = String::with_capacity(pattern.len() + 64);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('[') {
        name.push_str(before);
        let found = after.split_once(']').and_then(|(key, after)| {
            let (_, id) = subjects.iter().find(|(own, _)| *own == key)?;
            Some((*id, after))
        });
        match found {
            Some((id, after)) => {
                name.push_str(id);
                rest = after;
            }
            None => {
                name.push('[');
                rest = after;
            }
        }
    }
    name + rest
}

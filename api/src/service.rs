//! A service: everything that it owns, declared in one place. The server is one loop over services: their endpoints and
//! sites are routed, their tables made, their jobs and schedules run, their caches dropped when what they hold is stale.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use db::{Commit, Migration, Migrations, Scope};
use jobs::{Schedule, Worker};
use projects::Service as Switch;
use projects::project::CONSOLE;

use crate::app::App;
use crate::endpoint::{Bound, BoxFuture, Endpoint};
use crate::reply::Reply;
use crate::request::Request;

/// Handles what lies under a path and is no endpoint of the API: pages, the development tools.
pub type Site = Arc<dyn Fn(Request, Bytes) -> BoxFuture<Reply> + Send + Sync>;

/// Databases that hold a set of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    /// The console's and every project's.
    EveryDatabase,
    /// The console's.
    Console,
    /// Every project's.
    Projects,
}

/// A worker that jobs of several services share: what runs in one queue is not held up by another.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    /// Its name.
    pub name: &'static str,
    /// Options of its worker.
    pub options: fn() -> jobs::Options,
}

/// Registers handlers of jobs with a worker.
type Register = Arc<dyn Fn(Worker, &Arc<App>) -> Worker + Send + Sync>;
/// Forgets a thing: called with the app, the name of its database, and its key.
type Forget = Arc<dyn Fn(&App, &str, &str) + Send + Sync>;
/// Tries something; the error says what is wrong.
type Check = Arc<dyn Fn(Arc<App>) -> BoxFuture<std::result::Result<(), String>> + Send + Sync>;

/// The jobs of a service in one queue.
#[derive(Clone)]
pub struct Jobs {
    /// The queue.
    pub queue: Queue,
    /// Appwrite's name of the queue, as health endpoints use it.
    pub reported_as: &'static str,
    /// Their kinds.
    pub kinds: &'static [&'static str],
    /// Tells a worker how they are done.
    pub register: Register,
}

/// Invalidation rule of a cache: a topic of `db::Tx::note`, and functions that drop entries.
#[derive(Clone)]
pub struct Cache {
    /// The topic.
    pub topic: &'static str,
    /// Forgets one thing of a database: called with the database's name and the thing's key.
    pub forget: Forget,
    /// Forgets everything: when it is not known what changed.
    pub forget_all: Arc<dyn Fn(&App) + Send + Sync>,
}

impl Cache {
    /// An invalidation rule for the entries of a topic.
    pub fn new(
        topic: &'static str,
        forget: impl Fn(&App, &str, &str) + Send + Sync + 'static,
        forget_all: impl Fn(&App) + Send + Sync + 'static,
    ) -> Self {
        Self {
            topic,
            forget: Arc::new(forget),
            forget_all: Arc::new(forget_all),
        }
    }
}

/// A check of something that a service stands on.
#[derive(Clone)]
pub struct HealthCheck {
    /// Name of the check in its reply.
    pub name: &'static str,
    /// Tries it.
    pub check: Check,
}

type Listener = Arc<dyn Fn(&Arc<App>, &Commit<'_>) + Send + Sync>;
type Task = Arc<dyn Fn(Arc<App>) -> BoxFuture<()> + Send + Sync>;

/// A service.
#[derive(Clone)]
pub struct Service {
    /// Its name.
    pub name: &'static str,
    /// Its endpoints, in the order of its table of contents.
    pub endpoints: Vec<Bound>,
    /// Sites by path prefix.
    pub sites: Vec<(&'static str, Site)>,
    /// The migrations of its nouns. What several services speak of is declared by each, and applied once.
    pub migrations: Vec<(In, &'static [Migration])>,
    /// Its jobs.
    pub jobs: Vec<Jobs>,
    /// Its schedules; their jobs run on the console's database.
    pub schedules: Vec<Schedule>,
    /// Called after each commit, on a database thread: they hand on, and do nothing longer.
    pub listeners: Vec<Listener>,
    /// Cache invalidation rules.
    pub caches: Vec<Cache>,
    /// Health checks.
    pub health: Vec<HealthCheck>,
    /// Tasks that run beside requests until the server stops.
    pub tasks: Vec<Task>,
    /// Tasks that run at shutdown, after the last request and job.
    pub at_stop: Vec<Task>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("name", &self.name)
            .field("endpoints", &self.endpoints.len())
            .finish_non_exhaustive()
    }
}

impl Service {
    /// A service of endpoints that share a state.
    pub fn new<S: Send + Sync + 'static>(name: &'static str, state: S, routes: Vec<Endpoint<S>>) -> Self {
        let state = Arc::new(state);
        Self {
            name,
            endpoints: routes.into_iter().map(|route| route.bind(&state)).collect(),
            sites: Vec::new(),
            migrations: Vec::new(),
            jobs: Vec::new(),
            schedules: Vec::new(),
            listeners: Vec::new(),
            caches: Vec::new(),
            health: Vec::new(),
            tasks: Vec::new(),
            at_stop: Vec::new(),
        }
    }

    /// A project can switch it off for its clients.
    #[must_use]
    pub fn switched_by(mut self, switch: Switch) -> Self {
        for endpoint in &mut self.endpoints {
            Arc::make_mut(&mut endpoint.declaration).switch = Some(switch);
        }
        self
    }

    /// Its endpoints are about projects that a console user's organizations own: `{projectId}` in a path names one.
    #[must_use]
    pub fn administers_projects(mut self) -> Self {
        for endpoint in &mut self.endpoints {
            Arc::make_mut(&mut endpoint.declaration).administers_projects = true;
        }
        self
    }

    /// Serves something under a path.
    #[must_use]
    pub fn site(mut self, path: &'static str, site: Site) -> Self {
        self.sites.push((path, site));
        self
    }

    /// Has tables.
    #[must_use]
    pub fn tables(mut self, within: In, migrations: &'static [Migration]) -> Self {
        self.migrations.push((within, migrations));
        self
    }

    /// Does jobs.
    #[must_use]
    pub fn jobs(
        mut self,
        queue: Queue,
        (reported_as, kinds): (&'static str, &'static [&'static str]),
        register: impl Fn(Worker, &Arc<App>) -> Worker + Send + Sync + 'static,
    ) -> Self {
        self.jobs.push(Jobs {
            queue,
            reported_as,
            kinds,
            register: Arc::new(register),
        });
        self
    }

    /// Asks for a job by the calendar.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    /// Listens to commits.
    #[must_use]
    pub fn listener(mut self, listener: impl Fn(&Arc<App>, &Commit<'_>) + Send + Sync + 'static) -> Self {
        self.listeners.push(Arc::new(listener));
        self
    }

    /// Remembers things.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Self {
        self.caches.push(cache);
        self
    }

    /// Stands on something that can be checked.
    #[must_use]
    pub fn health<Fut>(mut self, name: &'static str, check: impl Fn(Arc<App>) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = std::result::Result<(), String>> + Send + 'static,
    {
        self.health.push(HealthCheck {
            name,
            check: Arc::new(move |app| Box::pin(check(app))),
        });
        self
    }

    /// Runs a task beside requests until the server stops.
    #[must_use]
    pub fn task<Fut>(mut self, task: impl Fn(Arc<App>) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.tasks.push(Arc::new(move |app| Box::pin(task(app))));
        self
    }

    /// Does something when the server stops, after the last request and job.
    #[must_use]
    pub fn at_stop<Fut>(mut self, task: impl Fn(Arc<App>) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.at_stop.push(Arc::new(move |app| Box::pin(task(app))));
        self
    }
}

/// Every migration that services declare, each once: migrations are known by their names.
pub fn migrations(services: &[Service]) -> Migrations {
    let mut seen = BTreeSet::new();
    let mut all = Migrations::new();
    for (within, migrations) in services.iter().flat_map(|service| &service.migrations) {
        let new: Vec<Migration> = migrations
            .iter()
            .filter(|migration| seen.insert(migration.name))
            .copied()
            .collect();
        all = match within {
            In::EveryDatabase => all.with(Scope::Every, &new),
            In::Console => all.with(Scope::Only(CONSOLE), &new),
            In::Projects => all.with(Scope::Except(CONSOLE), &new),
        };
    }
    all
}

/// Declarations of services that are looked up at run time.
#[derive(Clone, Default)]
pub struct Declared {
    /// Kinds of jobs by the name of their queue, as monitors know it.
    pub queues: BTreeMap<&'static str, Vec<&'static str>>,
    /// Checks.
    pub health: Vec<HealthCheck>,
}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declared")
            .field("queues", &self.queues)
            .finish_non_exhaustive()
    }
}

impl Declared {
    /// Collects it.
    pub fn of(services: &[Service]) -> Self {
        let mut queues: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for jobs in services.iter().flat_map(|service| &service.jobs) {
            queues.entry(jobs.reported_as).or_default().extend(jobs.kinds);
        }
        let health = services.iter().flat_map(|service| service.health.clone()).collect();
        Self { queues, health }
    }
}

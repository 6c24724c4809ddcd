//! A service: its endpoints, sites, tables, jobs, schedules and caches, declared in one place. The server iterates over
//! the services and wires them: routes, migrations, workers and cache invalidation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use db::{Commit, Migration, Migrations, Scope, Tx};
use jobs::{Schedule, Worker};
use projects::Service as Switch;
use projects::project::CONSOLE;

use crate::app::App;
use crate::endpoint::{Bound, BoxFuture, Endpoint};
use crate::reply::Reply;
use crate::request::Request;

/// Handler of the paths under a prefix that are not endpoints of the API: pages, the development tools.
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

/// A queue with its own worker, which jobs of several services share. Queues do not delay each other.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    /// Its name.
    pub name: &'static str,
    /// Options of its worker.
    pub options: fn() -> jobs::Options,
}

/// Registers handlers of jobs with a worker.
type Register = Arc<dyn Fn(Worker, &Arc<App>) -> Worker + Send + Sync>;
/// Drops one entry of a cache: called with the app, the name of the database and the entry's key.
type Forget = Arc<dyn Fn(&App, &str, &str) + Send + Sync>;
/// Runs a check; the error describes the problem.
type Check = Arc<dyn Fn(Arc<App>) -> BoxFuture<std::result::Result<(), String>> + Send + Sync>;

/// The jobs of a service in one queue.
#[derive(Clone)]
pub struct Jobs {
    /// The queue.
    pub queue: Queue,
    /// The name of the queue in health endpoints, as Appwrite has it.
    pub reported_as: &'static str,
    /// Kinds of the jobs.
    pub kinds: &'static [&'static str],
    /// Registers the handlers of the jobs with a worker.
    pub register: Register,
}

/// Invalidation rule of a cache: a topic of `db::Tx::note`, and functions that drop entries.
#[derive(Clone)]
pub struct Cache {
    /// The topic.
    pub topic: &'static str,
    /// Drops one entry: called with the name of the database and the entry's key.
    pub forget: Forget,
    /// Drops all entries: used if it is not known what changed.
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

/// A check of something that a service depends on.
#[derive(Clone)]
pub struct HealthCheck {
    /// Name of the check in its reply.
    pub name: &'static str,
    /// Runs the check.
    pub check: Check,
}

/// Whether stored permissions of a project's database name a role.
type NamesRole = Arc<dyn Fn(&mut Tx<'_>, &str) -> crate::Result<bool> + Send + Sync>;
type Listener = Arc<dyn Fn(&Arc<App>, &Commit<'_>) + Send + Sync>;
type Task = Arc<dyn Fn(Arc<App>) -> BoxFuture<()> + Send + Sync>;

/// A service.
#[derive(Clone)]
pub struct Service {
    /// Its name.
    pub name: &'static str,
    /// Its endpoints, in the order of its routes.
    pub endpoints: Vec<Bound>,
    /// Sites by path prefix.
    pub sites: Vec<(&'static str, Site)>,
    /// Migrations of its tables. A table of several services is declared by each, and migrated once.
    pub migrations: Vec<(In, &'static [Migration])>,
    /// Its jobs.
    pub jobs: Vec<Jobs>,
    /// Its schedules; their jobs are in the console's database.
    pub schedules: Vec<Schedule>,
    /// Called after each commit, on a database thread; they must not block.
    pub listeners: Vec<Listener>,
    /// Cache invalidation rules.
    pub caches: Vec<Cache>,
    /// Health checks.
    pub health: Vec<HealthCheck>,
    /// Searches for a role in its stored permissions.
    pub named_roles: Vec<NamesRole>,
    /// Background tasks that run until the server stops.
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
    /// Creates a service of endpoints that share a state.
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
            named_roles: Vec::new(),
            tasks: Vec::new(),
            at_stop: Vec::new(),
        }
    }

    /// Names the switch by which a project disables the service for its clients.
    #[must_use]
    pub fn switched_by(mut self, switch: Switch) -> Self {
        for endpoint in &mut self.endpoints {
            Arc::make_mut(&mut endpoint.declaration).switch = Some(switch);
        }
        self
    }

    /// Marks its endpoints as administering projects of a console user's organizations: `{projectId}` in a path names a
    /// project.
    #[must_use]
    pub fn administers_projects(mut self) -> Self {
        for endpoint in &mut self.endpoints {
            Arc::make_mut(&mut endpoint.declaration).administers_projects = true;
        }
        self
    }

    /// Adds a site under a path.
    #[must_use]
    pub fn site(mut self, path: &'static str, site: Site) -> Self {
        self.sites.push((path, site));
        self
    }

    /// Adds migrations. Endpoints of a service with tables [`In::Projects`] are refused on the console project.
    #[must_use]
    pub fn tables(mut self, within: In, migrations: &'static [Migration]) -> Self {
        for endpoint in &mut self.endpoints {
            Arc::make_mut(&mut endpoint.declaration).in_projects_only |= within == In::Projects;
        }
        self.migrations.push((within, migrations));
        self
    }

    /// Adds jobs of a queue.
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

    /// Adds a schedule.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    /// Adds a listener to commits.
    #[must_use]
    pub fn listener(mut self, listener: impl Fn(&Arc<App>, &Commit<'_>) + Send + Sync + 'static) -> Self {
        self.listeners.push(Arc::new(listener));
        self
    }

    /// Adds a cache invalidation rule.
    #[must_use]
    pub fn cache(mut self, cache: Cache) -> Self {
        self.caches.push(cache);
        self
    }

    /// Adds a health check of a dependency.
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

    /// Adds a search for a role in permissions that it stores in projects.
    #[must_use]
    pub fn names_roles(
        mut self,
        search: impl Fn(&mut Tx<'_>, &str) -> crate::Result<bool> + Send + Sync + 'static,
    ) -> Self {
        self.named_roles.push(Arc::new(search));
        self
    }

    /// Adds a background task that runs until the server stops.
    #[must_use]
    pub fn task<Fut>(mut self, task: impl Fn(Arc<App>) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.tasks.push(Arc::new(move |app| Box::pin(task(app))));
        self
    }

    /// Adds a task that runs at shutdown, after the last request and job.
    #[must_use]
    pub fn at_stop<Fut>(mut self, task: impl Fn(Arc<App>) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.at_stop.push(Arc::new(move |app| Box::pin(task(app))));
        self
    }
}

/// All migrations that the services declare, without duplicates: migrations are identified by their names.
pub fn migrations(services: &[Service]) -> Migrations {
    let mut names = BTreeSet::new();
    let mut all = Migrations::new();
    for (within, migrations) in services.iter().flat_map(|service| &service.migrations) {
        let new: Vec<Migration> = migrations
            .iter()
            .filter(|migration| names.insert(migration.name))
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
    /// Kinds of jobs by the name of their queue in health endpoints.
    pub queues: BTreeMap<&'static str, Vec<&'static str>>,
    /// Health checks.
    pub health: Vec<HealthCheck>,
    /// Searches for a role in stored permissions.
    pub named_roles: Vec<NamesRole>,
}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declared")
            .field("queues", &self.queues)
            .finish_non_exhaustive()
    }
}

impl Declared {
    /// Collects the declarations.
    pub fn of(services: &[Service]) -> Self {
        let mut queues: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for jobs in services.iter().flat_map(|service| &service.jobs) {
            queues.entry(jobs.reported_as).or_default().extend(jobs.kinds);
        }
        let health = services.iter().flat_map(|service| service.health.clone()).collect();
        let named_roles = services
            .iter()
            .flat_map(|service| service.named_roles.clone())
            .collect();
        Self {
            queues,
            health,
            named_roles,
        }
    }
}

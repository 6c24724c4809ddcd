//! The engine and its databases: public API of this crate.

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;

use crate::act::Limits;
use crate::shared::Shared;
use crate::{Commit, Dialect, Error, Migrations, Options, Settings, Tx, act, names, postgres, sqlite};

/// All databases of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    backend: Backend,
}

#[derive(Debug, Clone)]
enum Backend {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(Arc<postgres::Postgres>),
}

/// One database. Cheap to clone; it is opened on first use and closed when idle.
#[derive(Debug, Clone)]
pub struct Database {
    name: Arc<str>,
    engine: Engine,
    /// Whether acts have no time limit of their own once they have begun.
    is_unlimited: bool,
    /// Time limit of each act, instead of the usual ones.
    within: Option<Duration>,
}

impl Engine {
    /// Opens the engine with the default bounds; see [`Engine::open_with`].
    pub fn open(settings: Settings, clock: Clock, migrations: Migrations) -> Result<Self, Error> {
        Self::open_with(settings, Options::default(), clock, migrations)
    }

    /// Opens the engine. Does not open a database or connect to PostgreSQL yet.
    ///
    /// Fails with [`Error::Settings`] if the settings cannot be used.
    pub fn open_with(
        settings: Settings,
        options: Options,
        clock: Clock,
        migrations: Migrations,
    ) -> Result<Self, Error> {
        let shared = Shared::new(clock, options, migrations);
        let backend = match settings {
            Settings::Sqlite { folder } => Backend::Sqlite(sqlite::Sqlite::open(folder, shared.clone())?),
            Settings::Postgres { url, connections } => {
                Backend::Postgres(postgres::Postgres::open(&url, connections, shared.clone())?)
            }
        };
        Ok(Self { shared, backend })
    }

    /// The database of this name, which need not exist until it is used.
    pub fn database(&self, name: &str) -> Database {
        Database {
            name: name.into(),
            engine: self.clone(),
            is_unlimited: false,
            within: None,
        }
    }

    /// Creates the database if it does not exist, and applies pending migrations.
    ///
    /// Fails with [`Error::BadName`] if the name is not a valid id.
    pub async fn create(&self, name: &str) -> Result<Database, Error> {
        names::check(name)?;
        match &self.backend {
            Backend::Sqlite(engine) => engine.create(name).await?,
            Backend::Postgres(engine) => engine.create(name).await?,
        }
        Ok(self.database(name))
    }

    /// Deletes the database after its queued acts have run. Succeeds if it does not exist.
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        match &self.backend {
            Backend::Sqlite(engine) => engine.remove(name).await,
            Backend::Postgres(engine) => engine.remove(name).await,
        }
    }

    /// The names of the databases that exist, sorted.
    pub async fn names(&self) -> Result<Vec<String>, Error> {
        match &self.backend {
            Backend::Sqlite(engine) => engine.names(),
            Backend::Postgres(engine) => engine.names().await,
        }
    }

    /// Migrates every database to this version. Called at startup; runs under a lock, so that two processes never
    /// migrate at the same time. A SQLite file is copied to `snapshots/` before it is changed.
    ///
    /// Fails with [`Error::Newer`] if a database was migrated by a newer version of the program.
    pub async fn migrate_all(&self) -> Result<(), Error> {
        match &self.backend {
            Backend::Sqlite(engine) => engine.migrate_all().await,
            Backend::Postgres(engine) => engine.migrate_all().await,
        }
    }

    /// Calls `listener` after each durable act that emitted events or enqueued jobs, on a database thread and before
    /// the caller gets its result. The listener must return quickly: it should only forward the commit.
    pub fn on_commit(&self, listener: impl Fn(&Commit<'_>) + Send + Sync + 'static) {
        self.shared.listeners.write().push(Box::new(listener));
    }

    /// Finishes queued acts, refuses new ones, and closes every database.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(engine) => engine.close().await,
            Backend::Postgres(engine) => engine.close().await,
        }
    }

    /// SQL dialect of the engine.
    pub fn dialect(&self) -> Dialect {
        match self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Clock used by acts.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }
}

impl Database {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The engine of this database.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The same database for jobs, whose time is limited by their queue: a write has no time limit once it has begun.
    #[must_use]
    pub fn for_jobs(&self) -> Self {
        Self {
            is_unlimited: true,
            ..self.clone()
        }
    }

    /// The same database with another time limit of each statement, which then fails with [`Error::TooSlow`].
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        Self {
            within: Some(limit),
            ..self.clone()
        }
    }

    fn limit(&self, usual: Duration) -> Duration {
        self.within.unwrap_or(usual)
    }

    /// Limits of waiting for a read.
    fn limits_of_read(&self) -> Limits {
        let options = &self.engine.shared.options;
        let running = match self.engine.dialect() {
            // Interrupted by its own thread.
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                // Each statement is stopped by the server after `read`, unless the server itself does not run.
                let limit = self.limit(options.read).saturating_add(options.wait);
                Some((limit, Error::Unreachable(format!("no answer in {limit:?}"))))
            }
        };
        Limits {
            queued: options.wait,
            running,
        }
    }

    /// Limits of waiting for a write.
    fn limits_of_write(&self) -> Limits {
        let options = &self.engine.shared.options;
        let is_limited = self.engine.dialect() == Dialect::Postgres && !self.is_unlimited;
        Limits {
            queued: options.wait,
            running: is_limited.then(|| {
                (
                    self.limit(options.act).saturating_add(options.wait),
                    Error::OutcomeUnknown,
                )
            }),
        }
    }

    /// Runs a read-only act. It sees one snapshot of the data.
    ///
    /// Fails with [`Error::NoSuchDatabase`], [`Error::Busy`] or [`Error::Closed`], or with the act's own error.
    pub async fn read<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (mut queued, answer) = act::boxed(act);
        queued.limit = Some(self.limit(self.engine.shared.options.read));
        match &self.engine.backend {
            Backend::Sqlite(engine) => engine.read(&self.name, queued)?,
            Backend::Postgres(engine) => engine.act(&self.name, false, queued)?,
        }
        answer.within(self.limits_of_read()).await
    }

    /// Runs an act of a few lookups by key on the caller's own thread if a connection is free: such an act takes less
    /// time than a switch to another thread. Queries that may scan a table must not use it, because they would block
    /// the caller's async worker thread. On PostgreSQL it is the same as [`Database::read`].
    ///
    /// Fails like [`Database::read`].
    pub async fn read_inline<T, E>(
        &self,
        act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (mut queued, answer) = act::boxed(act);
        queued.limit = Some(self.limit(self.engine.shared.options.read));
        match &self.engine.backend {
            Backend::Sqlite(engine) => engine.read_inline(&self.name, queued)?,
            Backend::Postgres(engine) => engine.act(&self.name, false, queued)?,
        }
        answer.within(self.limits_of_read()).await
    }

    /// Runs an act atomically. Returns success only after the commit is durable.
    ///
    /// Fails like [`Database::read`]. An act that fails with [`Error::Busy`] was not executed.
    pub async fn write<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (queued, answer) = act::boxed(act);
        self.push_write(queued)?;
        answer.within(self.limits_of_write()).await
    }

    /// Like [`Database::write`], for an act that can be run again: if PostgreSQL rolls it back because of a conflict
    /// with a concurrent act, it is retried a few times before it fails with [`Error::Busy`].
    pub async fn write_repeated<T, E>(
        &self,
        act: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (queued, answer) = act::boxed_repeated(act);
        self.push_write(queued)?;
        answer.within(self.limits_of_write()).await
    }

    fn push_write(&self, mut queued: act::Queued) -> Result<(), Error> {
        queued.limit = (!self.is_unlimited).then(|| self.limit(self.engine.shared.options.act));
        match &self.engine.backend {
            Backend::Sqlite(engine) => engine.write(&self.name, queued),
            Backend::Postgres(engine) => engine.act(&self.name, true, queued),
        }
    }
}

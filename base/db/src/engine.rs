//! The engine and its databases, as everyone above sees them.

use std::sync::Arc;

use kernel::Clock;

use crate::shared::Shared;
use crate::{Commit, Dialect, Error, Migrations, Options, Settings, Tx, act, names, postgres, sqlite};

/// Every database of an installation. Cheap to clone.
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

/// One database. Cheap to clone; it is opened when first used, and closed when nobody uses it.
#[derive(Debug, Clone)]
pub struct Database {
    name: Arc<str>,
    engine: Engine,
}

impl Engine {
    /// Opens the engine with the default bounds; see [`Engine::open_with`].
    pub fn open(settings: Settings, clock: Clock, migrations: Migrations) -> Result<Self, Error> {
        Self::open_with(settings, Options::default(), clock, migrations)
    }

    /// Opens the engine. No database is opened yet, and PostgreSQL is not connected to.
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
        }
    }

    /// Makes the database if it is not there, and applies what migrations it lacks.
    ///
    /// Fails with [`Error::BadName`] if the name is no id.
    pub async fn create(&self, name: &str) -> Result<Database, Error> {
        names::check(name)?;
        match &self.backend {
            Backend::Sqlite(engine) => engine.create(name).await?,
            Backend::Postgres(engine) => engine.create(name).await?,
        }
        Ok(self.database(name))
    }

    /// Deletes the database and everything in it, after the acts that wait for it are done. It is no error if there is
    /// none.
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

    /// Brings every database up to this version, at the start and under a lock, so that two programs never do it at once.
    /// A SQLite file is copied to `snapshots/` before it is changed.
    ///
    /// Fails with [`Error::Newer`] if a database has seen a newer version of the program.
    pub async fn migrate_all(&self) -> Result<(), Error> {
        match &self.backend {
            Backend::Sqlite(engine) => engine.migrate_all().await,
            Backend::Postgres(engine) => engine.migrate_all().await,
        }
    }

    /// Calls `listener` after each durable act that emitted events or enqueued jobs, on a database thread and before the
    /// act's caller is answered: it hands on, and does nothing longer.
    pub fn on_commit(&self, listener: impl Fn(&Commit<'_>) + Send + Sync + 'static) {
        self.shared.listeners.write().push(Box::new(listener));
    }

    /// Does what is queued, takes nothing more, and closes every database.
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

    /// The clock that acts read.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }
}

impl Database {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The engine that it belongs to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs an act that changes nothing. It sees one snapshot of the data.
    ///
    /// Fails with [`Error::NoSuchDatabase`], [`Error::Busy`] or [`Error::Closed`], or with the act's own error.
    pub async fn read<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (queued, answer) = act::boxed(act);
        match &self.engine.backend {
            Backend::Sqlite(engine) => engine.read(&self.name, queued)?,
            Backend::Postgres(engine) => engine.act(&self.name, false, queued)?,
        }
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// Runs an act of a few look-ups by key, on the caller's own thread if a connection is free: such an act takes
    /// less time than a hop to another thread. Nothing that may scan belongs here, because the caller's thread serves
    /// others too. On PostgreSQL it is [`Database::read`].
    ///
    /// Fails as [`Database::read`] does.
    pub async fn read_inline<T, E>(
        &self,
        act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (queued, answer) = act::boxed(act);
        match &self.engine.backend {
            Backend::Sqlite(engine) => engine.read_inline(&self.name, queued)?,
            Backend::Postgres(engine) => engine.act(&self.name, false, queued)?,
        }
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// Runs an act: all of it happens or nothing does. Success is answered after the commit is durable.
    ///
    /// Fails as [`Database::read`] does. An act that is answered with [`Error::Busy`] was not done.
    pub async fn write<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (queued, answer) = act::boxed(act);
        self.push_write(queued)?;
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// As [`Database::write`], for an act that can be run again: if PostgreSQL undoes it because another act was quicker,
    /// it is tried a few times before it fails with [`Error::Busy`].
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
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    fn push_write(&self, queued: act::Queued) -> Result<(), Error> {
        match &self.engine.backend {
            Backend::Sqlite(engine) => engine.write(&self.name, queued),
            Backend::Postgres(engine) => engine.act(&self.name, true, queued),
        }
    }
}

//! Worker threads, one per connection, started on demand and ended when idle.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use thread_pool::{ThreadPool, Worker};

use super::gate::Gates;
use super::session::Session;
use super::url::Address;
use crate::act::{Act, Queued};
use crate::after_commit::AfterCommit;
use crate::shared::Shared;
use crate::{Error, Tx};

/// Maximum number of runs of a repeatable act.
const TRIES: usize = 5;

/// Outcome of running an act.
enum Ran {
    /// Committed, with its effects, or failed with its own error.
    Done(Option<AfterCommit>),
    /// Rolled back because of a conflict with a concurrent act.
    SerializationFailure,
}

/// An act for one database.
pub(crate) struct Job {
    pub(crate) database: Arc<str>,
    pub(crate) write: bool,
    pub(crate) queued: Queued,
}

/// Pool of the worker threads. One database can use up to half of the threads and of the queue.
#[derive(Debug)]
pub(crate) struct Workers {
    pool: ThreadPool<Connected>,
    schemas: Arc<Schemas>,
}

/// Schemas known to exist, each with the version number of its tables.
#[derive(Debug)]
struct Schemas {
    known: Mutex<HashMap<Arc<str>, Arc<AtomicU64>>>,
    /// Next unused version number.
    next: AtomicU64,
}

/// State of one thread: its connection, once opened.
struct Connected {
    address: Arc<Address>,
    gates: Arc<Gates>,
    shared: Arc<Shared>,
    schemas: Arc<Schemas>,
    session: Option<Session>,
}

impl Workers {
    pub(crate) fn new(address: Arc<Address>, gates: Arc<Gates>, max: usize, shared: Arc<Shared>) -> Self {
        let schemas = Arc::new(Schemas {
            known: Mutex::default(),
            next: AtomicU64::new(1),
        });
        let options = shared.options.pool("db-postgres", max);
        let known = Arc::clone(&schemas);
        let pool = ThreadPool::new(options, move || Connected {
            address: Arc::clone(&address),
            gates: Arc::clone(&gates),
            shared: Arc::clone(&shared),
            schemas: Arc::clone(&known),
            session: None,
        });
        Self { pool, schemas }
    }

    /// Queues an act; the caller has already called [`Gates::enter`] for it.
    pub(crate) fn push(&self, job: Job) -> Result<(), Error> {
        let database = Arc::clone(&job.database);
        Ok(self.pool.push(&database, job)?)
    }

    /// Removes a schema from those known to exist.
    pub(crate) fn forget(&self, database: &str) {
        self.schemas.forget(database);
    }

    /// Refuses new acts and waits until the queued ones are done.
    pub(crate) async fn close(&self) {
        self.pool.join().await;
    }
}

impl Worker for Connected {
    type Job = Job;

    fn run(&mut self, job: Job) {
        let Job {
            database,
            write,
            queued: Queued { mut act, since },
        } = job;
        let done = if since.elapsed() > self.shared.options.wait {
            Err(Error::Busy)
        } else {
            self.serve(&database, write, &mut *act)
        };
        if self.session.as_ref().is_some_and(Session::is_lost) {
            self.session = None;
        }
        self.gates.leave(&database);
        let outcome = done.map(|after_commit| {
            after_commit
                .into_iter()
                .for_each(|after_commit| self.shared.committed(&database, after_commit))
        });
        act.answer(outcome);
    }
}

impl Schemas {
    fn forget(&self, database: &str) {
        self.known.lock().remove(database);
    }

    fn known(&self, database: &str) -> Option<Arc<AtomicU64>> {
        self.known.lock().get(database).cloned()
    }

    /// Adds a schema to those known to exist; returns its version number.
    fn learn(&self, database: &Arc<str>) -> Arc<AtomicU64> {
        let new = || Arc::new(AtomicU64::new(self.next.fetch_add(1, Ordering::Relaxed)));
        Arc::clone(self.known.lock().entry(Arc::clone(database)).or_insert_with(new))
    }

    /// Gives a schema a new version number, after its tables changed.
    fn change(&self, database: &str) {
        if let Some(changes) = self.known(database) {
            changes.store(self.next.fetch_add(1, Ordering::Relaxed), Ordering::Release);
        }
    }
}

impl Connected {
    /// A session in a transaction. A connection that was lost while idle is replaced; no act has begun yet.
    fn begin(&mut self, database: &Arc<str>, write: bool) -> Result<&mut Session, Error> {
        let schema = self.address.schema(database);
        let mut session = match self.session.take() {
            Some(session) => session,
            None => Session::new(self.address.connect()?),
        };
        let mut begun = self.try_begin(&mut session, &schema, database, write);
        if begun.is_err() && session.is_lost() {
            session = Session::new(self.address.connect()?);
            begun = self.try_begin(&mut session, &schema, database, write);
        }
        let session = self.session.insert(session);
        begun.map(|()| session)
    }

    fn try_begin(&self, session: &mut Session, schema: &str, database: &Arc<str>, write: bool) -> Result<(), Error> {
        let changes = match self.schemas.known(database) {
            Some(changes) => changes,
            None if !session.has_schema(schema)? => return Err(Error::NoSuchDatabase(database.to_string())),
            None => self.schemas.learn(database),
        };
        session.watch(changes);
        if write {
            session.begin_write(schema, self.shared.options.wait)
        } else {
            session.begin_read(schema, self.shared.options.read)
        }
    }

    /// Runs an act, and again after a serialization failure if it can be repeated.
    fn serve(&mut self, database: &Arc<str>, write: bool, act: &mut dyn Act) -> Result<Option<AfterCommit>, Error> {
        for _ in 1..TRIES {
            match self.run_once(database, write, act)? {
                Ran::SerializationFailure if act.repeats() => {}
                Ran::SerializationFailure => return Ok(None),
                Ran::Done(after_commit) => return Ok(after_commit),
            }
        }
        match self.run_once(database, write, act)? {
            Ran::SerializationFailure => Ok(None),
            Ran::Done(after_commit) => Ok(after_commit),
        }
    }

    /// Runs an act from begin to commit; what it left if it was kept, nothing if it failed by itself.
    fn run_once(&mut self, database: &Arc<str>, write: bool, act: &mut dyn Act) -> Result<Ran, Error> {
        let (shared, schemas) = (Arc::clone(&self.shared), Arc::clone(&self.schemas));
        let session = self.begin(database, write)?;
        let mut tx = Tx::new(session, &shared.options, shared.clock.now(), database);
        let keep = act.run(&mut tx);
        let (aborted, serialization_failure) = (tx.aborted().is_some(), tx.serialization_failure());
        let after_commit = tx.into_after_commit();
        if aborted {
            // Another node may have changed or dropped the tables: look them up again next time.
            session.forget();
            schemas.forget(database);
        }
        if !keep {
            // If ROLLBACK cannot be sent, the connection is lost and the server rolls back by itself.
            let _ = session.run("ROLLBACK");
            return Ok(if serialization_failure {
                Ran::SerializationFailure
            } else {
                Ran::Done(None)
            });
        }
        session.run("COMMIT").map_err(|error| match error {
            Error::Conflict | Error::Unique { .. } | Error::Reference(_) => error,
            // It is not known whether the server committed before the connection broke, so the act is never retried.
            other => Error::engine("commit: whether it was done is not known", other),
        })?;
        if session.changed() {
            schemas.change(database);
        }
        Ok(Ran::Done(Some(after_commit)))
    }
}

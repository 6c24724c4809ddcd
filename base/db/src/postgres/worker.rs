//! Worker threads, one per connection, started on demand and ended when idle.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

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

/// The queue that the threads share.
pub(crate) struct Workers {
    address: Arc<Address>,
    gates: Arc<Gates>,
    most: usize,
    shared: Arc<Shared>,
    queue: Mutex<Queue>,
    work: Condvar,
    /// Schemas known to exist, each with the version number of its tables.
    known: Mutex<HashMap<Arc<str>, Arc<AtomicU64>>>,
    /// Next unused version number.
    next: AtomicU64,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
    waiting_for_end: Vec<oneshot::Sender<()>>,
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workers")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

impl Workers {
    pub(crate) fn new(address: Arc<Address>, gates: Arc<Gates>, most: usize, shared: Arc<Shared>) -> Arc<Self> {
        let (queue, work, known) = (Mutex::default(), Condvar::new(), Mutex::default());
        Arc::new(Self {
            address,
            gates,
            most,
            shared,
            queue,
            work,
            known,
            next: AtomicU64::new(1),
        })
    }

    /// Queues an act; the caller has already called [`Gates::enter`] for it.
    pub(crate) fn push(self: &Arc<Self>, job: Job) -> Result<(), Error> {
        let mut queue = self.queue.lock();
        if queue.closed {
            return Err(Error::Closed);
        }
        if queue.jobs.len() >= self.shared.options.queue {
            return Err(Error::Busy);
        }
        if queue.idle <= queue.jobs.len() && queue.threads < self.most {
            let workers = self.clone();
            std::thread::Builder::new()
                .name("db-postgres".to_owned())
                .stack_size(1 << 20)
                .spawn(move || workers.run())
                .map_err(|error| Error::engine("start a thread", error))?;
            queue.threads += 1;
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.work.notify_one();
        Ok(())
    }

    /// Removes a schema from those known to exist.
    pub(crate) fn forget(&self, database: &str) {
        self.known.lock().remove(database);
    }

    /// Refuses new acts and waits until the queued ones are done.
    pub(crate) async fn close(&self) {
        let (end, ended) = oneshot::channel();
        {
            let mut queue = self.queue.lock();
            queue.closed = true;
            if queue.threads == 0 {
                return;
            }
            queue.waiting_for_end.push(end);
        }
        self.work.notify_all();
        let _ = ended.await;
    }

    fn run(&self) {
        let mut session = None;
        while let Some(Job {
            database,
            write,
            queued: Queued { mut act, since },
        }) = self.take()
        {
            let done = if since.elapsed() > self.shared.options.wait {
                Err(Error::Busy)
            } else {
                self.serve(&mut session, &database, write, &mut *act)
            };
            if session.as_ref().is_some_and(Session::is_lost) {
                session = None;
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

    fn take(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.closed {
                break;
            }
            queue.idle += 1;
            let timed_out = self.work.wait_for(&mut queue, self.shared.options.idle).timed_out();
            queue.idle -= 1;
            if timed_out && queue.jobs.is_empty() {
                break;
            }
        }
        queue.threads -= 1;
        if queue.threads == 0 {
            for end in queue.waiting_for_end.drain(..) {
                let _ = end.send(());
            }
        }
        None
    }

    /// A session in a transaction. A connection that was lost while idle is replaced; no act has begun yet.
    fn begin<'s>(
        &self,
        slot: &'s mut Option<Session>,
        database: &Arc<str>,
        write: bool,
    ) -> Result<&'s mut Session, Error> {
        let schema = self.address.schema(database);
        let mut session = match slot.take() {
            Some(session) => session,
            None => Session::new(self.address.connect()?),
        };
        let mut begun = self.try_begin(&mut session, &schema, database, write);
        if begun.is_err() && session.is_lost() {
            session = Session::new(self.address.connect()?);
            begun = self.try_begin(&mut session, &schema, database, write);
        }
        let session = slot.insert(session);
        begun.map(|()| session)
    }

    fn try_begin(&self, session: &mut Session, schema: &str, database: &Arc<str>, write: bool) -> Result<(), Error> {
        let known = self.known.lock().get(database).cloned();
        let changes = match known {
            Some(changes) => changes,
            None if !session.has_schema(schema)? => return Err(Error::NoSuchDatabase(database.to_string())),
            None => {
                let new = || Arc::new(AtomicU64::new(self.next.fetch_add(1, Ordering::Relaxed)));
                Arc::clone(self.known.lock().entry(database.clone()).or_insert_with(new))
            }
        };
        session.watch(changes);
        if write {
            session.begin_write(schema, self.shared.options.wait)
        } else {
            session.begin_read(schema, self.shared.options.read)
        }
    }

    /// Runs an act, and retries it after a conflict if it is repeatable.
    fn serve(
        &self,
        slot: &mut Option<Session>,
        database: &Arc<str>,
        write: bool,
        act: &mut dyn Act,
    ) -> Result<Option<AfterCommit>, Error> {
        for _ in 1..TRIES {
            match self.run_once(slot, database, write, act)? {
                Ran::SerializationFailure if act.repeats() => {}
                Ran::SerializationFailure => return Ok(None),
                Ran::Done(after_commit) => return Ok(after_commit),
            }
        }
        match self.run_once(slot, database, write, act)? {
            Ran::SerializationFailure => Ok(None),
            Ran::Done(after_commit) => Ok(after_commit),
        }
    }

    /// Runs an act from BEGIN to COMMIT; returns its effects if it was committed, none if it failed with its own error.
    fn run_once(
        &self,
        slot: &mut Option<Session>,
        database: &Arc<str>,
        write: bool,
        act: &mut dyn Act,
    ) -> Result<Ran, Error> {
        let session = self.begin(slot, database, write)?;
        let mut tx = Tx::new(session, &self.shared.options, self.shared.clock.now(), database);
        let keep = act.run(&mut tx);
        let (aborted, serialization_failure) = (tx.aborted().is_some(), tx.serialization_failure());
        let after_commit = tx.into_after_commit();
        if aborted {
            // Another node may have changed or dropped the tables: look them up again next time.
            session.forget();
            self.forget(database);
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
        if session.changed()
            && let Some(changes) = self.known.lock().get(database)
        {
            changes.store(self.next.fetch_add(1, Ordering::Relaxed), Ordering::Release);
        }
        Ok(Ran::Done(Some(after_commit)))
    }
}

//! The reader threads: a few for all databases, started on demand.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use super::deadline;
use super::open::Open;
use super::statement::{SqliteSession, change};
use crate::act::{Act, Queued};
use crate::after_commit::AfterCommit;
use crate::session::Sql;
use crate::shared::Shared;
use crate::{Error, Tx};

/// Queue shared by the reader threads.
pub(crate) struct Readers {
    shared: Arc<Shared>,
    sweep: Box<dyn Fn() + Send + Sync>,
    queue: Mutex<Queue>,
    work: Condvar,
}

#[derive(Default)]
struct Queue {
    reads: VecDeque<(Arc<Open>, Queued)>,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    /// Starts no threads yet. A thread that was idle for long calls `sweep` and ends.
    pub(crate) fn new(shared: Arc<Shared>, sweep: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            shared,
            sweep: Box::new(sweep),
            queue: Mutex::default(),
            work: Condvar::new(),
        })
    }

    /// Queues a read; the caller has already called [`Open::enter`] for it.
    pub(crate) fn push(self: &Arc<Self>, open: Arc<Open>, queued: Queued) -> Result<(), Error> {
        let pushed = self.try_push(&open, queued);
        if pushed.is_err() {
            open.leave();
        }
        pushed
    }

    fn try_push(self: &Arc<Self>, open: &Arc<Open>, queued: Queued) -> Result<(), Error> {
        let mut queue = self.queue.lock();
        if queue.closed {
            return Err(Error::Closed);
        }
        if queue.reads.len() >= self.shared.options.queue {
            return Err(Error::Busy);
        }
        if queue.idle <= queue.reads.len() && queue.threads < self.shared.options.readers {
            let readers = self.clone();
            std::thread::Builder::new()
                .name("db-read".to_owned())
                .stack_size(1 << 20)
                .spawn(move || readers.run())
                .map_err(|error| Error::engine("start a thread", error))?;
            queue.threads += 1;
        }
        queue.reads.push_back((open.clone(), queued));
        let wake = queue.idle > 0;
        drop(queue);
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Ends the threads once the queue is empty.
    pub(crate) fn close(&self) {
        self.queue.lock().closed = true;
        self.work.notify_all();
    }

    fn run(&self) {
        while let Some((open, queued)) = self.take() {
            match open.reader() {
                Ok(connection) => serve(&open, connection, queued),
                Err(error) => {
                    open.leave();
                    queued.act.answer(Err(error));
                }
            }
        }
    }

    /// The next read; none if this thread must end.
    fn take(&self) -> Option<(Arc<Open>, Queued)> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(next) = queue.reads.pop_front() {
                return Some(next);
            }
            if queue.closed {
                break;
            }
            queue.idle += 1;
            let timed_out = self.work.wait_for(&mut queue, self.shared.options.idle).timed_out();
            queue.idle -= 1;
            if timed_out && queue.reads.is_empty() {
                break;
            }
        }
        queue.threads -= 1;
        drop(queue);
        (self.sweep)();
        None
    }
}

/// Runs a read and replies to its caller, who has already called [`Open::enter`] for it.
pub(crate) fn serve(open: &Open, connection: Connection, queued: Queued) {
    let Queued { mut act, since } = queued;
    let done = if since.elapsed() > open.shared.options.wait {
        open.give_back(connection);
        Err(Error::Busy)
    } else {
        // A connection that fails to begin or end a transaction is not used again.
        snapshot(&connection, &open.shared, &open.name, &mut *act).inspect(|_| open.give_back(connection))
    };
    open.leave();
    let outcome = done.map(|after_commit| {
        after_commit
            .into_iter()
            .for_each(|after_commit| open.shared.committed(&open.name, after_commit))
    });
    act.answer(outcome);
}

/// Runs a read in a transaction, so that it sees one snapshot of the data.
fn snapshot(
    connection: &Connection,
    shared: &Shared,
    name: &Arc<str>,
    act: &mut dyn Act,
) -> Result<Option<AfterCommit>, Error> {
    change(connection, Sql::Fixed("BEGIN"), &[])?;
    let mut session = SqliteSession(connection);
    let mut tx = Tx::new(&mut session, &shared.options, shared.clock.now(), name);
    let keep = deadline::within(shared.options.read, || act.run(&mut tx));
    let after_commit = tx.into_after_commit();
    if !connection.is_autocommit() {
        change(connection, Sql::Fixed("ROLLBACK"), &[])?;
    }
    Ok(keep.then_some(after_commit))
}

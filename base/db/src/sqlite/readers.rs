//! The reader threads: a few for all databases, started on demand.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use thread_pool::{ThreadPool, Worker};

use super::deadline;
use super::open::Open;
use super::statement::{SqliteSession, change};
use crate::act::{Act, Queued};
use crate::after_commit::AfterCommit;
use crate::session::Sql;
use crate::shared::Shared;
use crate::{Error, Tx};

/// Pool of the reader threads. One database can use up to half of the threads and of the queue.
#[derive(Debug)]
pub(crate) struct Readers(ThreadPool<Reader>);

type Sweep = Arc<dyn Fn() + Send + Sync>;

/// State of one thread. Calls `sweep` when the thread ends after a time without work.
struct Reader {
    sweep: Sweep,
}

impl Readers {
    /// Creates the pool, without threads; a thread that ends calls `sweep`.
    pub(crate) fn new(shared: &Shared, sweep: impl Fn() + Send + Sync + 'static) -> Self {
        let options = shared.options.pool("db-read", shared.options.readers);
        let sweep: Sweep = Arc::new(sweep);
        Self(ThreadPool::new(options, move || Reader {
            sweep: Arc::clone(&sweep),
        }))
    }

    /// Queues a read; the caller has already called [`Open::enter`] for it.
    pub(crate) fn push(&self, open: Arc<Open>, queued: Queued) -> Result<(), Error> {
        let pushed = self.0.push(&open.name, (Arc::clone(&open), queued));
        if pushed.is_err() {
            open.leave();
        }
        Ok(pushed?)
    }

    /// Ends the threads once the queue is empty.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

impl Worker for Reader {
    type Job = (Arc<Open>, Queued);

    fn run(&mut self, (open, queued): Self::Job) {
        match open.reader() {
            Ok(connection) => serve(&open, connection, queued),
            Err(error) => {
                open.leave();
                queued.refuse(error);
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        (self.sweep)();
    }
}

/// Runs a read and replies to its caller, who has already called [`Open::enter`] for it.
pub(crate) fn serve(open: &Open, connection: Connection, queued: Queued) {
    let limit = queued.limit;
    let Some(mut act) = queued.begin(open.shared.options.wait) else {
        open.give_back(connection);
        open.leave();
        return;
    };
    // A connection that fails to begin or end a transaction is not used again.
    let done = snapshot(&connection, open, limit, &mut *act).inspect(|_| open.give_back(connection));
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
    open: &Open,
    limit: Option<Duration>,
    act: &mut dyn Act,
) -> Result<Option<AfterCommit>, Error> {
    change(connection, Sql::Fixed("BEGIN"), &[])?;
    let shared = &open.shared;
    let mut session = SqliteSession(connection);
    let mut tx = Tx::new(&mut session, &shared.options, shared.clock.now(), &open.name);
    let keep = deadline::within(limit, || act.run(&mut tx));
    let after_commit = tx.into_after_commit();
    if !connection.is_autocommit() {
        change(connection, Sql::Fixed("ROLLBACK"), &[])?;
    }
    Ok(keep.then_some(after_commit))
}

//! The reader threads: a few for all databases, started when first needed.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use super::deadline;
use super::open::Open;
use super::statement::change;
use crate::act::{Act, Waiting};
use crate::left::Left;
use crate::shared::Shared;
use crate::tx::{Session, Sql};
use crate::{Error, Tx};

/// The queue that the reader threads share.
pub(crate) struct Readers {
    shared: Arc<Shared>,
    sweep: Box<dyn Fn() + Send + Sync>,
    desk: Mutex<Desk>,
    work: Condvar,
}

#[derive(Default)]
struct Desk {
    reads: VecDeque<(Arc<Open>, Waiting)>,
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
    /// No threads yet. A thread that had nothing to do for long calls `sweep` and ends.
    pub(crate) fn new(shared: Arc<Shared>, sweep: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            shared,
            sweep: Box::new(sweep),
            desk: Mutex::default(),
            work: Condvar::new(),
        })
    }

    /// Queues a read of a database that was entered for it.
    pub(crate) fn push(self: &Arc<Self>, open: Arc<Open>, waiting: Waiting) -> Result<(), Error> {
        let pushed = self.try_push(&open, waiting);
        if pushed.is_err() {
            open.leave();
        }
        pushed
    }

    fn try_push(self: &Arc<Self>, open: &Arc<Open>, waiting: Waiting) -> Result<(), Error> {
        let mut desk = self.desk.lock();
        if desk.closed {
            return Err(Error::Closed);
        }
        if desk.reads.len() >= self.shared.options.queue {
            return Err(Error::Busy);
        }
        if desk.idle <= desk.reads.len() && desk.threads < self.shared.options.readers {
            let readers = self.clone();
            std::thread::Builder::new()
                .name("db-read".to_owned())
                .stack_size(1 << 20)
                .spawn(move || readers.run())
                .map_err(|error| Error::engine("start a thread", error))?;
            desk.threads += 1;
        }
        desk.reads.push_back((open.clone(), waiting));
        let wake = desk.idle > 0;
        drop(desk);
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Lets the threads end once nothing is queued.
    pub(crate) fn close(&self) {
        self.desk.lock().closed = true;
        self.work.notify_all();
    }

    fn run(&self) {
        while let Some((open, waiting)) = self.take() {
            match open.reader() {
                Ok(connection) => serve(&open, connection, waiting),
                Err(error) => {
                    open.leave();
                    waiting.act.answer(Err(error));
                }
            }
        }
    }

    /// The next read; none when this thread is to end.
    fn take(&self) -> Option<(Arc<Open>, Waiting)> {
        let mut desk = self.desk.lock();
        loop {
            if let Some(next) = desk.reads.pop_front() {
                return Some(next);
            }
            if desk.closed {
                break;
            }
            desk.idle += 1;
            let timed_out = self.work.wait_for(&mut desk, self.shared.options.idle).timed_out();
            desk.idle -= 1;
            if timed_out && desk.reads.is_empty() {
                break;
            }
        }
        desk.threads -= 1;
        drop(desk);
        (self.sweep)();
        None
    }
}

/// Runs a read of a database that was entered for it, and answers it.
pub(crate) fn serve(open: &Open, connection: Connection, waiting: Waiting) {
    let Waiting { mut act, since } = waiting;
    let done = if since.elapsed() > open.shared.options.wait {
        open.give_back(connection);
        Err(Error::Busy)
    } else {
        // A connection that fails to begin or end a transaction is not used again.
        snapshot(&connection, &open.shared, &mut *act).inspect(|_| open.give_back(connection))
    };
    open.leave();
    let fate = done.map(|left| left.into_iter().for_each(|left| left.tell(&open.name, &open.shared)));
    act.answer(fate);
}

/// Runs a read in a transaction, so that it sees one state of the data.
fn snapshot(connection: &Connection, shared: &Shared, act: &mut dyn Act) -> Result<Option<Left>, Error> {
    change(connection, Sql::Fixed("BEGIN"), &[])?;
    let mut tx = Tx::new(Session::Sqlite(connection), shared);
    let keep = deadline::within(shared.options.read, || act.run(&mut tx));
    let left = tx.into_left();
    if !connection.is_autocommit() {
        change(connection, Sql::Fixed("ROLLBACK"), &[])?;
    }
    Ok(keep.then_some(left))
}

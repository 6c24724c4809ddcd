//! An open database: the queue of its writer, its idle read connections, and its use count.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::checkpoint::{Checkpoints, WithConnection};
use super::connection;
use crate::Error;
use crate::act::Queued;
use crate::shared::Shared;

/// A database in use. Its writer thread and read connections are created on demand.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) name: Arc<str>,
    pub(crate) path: PathBuf,
    pub(crate) shared: Arc<Shared>,
    since: Instant,
    /// Time of last use, in milliseconds after `since`.
    used: AtomicU64,
    queue: Mutex<Queue>,
    work: Condvar,
    idle_readers: Mutex<Vec<Connection>>,
    pub(crate) checkpoints: Arc<Checkpoints>,
    /// Starts the writer thread.
    start_writer: StartWriter,
}

/// Starts the writer thread of a database.
pub(crate) type StartWriter = fn(Arc<Open>) -> Result<(), Error>;

/// Pending acts of a database, and its use count.
#[derive(Default)]
struct Queue {
    writes: VecDeque<Queued>,
    /// Whether the writer thread runs, and whether it is executing a group.
    writing: bool,
    in_group: bool,
    reading: usize,
    closed: bool,
    waiting_for_end: Vec<oneshot::Sender<()>>,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk")
            .field("writes", &self.writes.len())
            .field("reading", &self.reading)
            .finish_non_exhaustive()
    }
}

impl Queue {
    fn tell_if_ended(&mut self) {
        if self.closed && !self.writing && self.reading == 0 {
            for end in self.waiting_for_end.drain(..) {
                let _ = end.send(());
            }
        }
    }
}

impl Open {
    pub(crate) fn new(
        name: &str,
        path: PathBuf,
        shared: Arc<Shared>,
        checkpoints: Arc<Checkpoints>,
        start_writer: StartWriter,
    ) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            path,
            shared,
            since: Instant::now(),
            used: AtomicU64::new(0),
            queue: Mutex::default(),
            work: Condvar::new(),
            idle_readers: Mutex::default(),
            checkpoints,
            start_writer,
        })
    }

    pub(crate) fn touch(&self) {
        let millis = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.used.store(millis, Ordering::Relaxed);
    }

    pub(crate) fn unused_for(&self) -> Duration {
        self.since
            .elapsed()
            .saturating_sub(Duration::from_millis(self.used.load(Ordering::Relaxed)))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.queue.lock().closed
    }

    /// Queues a write. Returns it if the database was closed meanwhile; fails with [`Error::Busy`] if the queue is
    /// full.
    pub(crate) fn push(self: &Arc<Self>, queued: Queued) -> Result<Option<Queued>, Error> {
        let mut queue = self.queue.lock();
        if queue.closed {
            return Ok(Some(queued));
        }
        if queue.writes.len() >= self.shared.options.queue {
            return Err(Error::Busy);
        }
        if !queue.writing {
            (self.start_writer)(self.clone())?;
            queue.writing = true;
        }
        queue.writes.push_back(queued);
        drop(queue);
        self.work.notify_one();
        Ok(None)
    }

    /// Waits for writes and takes up to `max`; none if the database was closed and all writes are done.
    pub(crate) fn take(&self, max: usize, into: &mut Vec<Queued>) {
        let mut queue = self.queue.lock();
        queue.in_group = false;
        while queue.writes.is_empty() && !queue.closed {
            let idle = self.shared.options.idle;
            let timed_out = self.work.wait_for(&mut queue, idle).timed_out();
            if timed_out && queue.writes.is_empty() && queue.reading == 0 && self.unused_for() >= idle {
                self.shut(&mut queue);
            }
        }
        let count = queue.writes.len().min(max);
        into.extend(queue.writes.drain(..count));
        queue.in_group = count > 0;
    }

    /// Called by the writer when it ends. Returns the writes queued since it decided to end, to be refused.
    pub(crate) fn writer_ended(&self) -> Vec<Queued> {
        let mut queue = self.queue.lock();
        queue.writing = false;
        queue.closed = true;
        let rest = queue.writes.drain(..).collect();
        queue.tell_if_ended();
        rest
    }

    /// Begins a read; false if the database was closed meanwhile. Each success must be followed by one `leave`.
    pub(crate) fn enter(&self) -> bool {
        let mut queue = self.queue.lock();
        if !queue.closed {
            queue.reading += 1;
        }
        !queue.closed
    }

    /// Ends a read.
    pub(crate) fn leave(&self) {
        let mut queue = self.queue.lock();
        queue.reading -= 1;
        if queue.closed && queue.reading == 0 {
            self.idle_readers.lock().clear();
        }
        queue.tell_if_ended();
    }

    /// An idle connection for reading, or a new one.
    pub(crate) fn reader(&self) -> Result<Connection, Error> {
        let idle = self.idle_readers.lock().pop();
        idle.map_or_else(|| connection::reader(&self.path), Ok)
    }

    /// An idle connection for reading, if there is one.
    pub(crate) fn idle_reader(&self) -> Option<Connection> {
        self.idle_readers.lock().pop()
    }

    /// Passes a read connection to work on another thread. The log of a closed database is checkpointed by its last
    /// connection.
    pub(crate) fn lend(self: &Arc<Self>) -> WithConnection {
        let open = self.clone();
        Box::new(move |work| {
            if open.enter() {
                if let Ok(connection) = open.reader() {
                    work(&connection);
                    open.give_back(connection);
                }
                open.leave();
            }
        })
    }

    /// Returns a connection to the idle ones.
    pub(crate) fn give_back(&self, reader: Connection) {
        self.idle_readers.lock().push(reader);
    }

    /// Refuses new acts; the queued ones are still done.
    pub(crate) fn start_closing(&self) {
        let mut queue = self.queue.lock();
        self.shut(&mut queue);
    }

    /// Closes the database if no act is queued or running; returns whether it did.
    pub(crate) fn close_if_idle(&self) -> bool {
        let mut queue = self.queue.lock();
        let idle = queue.writes.is_empty() && !queue.in_group && queue.reading == 0;
        if idle {
            self.shut(&mut queue);
        }
        idle
    }

    /// Refuses new acts and waits until the queued and running ones are done.
    pub(crate) async fn close(&self) {
        let (end, ended) = oneshot::channel();
        {
            let mut queue = self.queue.lock();
            self.shut(&mut queue);
            queue.waiting_for_end.push(end);
            queue.tell_if_ended();
        }
        let _ = ended.await;
    }

    fn shut(&self, queue: &mut Queue) {
        queue.closed = true;
        if queue.reading == 0 {
            self.idle_readers.lock().clear();
        }
        self.work.notify_all();
    }
}

//! Checkpoints: the write-ahead log is copied into the database before it grows large, mostly outside of the writer
//! thread.
//!
//! SQLite restarts its log when all of it was checkpointed. A background thread checkpoints every [`STEP`] pages while
//! the writer continues; since a busy writer always leaves some pages, the writer checkpoints the rest itself at
//! [`MAX_PAGES`] pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;

use parking_lot::Mutex;
use rusqlite::Connection;

/// Pages (4 KiB each) after which the log is checkpointed in the background: 4 MiB.
const STEP: u32 = 1000;
/// Pages after which the writer itself checkpoints the rest: 16 MiB.
const MAX_PAGES: u32 = 4000;

/// The checkpoint thread, started on demand.
#[derive(Debug, Default)]
pub(crate) struct Checkpoints(Mutex<Option<mpsc::Sender<Request>>>);

struct Request {
    /// Runs the checkpoint with a connection of the database, unless it was closed meanwhile.
    with_connection: WithConnection,
    running: Arc<AtomicBool>,
}

/// Calls a function with a read connection of an open database.
pub(crate) type WithConnection = Box<dyn FnOnce(&dyn Fn(&Connection)) + Send>;

impl Checkpoints {
    fn request(&self, request: Request) {
        let mut sender = self.0.lock();
        let running = request.running.clone();
        running.store(true, Ordering::SeqCst);
        let sent = match sender.as_ref() {
            Some(thread) => thread.send(request).is_ok(),
            None => {
                let (requests, inbox) = mpsc::channel();
                let started = std::thread::Builder::new()
                    .name("db-checkpoint".to_owned())
                    .stack_size(1 << 19)
                    .spawn(move || serve(&inbox));
                let sent = started.is_ok() && requests.send(request).is_ok();
                *sender = Some(requests);
                sent
            }
        };
        if !sent {
            // The thread cannot be started: the writer checkpoints the log itself at [`MAX_PAGES`] pages.
            *sender = None;
            running.store(false, Ordering::SeqCst);
        }
    }
}

fn serve(inbox: &mpsc::Receiver<Request>) {
    for Request {
        with_connection,
        running,
    } in inbox
    {
        with_connection(&passive);
        running.store(false, Ordering::SeqCst);
    }
}

/// Checkpoints without blocking readers or the writer.
fn passive(connection: &Connection) {
    if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        tracing::warn!(error = &error as &dyn std::error::Error, "a checkpoint failed");
    }
}

/// The write-ahead log of one database, used by its writer.
pub(crate) struct Log {
    /// Pages in the log after the last commit.
    pages: Arc<AtomicU32>,
    running: Arc<AtomicBool>,
    /// Pages at which the next checkpoint is requested.
    next: u32,
}

impl Log {
    /// Watches the log of a connection, which disables SQLite's automatic checkpoints.
    pub(crate) fn watch(connection: &mut Connection) -> Self {
        let pages = Arc::<AtomicU32>::default();
        let counting = pages.clone();
        let watched = connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count: std::ffi::c_int| {
            counting.store(u32::try_from(count).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }));
        if let Err(error) = watched {
            // SQLite's automatic checkpoints remain enabled then.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the log of a database cannot be watched"
            );
        }
        Self {
            pages,
            running: Arc::default(),
            next: STEP,
        }
    }

    /// Called after each commit; checkpoints the log if it is large.
    pub(crate) fn checkpoint_if_large(
        &mut self,
        checkpoints: &Checkpoints,
        connection: &Connection,
        lend: impl FnOnce() -> WithConnection,
    ) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages + STEP < self.next {
            // The log was restarted.
            self.next = STEP;
        }
        if pages < self.next || self.running.load(Ordering::SeqCst) {
            return;
        }
        if pages >= MAX_PAGES {
            passive(connection);
        } else {
            checkpoints.request(Request {
                with_connection: lend(),
                running: self.running.clone(),
            });
        }
        self.next = pages + STEP;
    }
}

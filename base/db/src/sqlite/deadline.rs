//! Time limit of a read. SQLite's progress handler, called on the thread of the read, checks it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Error;

/// SQLite virtual machine instructions between two checks: some tenths of a millisecond.
const STEPS: std::ffi::c_int = 20_000;

thread_local! {
    static END: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Installs the progress handler on a connection.
pub(crate) fn install(connection: &mut Connection) -> Result<(), Error> {
    let passed = || END.get().is_some_and(|end| Instant::now() > end);
    connection
        .progress_handler(STEPS, Some(passed))
        .map_err(|error| Error::engine("tune a connection", error))
}

/// Runs work with a time limit.
pub(crate) fn within<T>(time: Duration, work: impl FnOnce() -> T) -> T {
    END.set(Instant::now().checked_add(time));
    let done = work();
    END.set(None);
    done
}

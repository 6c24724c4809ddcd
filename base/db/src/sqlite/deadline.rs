//! The end of a read's time. SQLite asks now and then, on the thread of the read, whether to go on.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Error;

/// Steps of SQLite's machine between two questions: some tenths of a millisecond.
const STEPS: std::ffi::c_int = 20_000;

thread_local! {
    static END: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Makes a connection ask.
pub(crate) fn heed(connection: &mut Connection) -> Result<(), Error> {
    let passed = || END.get().is_some_and(|end| Instant::now() > end);
    connection
        .progress_handler(STEPS, Some(passed))
        .map_err(|error| Error::engine("tune a connection", error))
}

/// Runs work that is to end in time.
pub(crate) fn within<T>(time: Duration, work: impl FnOnce() -> T) -> T {
    END.set(Instant::now().checked_add(time));
    let done = work();
    END.set(None);
    done
}

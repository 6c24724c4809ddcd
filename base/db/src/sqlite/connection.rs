//! Connections to SQLite files and their pragmas.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{deadline, functions};
use crate::Error;

/// Maximum number of prepared statements per connection.
const STATEMENTS: usize = 96;

/// SQLite's busy timeout; only another process or a checkpoint of this one can hold a lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Opens an existing file for writing.
pub(crate) fn writer(path: &Path) -> Result<Connection, Error> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    run(
        &connection,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -4096;
         PRAGMA journal_size_limit = 33554432; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

/// Opens an existing file for reading.
pub(crate) fn reader(path: &Path) -> Result<Connection, Error> {
    // Read-write, because a reader may be the first to open a file after a crash, and then recovers its log.
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    run(
        &connection,
        "PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;",
    )?;
    deadline::install(&mut connection)?;
    Ok(connection)
}

/// Opens a file for migrations, creating it if missing. Foreign keys are checked at the end of a migration, not during
/// it, because a table is changed by creating a new one and dropping the old.
pub(crate) fn migrator(path: &Path) -> Result<Connection, Error> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    run(&connection, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;")?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| Error::engine("open a database", error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Plans must depend on the text of a statement alone: otherwise SQLite re-prepares statements whose plan could
    // depend on bound values each time.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|error| Error::engine("tune a connection", error))?;
    functions::add(&connection)?;
    connection
        .busy_timeout(LOCK_WAIT)
        .map_err(|error| Error::engine("open a database", error))?;
    Ok(connection)
}

fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection
        .execute_batch(sql)
        .map_err(|error| Error::engine("tune a connection", error))
}

//! The files of databases: create, list, migrate (after a copy), delete.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::disk::{fault, remove, sync};
use super::statement::{SqliteSession, batch, describe};
use super::{connection, snapshots};
use crate::shared::Shared;
use crate::{Error, Migration, Schema, Tx, internal, names};

/// Creates a database, or migrates an existing one.
pub(crate) fn create(folder: &Path, path: &Path, name: &str, shared: &Arc<Shared>) -> Result<(), Error> {
    let _lock = lock(folder)?;
    if path.exists() {
        return migrate(folder, path, name, shared);
    }
    // Created under another name and renamed, so that the file is only visible when complete.
    let draft = path.with_extension("db.new");
    remove(&draft)?;
    remove(path)?;
    let connection = connection::migrator(&draft)?;
    apply(&connection, shared, &shared.migrations.pending(name, &[])?)?;
    batch(&connection, "PRAGMA journal_mode = WAL")?;
    drop(connection);
    fs::rename(&draft, path).map_err(fault("name a new database"))?;
    sync(folder)
}

/// Deletes a database and its copies.
pub(crate) fn remove_all(folder: &Path, name: &str) -> Result<(), Error> {
    remove(&folder.join(names::to_file(name)))?;
    snapshots::delete_old(folder, name, 0)
}

/// The databases of a folder, sorted.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault("list databases"))? {
        let file = entry.map_err(fault("list databases"))?.file_name();
        found.extend(file.to_str().and_then(names::from_file));
    }
    found.sort();
    Ok(found)
}

/// Migrates every database of a folder.
pub(crate) fn migrate_all(folder: &Path, shared: &Arc<Shared>) -> Result<(), Error> {
    let _lock = lock(folder)?;
    for name in names(folder)? {
        migrate(folder, &folder.join(names::to_file(&name)), &name, shared)?;
    }
    Ok(())
}

fn migrate(folder: &Path, path: &Path, name: &str, shared: &Arc<Shared>) -> Result<(), Error> {
    let connection = connection::migrator(path)?;
    let pending = shared.migrations.pending(name, &applied(&connection)?)?;
    if pending.is_empty() {
        return Ok(());
    }
    snapshots::take(&connection, folder, name, shared.clock.now())?;
    tracing::info!(database = name, steps = pending.len(), "migrating");
    apply(&connection, shared, &pending)?;
    snapshots::delete_old(folder, name, snapshots::MAX_COPIES)
}

fn applied(connection: &Connection) -> Result<Vec<String>, Error> {
    let fault = |error| describe(connection, error);
    batch(connection, internal::APPLIED)?;
    let mut names = connection.prepare("SELECT name FROM _migrations").map_err(fault)?;
    names
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(fault)
}

/// Applies migrations in one transaction.
fn apply(connection: &Connection, shared: &Arc<Shared>, pending: &[Migration]) -> Result<(), Error> {
    batch(connection, "BEGIN IMMEDIATE")?;
    let done = apply_each(connection, shared, pending).and_then(|()| batch(connection, "COMMIT"));
    if done.is_err() && !connection.is_autocommit() {
        batch(connection, "ROLLBACK")?;
    }
    done
}

fn apply_each(connection: &Connection, shared: &Arc<Shared>, pending: &[Migration]) -> Result<(), Error> {
    let fault = |error| describe(connection, error);
    batch(connection, internal::APPLIED)?;
    // Unused: the name is only needed for reply reservations, which migrations do not make.
    let name = Arc::from("");
    for migration in pending {
        let mut session = SqliteSession(connection);
        let mut schema = Schema::new(Tx::new(&mut session, &shared.options, shared.clock.now(), &name));
        (migration.up)(&mut schema)?;
        connection
            .execute("INSERT INTO _migrations (name) VALUES (?1)", [migration.name])
            .map_err(fault)?;
    }
    let broken = connection
        .prepare("PRAGMA foreign_key_check")
        .and_then(|mut check| check.exists([]))
        .map_err(fault)?;
    if broken {
        Err(Error::Reference(" after a migration".to_owned()))
    } else {
        Ok(())
    }
}

/// File lock held while files are created or migrated, so that two processes do not do it at the same time.
fn lock(folder: &Path) -> Result<File, Error> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(".lock"));
    let file = file.map_err(fault("lock the folder of databases"))?;
    file.lock().map_err(fault("lock the folder of databases"))?;
    Ok(file)
}

//! Copies of a database made before its migrations: `snapshots/<milliseconds>.<file>`, for manual recovery.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use kernel::Timestamp;
use rusqlite::Connection;

use super::disk::{fault, make_folder, remove, sync};
use crate::{Error, names};

/// Number of copies kept per database.
pub(crate) const MAX_COPIES: usize = 3;

/// Copies a database.
pub(crate) fn take(connection: &Connection, folder: &Path, name: &str, now: Timestamp) -> Result<(), Error> {
    let context = "copy a database before its migration";
    let snapshots = folder.join("snapshots");
    make_folder(&snapshots).map_err(fault(context))?;
    let target = snapshots.join(format!("{:015}.{}", now.millis(), names::to_file(name)));
    // Left over from an interrupted copy.
    remove(&target)?;
    let copied = connection.execute("VACUUM INTO ?1", [target.to_string_lossy()]);
    copied.map_err(|error| Error::engine(context, error))?;
    File::open(&target)
        .and_then(|file| file.sync_all())
        .map_err(fault(context))?;
    sync(&snapshots)
}

/// Deletes all but the newest `count` copies of a database.
pub(crate) fn delete_old(folder: &Path, name: &str, count: usize) -> Result<(), Error> {
    let mut copies = copies(folder, name)?;
    copies.sort();
    let old = copies.len().saturating_sub(count);
    copies[..old].iter().try_for_each(|copy| remove(copy))
}

fn copies(folder: &Path, name: &str) -> Result<Vec<PathBuf>, Error> {
    let own = names::to_file(name);
    let entries = match fs::read_dir(folder.join("snapshots")) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(fault("list copies of databases"))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(fault("list copies of databases"))?.path();
        let file = path
            .file_name()
            .and_then(|file| file.to_str())
            .and_then(|file| file.split_once('.'));
        if file.is_some_and(|(_, file)| file == own) {
            found.push(path);
        }
    }
    Ok(found)
}

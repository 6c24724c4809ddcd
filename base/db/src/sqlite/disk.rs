//! Files and folders: made, deleted and synced.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

pub(super) fn fault(context: &'static str) -> impl Fn(io::Error) -> Error {
    move |error| Error::engine(context, error)
}

/// Makes a folder that only this program's user may look into.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Deletes a file and what SQLite keeps beside it; no error if there is nothing.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    // The database goes first: a log without its database is nothing, a database without its log has lost writes.
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        match fs::remove_file(PathBuf::from(file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault("remove a database")(error)),
            _ => {}
        }
    }
    path.parent().map_or(Ok(()), sync)
}

/// Makes the names in a folder durable.
pub(super) fn sync(folder: &Path) -> Result<(), Error> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(fault("sync a folder"))
}

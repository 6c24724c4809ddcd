//! Files and folders: create, delete, sync.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

pub(super) fn fault(context: &'static str) -> impl Fn(io::Error) -> Error {
    move |error| Error::engine(context, error)
}

/// Creates a folder with mode 0700.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Deletes a database file and SQLite's files beside it; succeeds if there are none.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    // The database is deleted first: a log without its database is harmless, a database without its log has lost
    // writes.
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

/// Makes created and deleted names in a folder durable.
pub(super) fn sync(folder: &Path) -> Result<(), Error> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(fault("sync a folder"))
}

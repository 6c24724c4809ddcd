//! The server's secret in the data folder: generated at the first start, in a file that only its owner can read.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Reads the secret in a data folder; generates it if the file does not exist. Fails if it is shorter than 32 bytes.
pub(crate) fn load_or_create(data: &Path) -> std::io::Result<String> {
    let path = data.join("secret");
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            let secret = secrets::random::base64url::<48>();
            file.write_all(secret.as_bytes())?;
            // Without this secret all data sealed under it is lost, so it must be on disk before it is used.
            file.sync_all()?;
            std::fs::File::open(data)?.sync_all()?;
            Ok(secret)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut secret = String::new();
            std::fs::File::open(&path)?.read_to_string(&mut secret)?;
            let secret = secret.trim().to_owned();
            if secret.len() < 32 {
                let text = format!(
                    "{} holds no secret; restore it from a backup, or remove it if there is no data yet",
                    path.display()
                );
                return Err(std::io::Error::new(ErrorKind::InvalidData, text));
            }
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

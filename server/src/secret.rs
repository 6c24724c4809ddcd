//! The server's secret: from the settings, or made at the first start and kept in the data folder, readable by its owner.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Reads the secret in a data folder; makes it at the first start.
pub(crate) fn load_or_create(data: &Path) -> std::io::Result<String> {
    let path = data.join("secret");
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            let secret = secrets::random::base64url::<48>();
            file.write_all(secret.as_bytes())?;
            // Everything sealed under it would be lost with it.
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

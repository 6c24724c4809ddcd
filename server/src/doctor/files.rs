//! Checks of the data folder, the secret in it, and the free space of its disk.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::{Access, access, statvfs};

use super::{Finding, fail, ok, warn};
use crate::settings::Settings;

/// Free bytes below which a warning is reported ([`WARN_BELOW`], 1 GiB) or a failure ([`FAIL_BELOW`], 100 MiB).
const WARN_BELOW: u64 = 1 << 30;
const FAIL_BELOW: u64 = 100 << 20;

/// The data folder, or its nearest ancestor that exists.
fn nearest(data: &Path) -> &Path {
    let existing = data.ancestors().find(|folder| folder.exists());
    existing
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

pub(super) fn data_folder(data: &Path) -> Finding {
    let (name, folder) = (format!("data folder {}", data.display()), nearest(data));
    if !folder.is_dir() {
        let fix = format!("{} is a file; set FERRITE_DATA to a folder", folder.display());
        return fail(format!("{name}: no folder"), fix);
    }
    if access(folder, Access::WRITE_OK | Access::READ_OK | Access::EXEC_OK).is_err() {
        let fix = format!(
            "let the user who runs Ferrite read and write {}, or set FERRITE_DATA",
            folder.display()
        );
        return fail(format!("{name}: not writable"), fix);
    }
    if data.exists() {
        ok(format!("{name}: can be written to"))
    } else {
        ok(format!("{name}: not there yet, created at the first start"))
    }
}

pub(super) fn secret(settings: &Settings) -> Finding {
    if let Some(secret) = &settings.secret {
        return if secret.len() < 32 {
            warn(
                "secret: from the settings, and short",
                "use at least 32 random characters: openssl rand -base64 48",
            )
        } else {
            ok("secret: from the settings")
        };
    }
    let path = settings.data.join("secret");
    let name = format!("secret {}", path.display());
    let Ok(metadata) = path.metadata() else {
        let has_data = settings.data.join("projects").join("console.db").exists();
        return if has_data {
            fail(
                format!("{name}: not there, but data is"),
                "restore the secret from a backup: data encrypted with it (keys, tokens) cannot be decrypted without it",
            )
        } else {
            ok(format!(
                "{name}: not there yet, created at the first start; keep a copy of it then"
            ))
        };
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return fail(
            format!("{name}: others can read it (mode {mode:o})"),
            format!("chmod 600 {}", path.display()),
        );
    }
    match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= 32 => ok(format!("{name}: readable by its owner alone")),
        Ok(_) => fail(
            format!("{name}: contains no secret"),
            "restore it from a backup, or remove it if there is no data yet",
        ),
        Err(error) => fail(format!("{name}: {error}"), "run as the user who owns the file"),
    }
}

pub(super) fn free_space(data: &Path) -> Finding {
    let Ok(disk) = statvfs(nearest(data)) else {
        return warn(
            "disk: its free space cannot be read",
            "check with df that there is enough",
        );
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let what = format!("disk: {} MiB free", free >> 20);
    match free {
        ..FAIL_BELOW => fail(what, "free disk space: without it writes fail"),
        FAIL_BELOW..WARN_BELOW => warn(what, "free disk space soon, or move the data folder"),
        _ => ok(what),
    }
}

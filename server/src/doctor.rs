//! `ferrite doctor`: checks everything that the server needs and prints remedies. It changes nothing.

mod files;
mod parts;

use std::fmt;

use kernel::Clock;

use crate::settings::{BadSetting, Settings};

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The check passed.
    Ok,
    /// The server works, but the setting may be unintended or unsafe.
    Warn,
    /// The server will not start or will not work.
    Fail,
}

/// Result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Severity.
    pub level: Level,
    /// Subject of the finding, and its state.
    pub what: String,
    /// Remedy; empty if none is needed.
    pub fix: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok  ",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        write!(f, "{level}  {}", self.what)?;
        if self.fix.is_empty() {
            Ok(())
        } else {
            write!(f, "  — {}", self.fix)
        }
    }
}

pub(crate) fn ok(what: impl Into<String>) -> Finding {
    Finding {
        level: Level::Ok,
        what: what.into(),
        fix: String::new(),
    }
}

pub(crate) fn warn(what: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding {
        level: Level::Warn,
        what: what.into(),
        fix: fix.into(),
    }
}

pub(crate) fn fail(what: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding {
        level: Level::Fail,
        what: what.into(),
        fix: fix.into(),
    }
}

/// Finding for settings that cannot be read.
pub fn unreadable(error: &BadSetting) -> Finding {
    fail(
        format!("settings: {error}"),
        "correct it; `ferrite --help` names every setting",
    )
}

/// Runs all checks of the settings.
pub async fn examine(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let mut found = vec![ok("settings: all of them can be read")];
    found.push(files::data_folder(&settings.data));
    found.push(files::secret(settings));
    found.push(files::free_space(&settings.data));
    found.extend(parts::database_and_clock(settings, clock).await);
    found.push(parts::bus(settings).await);
    found.push(parts::listen(settings));
    found.push(parts::public_url(settings));
    found.push(parts::proxies(settings));
    found.push(parts::providers(settings));
    found.push(parts::countries(settings));
    found.push(parts::mail(settings).await);
    found.extend(parts::dev_settings(settings));
    found
}

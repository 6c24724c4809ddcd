//! Verification of addresses and numbers: the user returns a secret that was sent there.

pub(crate) mod email;
pub(crate) mod phone;

use std::time::Duration;

/// Validity of a link or a code.
const LIFE: Duration = Duration::from_secs(60 * 60);

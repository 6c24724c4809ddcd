//! Verification: what is sent to an address comes back, so the address is the user's.

pub(crate) mod email;
pub(crate) mod phone;

use std::time::Duration;

/// How long a link or a code holds.
const LIFE: Duration = Duration::from_secs(60 * 60);

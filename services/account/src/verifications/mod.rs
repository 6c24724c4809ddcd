//! Verification: what is sent to an address comes back, so the address is the user's.

pub(crate) mod email;
pub(crate) mod phone;

use std::time::Duration;

/// Validity of a link or a code.
const LIFE: Duration = Duration::from_secs(60 * 60);

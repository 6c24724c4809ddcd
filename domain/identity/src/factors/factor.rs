//! The second factors, and the lock on a user's factors.

use db::Tx;

use crate::Result;
use crate::ids::UserId;

kernel::choices! {
    /// A second factor, by its name in challenges and sessions.
    pub enum Factor {
        /// A code by e-mail.
        Email = "email",
        /// A code by SMS.
        Phone = "phone",
        /// A code of an authenticator app.
        Totp = "totp",
        /// A recovery code.
        RecoveryCode = "recoverycode",
    }
}

db::text_value!(Factor, Factor::parse);

/// Locks a user's factors until the transaction ends, so that a single-use code is not accepted twice.
pub(super) fn lock(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    Ok(tx.lock(&format!("factors {user}"))?)
}

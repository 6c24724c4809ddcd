//! The second factors, and the lock on those of a user.

use db::Tx;

use crate::Result;
use crate::ids::UserId;

kernel::choices! {
    /// A second factor, by the names of challenges and sessions.
    pub enum Factor {
        /// A code by e-mail.
        Email = "email",
        /// A code by SMS.
        Phone = "phone",
        /// A code of an authenticator app.
        Totp = "totp",
        /// One of the codes that the user wrote down.
        RecoveryCode = "recoverycode",
    }
}

db::text_value!(Factor, Factor::parse);

/// One at a time changes or uses the factors of a user, so that nothing that is good once is used twice.
pub(super) fn lock(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    Ok(tx.lock(&format!("factors {user}"))?)
}

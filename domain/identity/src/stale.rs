//! The note that what is cached of a user is stale.

use db::Tx;

use crate::ids::UserId;

/// The topic of [`touch`].
pub const TOPIC: &str = "user";

/// Says, once the act is committed, that what is remembered of a user is stale.
pub fn touch(tx: &mut Tx<'_>, user: &UserId) {
    tx.note(TOPIC, user.as_str());
}

//! Invalidation of cached users.

use db::Tx;

use crate::ids::UserId;

/// The topic of [`touch`].
pub const TOPIC: &str = "user";

/// Notes that cached data of a user is stale; caches are invalidated after commit.
pub fn touch(tx: &mut Tx<'_>, user: &UserId) {
    tx.note(TOPIC, user.as_str());
}

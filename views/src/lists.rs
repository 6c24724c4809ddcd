//! Lists: a page of things and how many there are.

use crate::{DevKey, Identity, Key, Log, Membership, Session, Target, Team, User};

macro_rules! lists {
    ($($(#[doc = $doc:literal])* $name:ident as $wire:literal { $field:ident: $item:ty = $key:literal })*) => { $(
        api::model! {
            $(#[doc = $doc])*
            pub struct $name as $wire {
                /// Number of all matching entries, of which these are a page.
                total: i64 = "total",
                /// The page.
                $field: Vec<$item> = $key,
            }
        }
    )* };
}

lists! {
    /// Users.
    UserList as "userList" { users: User = "users" }
    /// Sessions.
    SessionList as "sessionList" { sessions: Session = "sessions" }
    /// Identities.
    IdentityList as "identityList" { identities: Identity = "identities" }
    /// Entries of the audit log.
    LogList as "logList" { logs: Log = "logs" }
    /// Places that messages reach.
    TargetList as "targetList" { targets: Target = "targets" }
    /// Teams.
    TeamList as "teamList" { teams: Team = "teams" }
    /// Memberships.
    MembershipList as "membershipList" { memberships: Membership = "memberships" }
    /// Keys of servers.
    KeyList as "keyList" { keys: Key = "keys" }
    /// Keys of developers.
    DevKeyList as "devKeyList" { dev_keys: DevKey = "devKeys" }
}

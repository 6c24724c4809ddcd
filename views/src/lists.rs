//! Lists: a page of items and their total.

use crate::{DevKey, Identity, Key, Log, Membership, Session, Target, Team, User};

macro_rules! lists {
    ($($(#[doc = $doc:literal])* $name:ident as $wire:literal { $field:ident: $item:ty = $key:literal })*) => { $(
        api::model! {
            $(#[doc = $doc])*
            pub struct $name as $wire {
                /// Total number of matching items.
                total: i64 = "total",
                /// Items of the page.
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
    /// Message targets.
    TargetList as "targetList" { targets: Target = "targets" }
    /// Teams.
    TeamList as "teamList" { teams: Team = "teams" }
    /// Memberships.
    MembershipList as "membershipList" { memberships: Membership = "memberships" }
    /// API keys.
    KeyList as "keyList" { keys: Key = "keys" }
    /// Development keys.
    DevKeyList as "devKeyList" { dev_keys: DevKey = "devKeys" }
}

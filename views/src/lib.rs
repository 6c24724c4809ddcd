//! JSON models of users, sessions, identities, teams and related objects.
//!
//! `account` returns a user to themselves, `users` to servers, `teams` to other members. The models that they share are
//! declared here once. Field names are exactly those of the SDKs.
//!
//! Not here: visibility, which the services decide; models of a single service.

mod client;
mod factors;
mod hashes;
mod identities;
mod keys;
mod lists;
mod logs;
mod preferences;
mod session_opener;
mod sessions;
mod targets;
mod teams;
mod tokens;
mod usage;
mod users;

pub use factors::{Factors, RecoveryCodes, factors};
pub use hashes::HashOptions;
pub use identities::{Identity, identity};
pub use keys::{DevKey, Key, dev_key, key};
pub use lists::{
    DevKeyList, IdentityList, KeyList, LogList, MembershipList, SessionList, TargetList, TeamList, UserList,
};
pub use logs::{Log, log};
pub use preferences::Preferences;
pub use session_opener::SessionOpener;
pub use sessions::{Session, record_session_event, session};
pub use targets::{Target, record_target_event, target};
pub use teams::{Member, Membership, Team, membership, team};
pub use tokens::{Jwt, Token, token};
pub use usage::{Metric, metrics};
pub use users::{Account, User, account, user};

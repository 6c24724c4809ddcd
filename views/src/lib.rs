//! How people look from outside: users, sessions, identities, teams and what belongs to them, as JSON.
//!
//! `account` shows a user to themselves, `users` to servers, `teams` to other members. What they share of it is here, so
//! that a field is spelled once. Names are exactly those that the SDKs read.
//!
//! Not here: who may see what, which is the services' to decide; what one service shows alone.

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

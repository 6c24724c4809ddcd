//! Users, their sessions and factors, and the teams they belong to.
//!
//! A user signs in with a password, a token or an OAuth2 provider, and gets a session. An identity links a user to an
//! account at another service. Teams group users in roles. The services `account` (the user's own view) and `users`
//! (the server's view) both build on this crate.
//!
//! Not here: HTTP, cookies, mail; the OAuth2 protocol (`oauth`); hashing itself (`secrets`).

pub mod attempts;
pub mod audit;
pub mod error;
pub mod factors;
pub mod identities;
pub mod ids;
pub mod linking;
mod membership;
pub mod memberships;
pub mod migrations;
pub mod password;
pub mod people;
pub mod policy;
pub mod roles;
pub mod sessions;
mod stale;
pub mod targets;
mod team;
pub mod teams;
pub mod tokens;
pub mod tombstones;
pub mod usage;
pub mod users;

pub use error::{
    AttemptError, EmailError, Error, FactorError, IdentityError, MembershipError, PasswordError, PhoneError,
    PolicyError, SessionError, TargetError, TeamError, TokenError, UserError,
};
pub use factors::Factor;
pub use ids::{
    AttemptId, AuthenticatorId, ChallengeId, IdentityId, MembershipId, SessionId, TargetId, TeamId, TokenId, UserId,
};
pub use people::{People, Person};
pub use policy::Policy;

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Address, user agent and country of a request, as sessions, tokens and the audit log store them.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The client's address.
    pub ip: String,
    /// The `User-Agent` header, cut to 512 bytes.
    pub user_agent: String,
    /// ISO 3166 code in lower case, `--` when unknown.
    pub country: String,
}

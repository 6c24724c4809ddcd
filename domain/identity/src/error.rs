//! Errors of users, sessions, teams and their parts: one enum per noun, and their sum.

mod attempt;
mod email;
mod factor;
mod identity;
mod membership;
mod password;
mod phone;
mod policy;
mod session;
mod target;
mod team;
mod token;
mod user;

use kernel::{Fault, Kind};

pub use attempt::AttemptError;
pub use email::EmailError;
pub use factor::FactorError;
pub use identity::IdentityError;
pub use membership::MembershipError;
pub use password::PasswordError;
pub use phone::PhoneError;
pub use policy::PolicyError;
pub use session::SessionError;
pub use target::TargetError;
pub use team::TeamError;
pub use token::TokenError;
pub use user::UserError;

/// A refusal, or a failure of the database.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
#[expect(
    missing_docs,
    reason = "each variant is named after the noun that its error is about"
)]
pub enum Error {
    Attempt(#[from] AttemptError),
    Email(#[from] EmailError),
    Factor(#[from] FactorError),
    Identity(#[from] IdentityError),
    Membership(#[from] MembershipError),
    Password(#[from] PasswordError),
    Phone(#[from] PhoneError),
    Policy(#[from] PolicyError),
    Session(#[from] SessionError),
    Target(#[from] TargetError),
    Team(#[from] TeamError),
    Token(#[from] TokenError),
    User(#[from] UserError),
    Open(#[from] secrets::OpenError),
    Db(#[from] db::Error),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Attempt(error) => error.kind(),
            Self::Email(error) => error.kind(),
            Self::Factor(error) => error.kind(),
            Self::Identity(error) => error.kind(),
            Self::Membership(error) => error.kind(),
            Self::Password(error) => error.kind(),
            Self::Phone(error) => error.kind(),
            Self::Policy(error) => error.kind(),
            Self::Session(error) => error.kind(),
            Self::Target(error) => error.kind(),
            Self::Team(error) => error.kind(),
            Self::Token(error) => error.kind(),
            Self::User(error) => error.kind(),
            Self::Open(_) => Kind::Broken,
            Self::Db(error) => error.kind(),
        }
    }
}

//! Errors of teams.

use kernel::{Fault, Kind};

/// An error of teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum TeamError {
    #[error("Team with the requested ID could not be found.")]
    NotFound,
    #[error("A team with the same ID already exists.")]
    Exists,
    #[error("This ID belonged to a deleted team, and permissions still name it. Choose another ID.")]
    IdNamed,
    #[error("Only an owner of the team may do this.")]
    NotAnOwner,
}

impl Fault for TeamError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("team_not_found"),
            Self::Exists | Self::IdNamed => Kind::Conflict("team_already_exists"),
            Self::NotAnOwner => Kind::Denied("user_unauthorized"),
        }
    }
}

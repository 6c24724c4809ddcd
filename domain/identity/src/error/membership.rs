//! Errors of memberships and invitations.

use kernel::{Fault, Kind};

/// An error of memberships and invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum MembershipError {
    #[error("Membership with the requested ID could not be found.")]
    NotFound,
    #[error("The membership belongs to another team.")]
    Mismatch,
    #[error("The user is a member of the team already.")]
    Confirmed,
    #[error("The requested team invitation could not be found.")]
    InviteNotFound,
    #[error("The team invitation's secret is wrong, or it was sent anew.")]
    InvitationInvalid,
    #[error("The invitation belongs to another user.")]
    InvitationOfAnother,
    #[error("There must be at least one owner in the organization.")]
    LastOwner,
    #[error("The last owner of an organization must stay its owner.")]
    LastOwnerDowngrade,
}

impl Fault for MembershipError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::Missing("membership_not_found"),
            Self::Mismatch => Kind::Missing("team_membership_mismatch"),
            Self::Confirmed => Kind::Conflict("membership_already_confirmed"),
            Self::InviteNotFound => Kind::Missing("team_invite_not_found"),
            Self::InvitationInvalid => Kind::Denied("team_invalid_secret"),
            Self::InvitationOfAnother => Kind::Denied("team_invite_mismatch"),
            Self::LastOwner => Kind::Invalid("membership_deletion_prohibited"),
            Self::LastOwnerDowngrade => Kind::Invalid("membership_downgrade_prohibited"),
        }
    }
}

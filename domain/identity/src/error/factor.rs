//! Errors of second factors.

use kernel::{Fault, Kind};

/// An error of second factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum FactorError {
    #[error("Complete a challenge before you do this, and do it within half an hour of that.")]
    ChallengeRequired,
    #[error("The authenticator could not be found.")]
    AuthenticatorNotFound,
    #[error("The authenticator is verified already.")]
    AuthenticatorVerified,
    #[error("Recovery codes were made already.")]
    RecoveryCodesExist,
    #[error("No recovery codes were made yet.")]
    RecoveryCodesNotFound,
}

impl Fault for FactorError {
    fn kind(&self) -> Kind {
        match self {
            Self::ChallengeRequired => Kind::Denied("user_challenge_required"),
            Self::AuthenticatorNotFound => Kind::Missing("user_authenticator_not_found"),
            Self::AuthenticatorVerified => Kind::Conflict("user_authenticator_already_verified"),
            Self::RecoveryCodesExist => Kind::Conflict("user_recovery_codes_already_exists"),
            Self::RecoveryCodesNotFound => Kind::Missing("user_recovery_codes_not_found"),
        }
    }
}

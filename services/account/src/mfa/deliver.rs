//! Sending the code of a challenge to the user.

use api::{Act, Result};
use identity::Factor;
use identity::users::User;
use kernel::{Fault, Kind};

/// Sends a code by the way of a factor.
pub(super) fn deliver(_act: &mut Act<'_, '_>, _user: &User, factor: Factor, _code: &str) -> Result<()> {
    match factor {
        Factor::Email => Err(Undeliverable::NoMail.into()),
        Factor::Phone => Err(Undeliverable::NoSms.into()),
        Factor::Totp | Factor::RecoveryCode => Ok(()),
    }
}

/// Why a code cannot be sent.
#[derive(Debug, thiserror::Error)]
enum Undeliverable {
    #[error("This server sends no mail, so that no code can be sent by it.")]
    NoMail,
    #[error("This server sends no text messages, so that no code can be sent by them.")]
    NoSms,
}

impl Fault for Undeliverable {
    fn kind(&self) -> Kind {
        match self {
            Self::NoMail => Kind::Unavailable("general_smtp_disabled"),
            Self::NoSms => Kind::Unavailable("general_phone_disabled"),
        }
    }
}

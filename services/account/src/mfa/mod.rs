//! Second factors: setup and verification by the user.
//!
//! `api::guard` checks whether a session has enough factors; `identity::factors` counts them.

pub(crate) mod authenticators;
pub(crate) mod challenges;
mod deliver;
mod model;
pub(crate) mod recovery_codes;

use api::{Act, Call, Result};
use identity::factors::{self, Factor};
use identity::users::{self, User};
use identity::{SessionId, sessions};

use crate::State;
use crate::profile::change;

kernel::params! {
    /// Parameters of a change of the MFA setting.
    pub(crate) struct UpdateMfa {
        /// Whether a second factor is required.
        mfa: bool = "mfa",
    }
}

/// Enables or disables multi-factor authentication for the caller.
pub(crate) async fn update(call: Call<State>, input: UpdateMfa) -> Result<views::Account> {
    let session = call.caller.session().cloned();
    change(&call, move |act, user| {
        user.mfa = input.mfa;
        users::save(act, user)?;
        match session.filter(|_| input.mfa) {
            Some(session) => add_verified_factors(act, user, &session),
            None => Ok(()),
        }
    })
    .await
}

/// Adds the caller's verified factors to the current session, so that enabling MFA does not lock the caller out of it.
fn add_verified_factors(act: &mut Act<'_, '_>, user: &User, session: &SessionId) -> Result<()> {
    let known = factors::of(act, user)?;
    let mut session = sessions::lock(act, &user.id, session)?;
    for (factor, is_verified) in [
        (Factor::Totp, known.totp),
        (Factor::Email, known.email),
        (Factor::Phone, known.phone),
    ] {
        if is_verified {
            factors::add(&mut session, factor);
        }
    }
    Ok(sessions::save(act, &mut session)?)
}

/// Lists the second factors of the caller.
pub(crate) async fn list(call: Call<State>, (): ()) -> Result<views::Factors> {
    let user = call.person()?.user.clone();
    call.read(move |tx| factors::of(tx, &user).map(views::factors)).await
}

//! Challenges: a session requests a second factor and completes it.

use std::sync::Arc;

use api::{Call, Result};
use identity::factors::{self, Factor, challenges};
use identity::users::{self, User};
use identity::{ChallengeId, EmailError, PhoneError, SessionError, TokenError, sessions, tokens};
use kernel::AnyCase;
use kernel::param::Text;
use views::record_session_event;

use super::deliver;
use super::model;
use crate::State;
use crate::tokens::Sending;

kernel::params! {
    /// Parameters of a new challenge.
    pub(crate) struct CreateChallenge {
        /// Factor: `email`, `phone`, `totp` or `recoverycode`.
        factor: AnyCase<Factor> = "factor",
    }
}

/// Creates a challenge; for `email` and `phone` a code is sent.
pub(crate) async fn create(call: Call<State>, input: CreateChallenge) -> Result<model::Challenge> {
    let factor = input.factor.0;
    let session = call.caller.session().cloned().ok_or(SessionError::NotFound)?;
    let caller = call.person()?.user.clone();
    deliver::check(&call, &caller, factor)?;
    let sending = Sending::of(&call);
    call.act(move |act| {
        let user = users::find(act, &caller.id)?;
        let code = match sent_by(&user, factor)? {
            true if factor == Factor::Phone => Some(sending.code_for(user.phone.as_deref().unwrap_or_default())),
            true => Some(tokens::code()),
            false => None,
        };
        let challenge = challenges::create(act, &user.id, &session, factor, code.as_deref())?;
        if let Some(code) = &code {
            deliver::deliver(act, &sending, &user, factor, code, challenge.expire)?;
        }
        let view = model::Challenge {
            id: challenge.id.to_string(),
            created_at: challenge.created_at,
            user_id: user.id.to_string(),
            expire: challenge.expire,
        };
        let payload = serde_json::to_value(&view).unwrap_or_default();
        let subjects = [("userId", user.id.as_str()), ("challengeId", challenge.id.as_str())];
        act.record_event(&subjects, payload)?;
        api::Result::Ok(view)
    })
    .await
}

/// Whether a code is sent for a factor. Codes are sent only to verified addresses and numbers.
fn sent_by(user: &User, factor: Factor) -> identity::Result<bool> {
    match factor {
        Factor::Email if user.email.is_none() => Err(EmailError::NotFound.into()),
        Factor::Email if !user.email_verification => Err(EmailError::NotVerified.into()),
        Factor::Phone if user.phone.is_none() => Err(PhoneError::NotFound.into()),
        Factor::Phone if !user.phone_verification => Err(PhoneError::NotVerified.into()),
        Factor::Email | Factor::Phone => Ok(true),
        Factor::Totp | Factor::RecoveryCode => Ok(false),
    }
}

kernel::params! {
    /// Parameters of a challenge's completion.
    pub(crate) struct UpdateChallenge {
        /// Challenge ID.
        challenge_id: Text<256> = "challengeId",
        /// One-time code or recovery code.
        otp: Text<256> = "otp",
    }
}

/// Completes a challenge. On success the factor is added to the session that created it.
pub(crate) async fn update(call: Call<State>, input: UpdateChallenge) -> Result<views::Session> {
    let challenge = ChallengeId::parse(input.challenge_id.0).ok_or(TokenError::Invalid)?;
    let session = call.caller.session().cloned().ok_or(TokenError::Invalid)?;
    let user = call.person()?.user.id.clone();
    let vault = Arc::clone(&call.app.vault);
    let proven = call
        .act(move |act| {
            // A wrong code returns `Ok(None)` instead of an error, so that the act commits the number of failed
            // attempts.
            let answered = challenges::answer(act, &user, &session, &challenge, &input.otp.0, &vault)?;
            let Some(factor) = answered else { return Ok(None) };
            let mut session = sessions::lock(act, &user, &session)?;
            factors::add(&mut session, factor);
            session.mfa_updated_at = Some(act.now());
            sessions::save(act, &mut session)?;
            record_session_event(act, &session, &vault)?;
            api::Result::Ok(Some(session.into_inner()))
        })
        .await?;
    let session = proven.ok_or(TokenError::Invalid)?;
    Ok(views::session(&session, true, None, &call.app.vault, true)?)
}

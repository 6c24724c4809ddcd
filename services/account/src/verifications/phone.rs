//! Verification of a phone number, by a code.

use api::{Call, Created, Result};
use identity::tokens::{self, Claim, TokenKind};
use identity::{Error, UserId, users};
use kernel::param::Text;
use notifications::SmsTemplate;

use super::LIFE;
use crate::State;
use crate::tokens::{Sending, check_sms, emit_token_event};

/// Sends a code to the caller's number.
pub(crate) async fn create(call: Call<State>, (): ()) -> Result<Created<views::Token>> {
    let person = call.person()?;
    let phone = person.user.phone.clone().ok_or(Error::PhoneNotFound)?;
    check_sms(&call, &phone)?;
    let sending = Sending::of(&call);
    let id = person.user.id.clone();
    let code = sending.code_for(&phone);
    call.act(move |act| {
        let user = users::find(act, &id)?;
        if user.phone.as_ref() != Some(&phone) {
            return Err(api::Error::from(Error::PhoneNotFound));
        }
        if user.phone_verification {
            return Err(Error::PhoneVerified.into());
        }
        let token = sending.token(act, &user, TokenKind::PhoneVerification, &code, LIFE)?;
        sending.sms(act, &user, SmsTemplate::Verification, &code, token.expire)?;
        Ok(Created(views::token(&token, None)))
    })
    .await
}

kernel::params! {
    /// Secret from the message.
    pub(crate) struct UpdatePhoneVerification {
        /// Id of the user.
        user_id: UserId = "userId",
        /// The code.
        secret: Text<256, 1> = "secret",
    }
}

/// Takes the number for the user's.
pub(crate) async fn update(call: Call<State>, input: UpdatePhoneVerification) -> Result<views::Token> {
    let claimed = call.act(move |act| {
        let mut user = users::lock(act, &input.user_id)?;
        // A refusal is an answer here, not an error: the count of wrong guesses must be kept.
        let claim = tokens::claim(act, &user.id, &[TokenKind::PhoneVerification], &input.secret.0)?;
        let Claim::Granted(token) = claim else { return Ok(None) };
        user.phone_verification = true;
        users::save(act, &mut user)?;
        emit_token_event(act, &token)?;
        api::Result::Ok(Some(views::token(&token, None)))
    });
    Ok(claimed.await?.ok_or(Error::InvalidToken)?)
}

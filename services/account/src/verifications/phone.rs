//! Verification of a phone number by a code.

use api::{Call, Created, Result};
use identity::tokens::{self, Claim, TokenKind};
use identity::{PhoneError, TokenError, UserId, users};
use kernel::param::Text;
use notifications::SmsTemplate;

use super::LIFE;
use crate::State;
use crate::tokens::{Recipient, Sending, check_sms, emit_token_event};

/// Sends a code to the caller's number.
pub(crate) async fn create(call: Call<State>, (): ()) -> Result<Created<views::Token>> {
    let person = call.person()?;
    let phone = person.user.phone.clone().ok_or(PhoneError::NotFound)?;
    check_sms(&call, &phone)?;
    let sending = Sending::of(&call);
    let id = person.user.id.clone();
    let code = sending.code_for(&phone);
    call.act(move |act| {
        let user = users::find(act, &id)?;
        if user.phone.as_ref() != Some(&phone) {
            return Err(api::Error::from(PhoneError::NotFound));
        }
        if user.phone_verification {
            return Err(PhoneError::Verified.into());
        }
        let recipient = Recipient::new(user);
        let token = sending.token(act, &recipient, TokenKind::PhoneVerification, &code, LIFE)?;
        sending.sms(act, &recipient.user, SmsTemplate::Verification, &code, token.expire)?;
        Ok(Created(views::token(&token, None)))
    })
    .await
}

kernel::params! {
    /// Parameters of the completion of a verification.
    pub(crate) struct UpdatePhoneVerification {
        /// User ID.
        user_id: UserId = "userId",
        /// Code from the SMS.
        secret: Text<256, 1> = "secret",
    }
}

/// Marks the phone number as verified if the code is valid.
pub(crate) async fn update(call: Call<State>, input: UpdatePhoneVerification) -> Result<views::Token> {
    call.check_guesses().await?;
    let claimed = call.act(move |act| {
        let mut user = users::lock(act, &input.user_id)?;
        // A wrong code returns `Ok(None)` instead of an error, so that the act commits the number of failed attempts.
        let claim = tokens::claim(act, &user.id, &[TokenKind::PhoneVerification], &input.secret.0)?;
        let Claim::Granted(token) = claim else { return Ok(None) };
        user.phone_verification = true;
        users::save(act, &mut user)?;
        emit_token_event(act, &token)?;
        api::Result::Ok(Some(views::token(&token, None)))
    });
    let Some(view) = claimed.await? else {
        call.count_wrong_guess().await;
        return Err(TokenError::Invalid.into());
    };
    Ok(view)
}

//! Sign-in with a code sent by SMS.

use api::{Call, Created, Result};
use identity::sessions::Credential;
use identity::tokens::TokenKind;
use identity::{UserError, UserId};
use kernel::Phone;
use kernel::id::CustomId;
use notifications::SmsTemplate;

use super::email_otp::LIFE;
use super::{Sending, check_sms};
use crate::State;

kernel::params! {
    /// Parameters of a sign-in with a code sent by SMS.
    pub(crate) struct CreatePhoneToken {
        /// ID for a new user if none has this number yet; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// Phone number, E.164.
        phone: Phone = "phone",
    }
}

/// Sends a sign-in code.
pub(crate) async fn create(call: Call<State>, input: CreatePhoneToken) -> Result<Created<views::Token>> {
    check_sms(&call, input.phone.as_str())?;
    let sending = Sending::of(&call);
    let id = input.user_id.or_generate(call.now());
    call.check_role_is_free(format!("user:{id}"), UserError::IdNamed)
        .await?;
    let code = sending.code_for(input.phone.as_str());
    let privileged = call.caller.is_privileged();
    call.act(move |act| {
        let user = sending.user_of_phone(act, id, &input.phone)?;
        let token = sending.token(act, &user, TokenKind::Phone, &code, LIFE)?;
        sending.sms(act, &user, SmsTemplate::Login, &code, token.expire)?;
        // Servers receive the code encoded like a session secret, as in Appwrite; only this endpoint does so.
        let visible_secret = privileged.then(|| {
            let wrapped = Credential {
                id: user.id.to_string(),
                secret: code.clone(),
            };
            wrapped.encode()
        });
        api::Result::Ok(Created(views::token(&token, visible_secret)))
    })
    .await
}

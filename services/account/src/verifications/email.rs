//! Verification of an e-mail address by a link.

use api::{Call, Created, Result, links};
use identity::tokens::{self, Claim, TokenKind};
use identity::{EmailError, TokenError, UserId, users};
use kernel::param::Text;
use notifications::{MailTemplate, Values};

use super::LIFE;
use crate::State;
use crate::tokens::{Recipient, Sending, emit_token_event};

/// Length of a link's secret, in hexadecimal digits.
const SECRET_LEN: usize = 256;

kernel::params! {
    /// Parameters of a new verification.
    pub(crate) struct CreateVerification {
        /// URL of the app's page that the link opens.
        url: Text<2048, 1> = "url",
    }
}

/// Sends a link to the caller's e-mail address.
pub(crate) async fn create(call: Call<State>, input: CreateVerification) -> Result<Created<views::Token>> {
    call.app.notifier.check_mail(&call.project)?;
    let mut link = call.check_link("url", &input.url.0)?;
    let sending = Sending::of(&call);
    let id = call.person()?.user.id.clone();
    let secret = secrets::random::hex(SECRET_LEN);
    call.act(move |act| {
        let user = users::find(act, &id)?;
        if user.email.is_none() {
            return Err(api::Error::from(EmailError::NotFound));
        }
        if user.email_verification {
            return Err(EmailError::Verified.into());
        }
        let recipient = Recipient::new(user);
        let token = sending.token(act, &recipient, TokenKind::Verification, &secret, LIFE)?;
        let expire = token.expire.to_string();
        links::put(
            &mut link,
            &[
                ("userId", token.user_id.as_str()),
                ("secret", &secret),
                ("expire", &expire),
            ],
        );
        let values = Values::from([("redirect".to_owned(), link.to_string())]);
        sending.mail(act, &recipient.user, MailTemplate::Verification, values, token.expire)?;
        Ok(Created(views::token(&token, None)))
    })
    .await
}

kernel::params! {
    /// Parameters of the completion of a verification.
    pub(crate) struct UpdateVerification {
        /// User ID.
        user_id: UserId = "userId",
        /// Secret from the link.
        secret: Text<256, 1> = "secret",
    }
}

/// Marks the e-mail address as verified if the secret is valid.
pub(crate) async fn update(call: Call<State>, input: UpdateVerification) -> Result<views::Token> {
    call.act(move |act| {
        let mut user = users::lock(act, &input.user_id)?;
        let claim = tokens::claim(act, &user.id, &[TokenKind::Verification], &input.secret.0)?;
        let Claim::Granted(token) = claim else {
            return Err(api::Error::from(TokenError::Invalid));
        };
        user.email_verification = true;
        users::save(act, &mut user)?;
        emit_token_event(act, &token)?;
        Ok(views::token(&token, None))
    })
    .await
}

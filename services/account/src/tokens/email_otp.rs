//! Sign-in with a code sent by mail.

use std::time::Duration;

use api::{Call, Created, Result};
use identity::tokens::{self, TokenKind};
use identity::{EmailError, UserError, UserId};
use kernel::Email;
use kernel::id::CustomId;
use notifications::{MailTemplate, Values};

use super::{Sending, phrase};
use crate::State;

/// Validity of a code.
pub(super) const LIFE: Duration = Duration::from_secs(15 * 60);

kernel::params! {
    /// Parameters of a sign-in with a code sent by mail.
    pub(crate) struct CreateEmailToken {
        /// ID for a new user if none has this address yet; `unique()` generates one.
        user_id: CustomId<UserId> = "userId",
        /// E-mail address.
        email: Email = "email",
        /// Whether the mail contains a security phrase that the app also shows.
        phrase: bool = "phrase" | false,
    }
}

/// Sends a sign-in code.
pub(crate) async fn create(call: Call<State>, input: CreateEmailToken) -> Result<Created<views::Token>> {
    call.app.notifier.check_mail(&call.project)?;
    let sending = Sending::of(&call);
    let id = input.user_id.or_generate(call.now());
    call.check_role_is_free(format!("user:{id}"), UserError::IdNamed)
        .await?;
    let code = tokens::code();
    let phrase = if input.phrase { phrase::random() } else { String::new() };
    let visible_secret = call.caller.is_privileged().then(|| code.clone());
    call.act(move |act| {
        let user = sending.user_of_email(act, id, &input.email, EmailError::Ambiguous)?;
        let token = sending.token(act, &user, TokenKind::EmailOtp, &code, LIFE)?;
        let values = Values::from([("otp".to_owned(), code), ("phrase".to_owned(), phrase.clone())]);
        sending.mail(act, &user, MailTemplate::OtpSession, values, token.expire)?;
        let mut view = views::token(&token, visible_secret);
        view.phrase = phrase;
        api::Result::Ok(Created(view))
    })
    .await
}

//! Password recovery, by a link sent to the user's e-mail address.

use std::time::Duration;

use api::{Call, Created, Result, links};
use identity::password::{self, Password, Personal};
use identity::tokens::{self, Claim, TokenKind};
use identity::{PasswordError, TokenError, UserError, UserId, sessions, users};
use kernel::Email;
use kernel::param::Text;
use notifications::{MailTemplate, Values};

use crate::State;
use crate::tokens::{Sending, emit_token_event};

/// Validity of a link.
const LIFE: Duration = Duration::from_secs(60 * 60);
/// Length of a link's secret, in hexadecimal digits.
const SECRET_LEN: usize = 256;

kernel::params! {
    /// Parameters of a password recovery.
    pub(crate) struct CreateRecovery {
        /// E-mail address.
        email: Email = "email",
        /// URL of the app's page that the link opens.
        url: Text<2048, 1> = "url",
    }
}

/// Sends a recovery link.
pub(crate) async fn create(call: Call<State>, input: CreateRecovery) -> Result<Created<views::Token>> {
    call.app.notifier.check_mail(&call.project)?;
    let mut link = call.check_link("url", &input.url.0)?;
    let sending = Sending::of(&call);
    let secret = secrets::random::hex(SECRET_LEN);
    let visible_secret = call.caller.is_privileged().then(|| secret.clone());
    call.act(move |act| {
        let user = users::find_by_email(act, &input.email)?.ok_or(UserError::NotFound)?;
        if !user.status {
            return Err(api::Error::from(UserError::Blocked));
        }
        let token = sending.token(act, &user, TokenKind::Recovery, &secret, LIFE)?;
        let expire = token.expire.to_string();
        links::put(
            &mut link,
            &[("userId", user.id.as_str()), ("secret", &secret), ("expire", &expire)],
        );
        let values = Values::from([("redirect".to_owned(), link.to_string())]);
        sending.mail(act, &user, MailTemplate::Recovery, values, token.expire)?;
        Ok(Created(views::token(&token, visible_secret)))
    })
    .await
}

kernel::params! {
    /// Parameters of the completion of a recovery.
    pub(crate) struct UpdateRecovery {
        /// User ID.
        user_id: UserId = "userId",
        /// Secret from the link.
        secret: Text<256, 1> = "secret",
        /// New password.
        password: Password = "password",
    }
}

/// Sets a new password and marks the e-mail address as verified.
pub(crate) async fn update(call: Call<State>, input: UpdateRecovery) -> Result<views::Token> {
    let policy = call.project.policy().clone();
    let (id, secret) = (input.user_id.clone(), input.secret.0.clone());
    let user = call.read(move |tx| {
        let user = users::find(tx, &id)?;
        // Checked before the expensive hashing, and claimed after it.
        tokens::find(tx, &id, &[TokenKind::Recovery], &secret)?.ok_or(TokenError::Invalid)?;
        identity::Result::Ok(user)
    });
    let user = user.await?;
    password::check(&input.password, &policy, &Personal::of(&user))?;
    let hasher = &call.app.hasher;
    let recent = user.password_history.0.iter().chain(&user.password).cloned().collect();
    if policy.password_history > 0 && hasher.verify_any(input.password.reveal().to_owned(), recent).await? {
        return Err(PasswordError::RecentlyUsed.into());
    }
    let hash = hasher.hash(input.password.reveal().to_owned()).await?;
    call.act(move |act| {
        let claim = tokens::claim(act, &input.user_id, &[TokenKind::Recovery], &input.secret.0)?;
        let Claim::Granted(token) = claim else {
            return Err(api::Error::from(TokenError::Invalid));
        };
        let mut user = users::lock(act, &input.user_id)?;
        user.email_verification = true;
        users::set_password(act, &mut user, hash, &policy)?;
        if policy.invalidate_sessions {
            sessions::remove_all_but(act, &user.id, None)?;
        }
        emit_token_event(act, &token)?;
        Ok(views::token(&token, None))
    })
    .await
}

//! Password recovery, by a link sent to the user's e-mail address.

use std::time::Duration;

use api::{Act, Call, Created, Result, links};
use identity::ownership::{self, Address, Proving};
use identity::password::{self, Password, Personal};
use identity::tokens::{self, Claim, Token, TokenKind};
use identity::users::{self, User};
use identity::{PasswordError, TokenError, TokenId, UserError, UserId, sessions};
use kernel::param::Text;
use kernel::{Email, Timestamp};
use notifications::{MailTemplate, Values};

use crate::State;
use crate::tokens::{Recipient, Sending, emit_token_event};

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

/// Sends a recovery link. Clients get the same reply whether the address has a user or not, and no mail is sent to a
/// blocked one.
pub(crate) async fn create(call: Call<State>, input: CreateRecovery) -> Result<Created<views::Token>> {
    call.app.notifier.check_mail(&call.project)?;
    let mut link = call.check_link("url", &input.url.0)?;
    let sending = Sending::of(&call);
    let secret = secrets::random::hex(SECRET_LEN);
    let visible_secret = call.caller.is_privileged().then(|| secret.clone());
    let alias = UserId::generate(call.now());
    call.act(move |act| {
        let user = match find(act, &input.email, sending.is_privileged)? {
            Some(user) => user,
            None => return Ok(Created(of_nobody(act.now(), &alias))),
        };
        let recipient = Recipient {
            user,
            alias: (!sending.is_privileged).then_some(alias),
        };
        let token = sending.token(act, &recipient, TokenKind::Recovery, &secret, LIFE)?;
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
        sending.mail(act, &recipient.user, MailTemplate::Recovery, values, token.expire)?;
        api::Result::Ok(Created(views::token(&token, visible_secret)))
    })
    .await
}

/// The user with an address who may recover the password. Only servers and developers are told why there is none.
fn find(act: &mut Act<'_, '_>, email: &Email, is_privileged: bool) -> Result<Option<User>> {
    match users::find_by_email(act, email)? {
        Some(user) if user.status => Ok(Some(user)),
        Some(_) if is_privileged => Err(UserError::Blocked.into()),
        None if is_privileged => Err(UserError::NotFound.into()),
        _ => Ok(None),
    }
}

/// The reply for an address without a user: that of a token that does not exist.
fn of_nobody(now: Timestamp, alias: &UserId) -> views::Token {
    views::token(
        &Token {
            id: TokenId::generate(now),
            created_at: now,
            user_id: alias.clone(),
            kind: TokenKind::Recovery,
            secret: String::new(),
            expire: now.plus(LIFE),
            identity_id: None,
            user_agent: String::new(),
            ip: String::new(),
            attempts: 0,
            alias: None,
        },
        None,
    )
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
    let (policy, console) = (call.project.policy().clone(), call.project.is_console());
    let (id, secret) = (input.user_id.clone(), input.secret.0.clone());
    let user = call.read(move |tx| {
        // Checked before the expensive hashing, and claimed after it.
        let token = tokens::find(tx, &id, &[TokenKind::Recovery], &secret)?.ok_or(TokenError::Invalid)?;
        users::find(tx, &token.user_id)
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
        let user = users::lock(act, &token.user_id)?;
        let how = Proving {
            signed_in: false,
            policy: &policy,
            console,
        };
        let mut user = ownership::prove(act, user, Address::Email, how)?;
        users::set_password(act, &mut user, hash, &policy)?;
        if policy.invalidate_sessions {
            sessions::remove_all_but(act, &user.id, None)?;
        }
        emit_token_event(act, &token)?;
        Ok(views::token(&token, None))
    })
    .await
}

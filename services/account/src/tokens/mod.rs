//! One-time tokens: a link or a code that is sent to an address and exchanged for a session.
//!
//! The request contains an address. If no user has it, a new user is created. The response is the same in both cases:
//! clients receive the user ID that they chose for a new user, and claim the token by it. The secret is shown only to
//! servers, as is the ID of an existing user.

pub(crate) mod email_otp;
pub(crate) mod exchange;
pub(crate) mod magic_url;
pub(crate) mod phone;
mod phrase;

use std::time::Duration;

use api::{Act, Base, Result};
use identity::tokens::{self, NewToken, Token, TokenKind};
use identity::users::{self, NewUser, User};
use identity::{EmailError, Origin, Policy, UserError, UserId, identities};
use kernel::{Email, Phone, Timestamp};
use locale_data::Locale;
use notifications::{
    ClientFacts, MailNotification, MailTemplate, Notification, Notifier, SmsNotification, SmsTemplate, Values,
};
use senders::Mailbox;
use serde_json::json;

/// The user to whom a token is sent.
pub(crate) struct Recipient {
    pub(crate) user: User,
    /// User ID in the reply, if it is not the user's: see [`Token::alias`].
    pub(crate) alias: Option<UserId>,
}

impl Recipient {
    /// A user who is shown by their own ID.
    pub(crate) fn new(user: User) -> Self {
        Self { user, alias: None }
    }
}

/// Dependencies of sending a token, taken from a call.
#[derive(Clone)]
pub(crate) struct Sending {
    pub(crate) origin: Origin,
    pub(crate) policy: Policy,
    console: bool,
    /// Whether the caller is a server or a developer, who may know who exists.
    pub(crate) is_privileged: bool,
    notifier: Notifier,
    locale: Locale,
}

impl Sending {
    pub(crate) fn of(call: &Base) -> Self {
        Self {
            origin: call.origin(),
            policy: call.project.policy().clone(),
            console: call.project.is_console(),
            is_privileged: call.caller.is_privileged(),
            notifier: call.app.notifier.clone(),
            locale: call.locale(),
        }
    }

    /// Returns the user with this address; if there is none, creates one with the given ID.
    pub(crate) fn user_of_email(
        &self,
        act: &mut Act<'_, '_>,
        id: UserId,
        email: &Email,
        taken: EmailError,
    ) -> Result<Recipient> {
        if let Some(user) = users::find_by_email(act, email)? {
            return self.known(act, user, id);
        }
        users::check_limit(act, &self.policy, self.console)?;
        users::check_email(&self.policy, email)?;
        if identities::email_is_anothers(act, email, None)? {
            return Err(taken.into());
        }
        let new = NewUser {
            email: Some(email.clone()),
            ..NewUser::default()
        };
        Ok(Recipient::new(users::create(act, id, new)?.into_inner()))
    }

    /// Returns the user with this phone number; if there is none, creates one with the given ID.
    pub(crate) fn user_of_phone(&self, act: &mut Act<'_, '_>, id: UserId, phone: &Phone) -> Result<Recipient> {
        if let Some(user) = users::find_by_phone(act, phone)? {
            return self.known(act, user, id);
        }
        users::check_limit(act, &self.policy, self.console)?;
        let new = NewUser {
            phone: Some(phone.clone()),
            ..NewUser::default()
        };
        Ok(Recipient::new(users::create(act, id, new)?.into_inner()))
    }

    /// An existing user, who is shown to clients by the ID that they chose. An ID of another user is refused, as it is
    /// for a new user.
    fn known(&self, act: &mut Act<'_, '_>, user: User, chosen: UserId) -> Result<Recipient> {
        if self.is_privileged || user.id == chosen {
            return Ok(Recipient::new(user));
        }
        match users::find(act, &chosen) {
            Ok(_) => Err(UserError::Exists.into()),
            Err(identity::Error::User(UserError::NotFound)) => Ok(Recipient {
                user,
                alias: Some(chosen),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates a token and emits its event.
    pub(crate) fn token(
        &self,
        act: &mut Act<'_, '_>,
        recipient: &Recipient,
        kind: TokenKind,
        secret: &str,
        life: Duration,
    ) -> Result<Token> {
        let new = NewToken {
            kind,
            secret,
            life,
            identity: None,
            alias: recipient.alias.as_ref(),
        };
        let token = tokens::create(act, &recipient.user.id, new, &self.origin)?;
        emit_token_event(act, &token)?;
        Ok(token)
    }

    /// Enqueues a mail to a user.
    pub(crate) fn mail(
        &self,
        act: &mut Act<'_, '_>,
        user: &User,
        template: MailTemplate,
        values: Values,
        until: Timestamp,
    ) -> Result<()> {
        let mut all = Values::from([("user".to_owned(), user.name.clone())]);
        all.extend(values);
        let notification = Notification::Mail(MailNotification {
            to: Mailbox::new(user.name.clone(), user.email.clone().unwrap_or_default()),
            template,
            locale: self.locale.code().to_owned(),
            values: all,
            client: ClientFacts::of(&self.origin, act.now()),
            until: Some(until),
        });
        Ok(self.notifier.enqueue(act, &notification)?)
    }

    /// Enqueues an SMS with a code. Nothing is sent to the project's mock numbers, whose codes are fixed.
    pub(crate) fn sms(
        &self,
        act: &mut Act<'_, '_>,
        user: &User,
        template: SmsTemplate,
        code: &str,
        until: Timestamp,
    ) -> Result<()> {
        let phone = user.phone.clone().unwrap_or_default();
        if self.mock_code(&phone).is_some() {
            return Ok(());
        }
        let notification = Notification::Sms(SmsNotification {
            to: phone,
            template,
            locale: self.locale.code().to_owned(),
            values: Values::from([
                ("otp".to_owned(), code.to_owned()),
                ("user".to_owned(), user.name.clone()),
            ]),
            until: Some(until),
        });
        Ok(self.notifier.enqueue(act, &notification)?)
    }

    /// The code for a number: the fixed code of a mock number, or a random one.
    pub(crate) fn code_for(&self, phone: &str) -> String {
        self.mock_code(phone).map_or_else(tokens::code, str::to_owned)
    }

    fn mock_code(&self, phone: &str) -> Option<&str> {
        let mock = self.policy.mock_numbers.iter().find(|mock| mock.phone == phone);
        mock.map(|mock| mock.otp.as_str())
    }
}

/// Emits the event of a new token, without its secret.
pub(crate) fn emit_token_event(act: &mut Act<'_, '_>, token: &Token) -> Result<()> {
    let payload =
        json!({"$id": token.id, "$createdAt": token.created_at, "userId": token.user_id, "expire": token.expire});
    act.record_event(
        &[("userId", token.user_id.as_str()), ("tokenId", token.id.as_str())],
        payload,
    )
}

/// Returns an error if SMS is not configured; mock numbers do not need it.
pub(crate) fn check_sms(call: &Base, phone: &str) -> Result<()> {
    let mock = call
        .project
        .policy()
        .mock_numbers
        .iter()
        .any(|mock| mock.phone == phone);
    if mock {
        Ok(())
    } else {
        Ok(call.app.notifier.check_sms()?)
    }
}

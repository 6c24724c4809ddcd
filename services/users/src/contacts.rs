//! A user's addresses, and whether they are known to be theirs. An empty one takes the address away.

use api::{Call, Result};
use db::Tx;
use identity::users::{self, User};
use identity::{Error, UserId, targets};
use kernel::{Email, OrBlank, Phone};

use crate::users::{answer, change};

kernel::params! {
    /// Another address.
    pub(crate) struct NewEmail {
        /// The user.
        user_id: UserId = "userId",
        /// The address; empty for none.
        email: OrBlank<Email> = "email",
    }
}

pub(crate) async fn update_email(call: Call, input: NewEmail) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::find(act, &input.user_id)?;
        match &input.email.0 {
            Some(email) => users::change_email(act, &mut user, email).map_err(|error| match error {
                Error::Ambiguous => Error::EmailExists,
                other => other,
            })?,
            None => forget_email(act, &mut user)?,
        }
        answer(act, &user)
    })
    .await
}

fn forget_email(tx: &mut Tx<'_>, user: &mut User) -> Result<()> {
    let old = user.email.take();
    user.email_verification = false;
    users::save(tx, user)?;
    match old {
        Some(old) => Ok(targets::forget(tx, &user.id, &old)?),
        None => Ok(()),
    }
}

kernel::params! {
    /// Another number.
    pub(crate) struct NewPhone {
        /// The user.
        user_id: UserId = "userId",
        /// The number; empty for none.
        number: OrBlank<Phone> = "number",
    }
}

pub(crate) async fn update_phone(call: Call, input: NewPhone) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::find(act, &input.user_id)?;
        match &input.number.0 {
            Some(phone) => users::change_phone(act, &mut user, phone)?,
            None => forget_phone(act, &mut user)?,
        }
        answer(act, &user)
    })
    .await
}

fn forget_phone(tx: &mut Tx<'_>, user: &mut User) -> Result<()> {
    let old = user.phone.take();
    user.phone_verification = false;
    users::save(tx, user)?;
    match old {
        Some(old) => Ok(targets::forget(tx, &user.id, &old)?),
        None => Ok(()),
    }
}

kernel::params! {
    /// Whether the address is theirs.
    pub(crate) struct EmailVerification {
        /// The user.
        user_id: UserId = "userId",
        /// Whether the address is known to be theirs.
        verified: bool = "emailVerification",
    }
}

pub(crate) async fn verify_email(call: Call, input: EmailVerification) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.email_verification = input.verified;
        Ok(())
    })
    .await
}

kernel::params! {
    /// Whether the number is theirs.
    pub(crate) struct PhoneVerification {
        /// The user.
        user_id: UserId = "userId",
        /// Whether the number is known to be theirs.
        verified: bool = "phoneVerification",
    }
}

pub(crate) async fn verify_phone(call: Call, input: PhoneVerification) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.phone_verification = input.verified;
        Ok(())
    })
    .await
}

//! A user's addresses, and whether they are known to be theirs. An empty one takes the address away.

use api::{Call, Result};
use identity::{Error, UserId, users};
use kernel::{Email, OrBlank, Phone};

use crate::users::{change, emit_and_show};

kernel::params! {
    /// Another address.
    pub(crate) struct UpdateEmail {
        /// The user.
        user_id: UserId = "userId",
        /// The address; empty for none.
        email: OrBlank<Email> = "email",
    }
}

pub(crate) async fn update_email(call: Call, input: UpdateEmail) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::lock(act, &input.user_id)?;
        match &input.email.0 {
            Some(email) => users::change_email(act, &mut user, email).map_err(|error| match error {
                Error::Ambiguous => Error::EmailExists,
                other => other,
            })?,
            None => users::forget_email(act, &mut user)?,
        }
        emit_and_show(act, &user)
    })
    .await
}

kernel::params! {
    /// Another number.
    pub(crate) struct UpdatePhone {
        /// The user.
        user_id: UserId = "userId",
        /// The number; empty for none.
        number: OrBlank<Phone> = "number",
    }
}

pub(crate) async fn update_phone(call: Call, input: UpdatePhone) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::lock(act, &input.user_id)?;
        match &input.number.0 {
            Some(phone) => users::change_phone(act, &mut user, phone)?,
            None => users::forget_phone(act, &mut user)?,
        }
        emit_and_show(act, &user)
    })
    .await
}

kernel::params! {
    /// Whether the address is theirs.
    pub(crate) struct UpdateEmailVerification {
        /// The user.
        user_id: UserId = "userId",
        /// Whether the address is known to be theirs.
        verified: bool = "emailVerification",
    }
}

pub(crate) async fn verify_email(call: Call, input: UpdateEmailVerification) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.email_verification = input.verified;
        Ok(())
    })
    .await
}

kernel::params! {
    /// Whether the number is theirs.
    pub(crate) struct UpdatePhoneVerification {
        /// The user.
        user_id: UserId = "userId",
        /// Whether the number is known to be theirs.
        verified: bool = "phoneVerification",
    }
}

pub(crate) async fn verify_phone(call: Call, input: UpdatePhoneVerification) -> Result<views::User> {
    change(&call, input.user_id, move |_, user| {
        user.phone_verification = input.verified;
        Ok(())
    })
    .await
}

//! A user's e-mail address and phone number, and their verification status. An empty value removes the address or
//! number.

use api::{Call, Result};
use identity::{EmailError, Error, UserId, users};
use kernel::{Email, OrBlank, Phone};

use crate::users::{change, emit_and_view};

kernel::params! {
    /// Parameters of a change of e-mail address.
    pub(crate) struct UpdateEmail {
        /// User ID.
        user_id: UserId = "userId",
        /// E-mail address; an empty value removes it.
        email: OrBlank<Email> = "email",
    }
}

pub(crate) async fn update_email(call: Call, input: UpdateEmail) -> Result<views::User> {
    call.act(move |act| {
        let mut user = users::lock(act, &input.user_id)?;
        match &input.email.0 {
            Some(email) => users::change_email(act, &mut user, email).map_err(|error| match error {
                Error::Email(EmailError::Ambiguous) => EmailError::Exists.into(),
                other => other,
            })?,
            None => users::forget_email(act, &mut user)?,
        }
        emit_and_view(act, &user)
    })
    .await
}

kernel::params! {
    /// Parameters of a change of phone number.
    pub(crate) struct UpdatePhone {
        /// User ID.
        user_id: UserId = "userId",
        /// Phone number, E.164; an empty value removes it.
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
        emit_and_view(act, &user)
    })
    .await
}

kernel::params! {
    /// Parameters of a change of the e-mail verification status.
    pub(crate) struct UpdateEmailVerification {
        /// User ID.
        user_id: UserId = "userId",
        /// Whether the e-mail address is verified.
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
    /// Parameters of a change of the phone verification status.
    pub(crate) struct UpdatePhoneVerification {
        /// User ID.
        user_id: UserId = "userId",
        /// Whether the phone number is verified.
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

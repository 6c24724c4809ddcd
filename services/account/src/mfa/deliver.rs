//! Delivery of a challenge's code to the user.

use api::{Act, Base, Result};
use identity::Factor;
use identity::users::User;
use kernel::Timestamp;
use notifications::{MailTemplate, SmsTemplate, Values};

use crate::tokens::{Sending, check_sms};

/// Returns an error if mail or SMS, whichever the factor needs, is not configured.
pub(super) fn check(call: &Base, user: &User, factor: Factor) -> Result<()> {
    match factor {
        Factor::Email => Ok(call.app.notifier.check_mail(&call.project)?),
        Factor::Phone => check_sms(call, user.phone.as_deref().unwrap_or_default()),
        Factor::Totp | Factor::RecoveryCode => Ok(()),
    }
}

/// Sends a code by mail or SMS, depending on the factor.
pub(super) fn deliver(
    act: &mut Act<'_, '_>,
    sending: &Sending,
    user: &User,
    factor: Factor,
    code: &str,
    until: Timestamp,
) -> Result<()> {
    match factor {
        Factor::Email => {
            let values = Values::from([("otp".to_owned(), code.to_owned())]);
            sending.mail(act, user, MailTemplate::MfaChallenge, values, until)
        }
        Factor::Phone => sending.sms(act, user, SmsTemplate::MfaChallenge, code, until),
        Factor::Totp | Factor::RecoveryCode => Ok(()),
    }
}

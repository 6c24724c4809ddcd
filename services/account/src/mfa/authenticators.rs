//! The caller's authenticator app (TOTP): creation, verification, deletion.

use std::sync::Arc;

use api::{Call, NoContent, Result};
use identity::factors::authenticators::{self, AuthenticatorType};
use identity::factors::{self, Factor};
use identity::users::User;
use identity::{TokenError, sessions};
use kernel::AnyCase;
use kernel::param::Text;
use secrets::totp;

use super::model;
use crate::State;
use crate::profile::emit_and_view;

kernel::params! {
    /// Parameters of an authenticator's creation or deletion.
    pub(crate) struct CreateAuthenticator {
        /// Authenticator type: `totp`.
        kind: AnyCase<AuthenticatorType> = "type",
    }
}

/// Creates a TOTP secret for the caller's app. It counts as a factor only after a code was verified.
pub(crate) async fn create(call: Call<State>, input: CreateAuthenticator) -> Result<model::Authenticator> {
    let AnyCase(AuthenticatorType::Totp) = input.kind;
    let (user, vault) = (call.person()?.user.clone(), Arc::clone(&call.app.vault));
    let issuer = call.project.record.name.clone();
    call.act(move |act| {
        let secret = authenticators::create(act, &user.id, &vault)?;
        emit_and_view(act, &user.id)?;
        api::Result::Ok(model::Authenticator {
            uri: totp::uri(&secret, &issuer, label(&user)),
            secret,
        })
    })
    .await
}

/// Account label shown in the authenticator app.
fn label(user: &User) -> &str {
    let name = Some(&*user.name).filter(|name| !name.is_empty());
    let known = user.email.as_deref().or(user.phone.as_deref()).or(name);
    known.unwrap_or(user.id.as_str())
}

kernel::params! {
    /// Parameters of an authenticator's verification.
    pub(crate) struct UpdateAuthenticator {
        /// Authenticator type: `totp`.
        kind: AnyCase<AuthenticatorType> = "type",
        /// TOTP code from the app.
        otp: Text<256> = "otp",
    }
}

/// Verifies the first code of the app and adds `totp` to the factors of this session.
pub(crate) async fn update(call: Call<State>, input: UpdateAuthenticator) -> Result<views::Account> {
    let AnyCase(AuthenticatorType::Totp) = input.kind;
    let (user, vault) = (call.person()?.user.id.clone(), Arc::clone(&call.app.vault));
    let session = call.caller.session().cloned();
    let account = call
        .act(move |act| {
            // A wrong code returns `Ok(None)` instead of an error, so that the act commits the number of failed
            // attempts.
            if !authenticators::verify(act, &user, &input.otp.0, &vault)? {
                return Ok(None);
            }
            if let Some(session) = session {
                let mut session = sessions::lock(act, &user, &session)?;
                factors::add(&mut session, Factor::Totp);
                sessions::save(act, &mut session)?;
            }
            emit_and_view(act, &user).map(Some)
        })
        .await?;
    Ok(account.ok_or(TokenError::Invalid)?)
}

/// Deletes the caller's authenticator.
pub(crate) async fn delete(call: Call<State>, input: CreateAuthenticator) -> Result<NoContent> {
    let AnyCase(AuthenticatorType::Totp) = input.kind;
    let user = call.person()?.user.id.clone();
    call.act(move |act| {
        authenticators::remove(act, &user)?;
        emit_and_view(act, &user).map(|_| NoContent)
    })
    .await
}

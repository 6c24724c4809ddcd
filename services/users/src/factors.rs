//! A user's second factors: reading and resetting by servers.

use api::{Call, NoContent, Result};
use db::Tx;
use identity::UserId;
use identity::factors::authenticators::{self, AuthenticatorType};
use identity::factors::{self, recovery_codes};
use identity::users::{self, User};
use kernel::AnyCase;
use secrets::Vault;
use views::{Factors, RecoveryCodes};

use crate::users::{GetUser, emit_and_view};

pub(crate) async fn list(call: Call, input: GetUser) -> Result<Factors> {
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        factors::of(tx, &user).map(views::factors)
    })
    .await
}

pub(crate) async fn recovery_codes(call: Call, input: GetUser) -> Result<RecoveryCodes> {
    let vault = call.app.vault.clone();
    call.read(move |tx| {
        let user = users::find(tx, &input.user_id)?;
        let recovery_codes = recovery_codes::list(tx, &user.id, &vault)?;
        identity::Result::Ok(RecoveryCodes { recovery_codes })
    })
    .await
}

pub(crate) async fn create_recovery_codes(call: Call, input: GetUser) -> Result<RecoveryCodes> {
    make(call, input.user_id, recovery_codes::create).await
}

pub(crate) async fn update_recovery_codes(call: Call, input: GetUser) -> Result<RecoveryCodes> {
    make(call, input.user_id, recovery_codes::regenerate).await
}

type Make = fn(&mut Tx<'_>, &UserId, &Vault) -> identity::Result<Vec<String>>;

async fn make(call: Call, id: UserId, make: Make) -> Result<RecoveryCodes> {
    let vault = call.app.vault.clone();
    call.act(move |act| {
        let user: User = users::find(act, &id)?;
        let recovery_codes = make(act, &user.id, &vault)?;
        emit_and_view(act, &user)?;
        api::Result::Ok(RecoveryCodes { recovery_codes })
    })
    .await
}

kernel::params! {
    /// Parameters of the deletion of an authenticator.
    pub(crate) struct DeleteMfaAuthenticator {
        /// User ID.
        user_id: UserId = "userId",
        /// Authenticator type: `totp`.
        kind: AnyCase<AuthenticatorType> = "type",
    }
}

pub(crate) async fn delete_authenticator(call: Call, input: DeleteMfaAuthenticator) -> Result<NoContent> {
    let AnyCase(AuthenticatorType::Totp) = input.kind;
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        authenticators::remove(act, &user.id)?;
        emit_and_view(act, &user)?;
        api::Result::Ok(NoContent)
    })
    .await
}

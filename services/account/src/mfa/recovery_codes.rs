//! The caller's recovery codes.

use std::sync::Arc;

use api::{Call, Result};
use db::Tx;
use identity::UserId;
use identity::factors::recovery_codes;
use secrets::Vault;
use views::RecoveryCodes;

use crate::State;
use crate::profile::emit_and_view;

/// Returns the unused codes.
pub(crate) async fn get(call: Call<State>, (): ()) -> Result<RecoveryCodes> {
    let (user, vault) = (call.person()?.user.id.clone(), Arc::clone(&call.app.vault));
    let codes = call.read(move |tx| recovery_codes::list(tx, &user, &vault)).await?;
    Ok(RecoveryCodes { recovery_codes: codes })
}

/// Creates recovery codes for a user who has none.
pub(crate) async fn create(call: Call<State>, (): ()) -> Result<RecoveryCodes> {
    make(call, recovery_codes::create).await
}

/// Replaces the existing codes with new ones.
pub(crate) async fn update(call: Call<State>, (): ()) -> Result<RecoveryCodes> {
    make(call, recovery_codes::regenerate).await
}

type Make = fn(&mut Tx<'_>, &UserId, &Vault) -> identity::Result<Vec<String>>;

async fn make(call: Call<State>, make: Make) -> Result<RecoveryCodes> {
    let (user, vault) = (call.person()?.user.id.clone(), Arc::clone(&call.app.vault));
    call.act(move |act| {
        let recovery_codes = make(act, &user, &vault)?;
        emit_and_view(act, &user)?;
        api::Result::Ok(RecoveryCodes { recovery_codes })
    })
    .await
}

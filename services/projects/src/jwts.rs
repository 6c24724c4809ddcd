//! Ephemeral keys: signed tokens that contain their scopes and are not stored.

use api::{Call, Created, Result};
use kernel::Scope;
use kernel::param::{Int, List};
use projects_api::keys;

use crate::target::State;

kernel::params! {
    /// Parameters of a new JWT.
    pub(crate) struct CreateJwt {
        /// Scopes.
        scopes: List<Scope> = "scopes",
        /// Lifetime in seconds.
        duration: Int<0, 3600> = "duration" | Int(900),
    }
}

/// Creates an ephemeral key.
pub(crate) async fn create(call: Call<State>, input: CreateJwt) -> Result<Created<views::Jwt>> {
    let seconds = input.duration.0.unsigned_abs();
    let (_, token) = keys::sign(&call, "Dynamic Key", input.scopes.0, seconds)?;
    let jwt = format!("dynamic_{token}");
    Ok(Created(views::Jwt { jwt }))
}

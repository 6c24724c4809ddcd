//! Keys for a short while, which nothing remembers: a signed text says what they may do.

use api::identify::{KEY_JWT, KeyClaims};
use api::{Call, Created, Result};
use kernel::Scope;
use kernel::param::{Int, List};
use projects::keys::grantable;

use crate::State;

kernel::params! {
    /// Parameters of a new JWT.
    pub(crate) struct CreateJwt {
        /// Scopes.
        scopes: List<Scope> = "scopes",
        /// Lifetime in seconds.
        duration: Int<0, 3600> = "duration" | Int(900),
    }
}

/// Makes an ephemeral key.
pub(crate) async fn create(call: Call<State>, input: CreateJwt) -> Result<Created<views::Jwt>> {
    let claims = KeyClaims {
        project_id: call.target()?.id().to_string(),
        name: "Dynamic Key".to_owned(),
        scopes: grantable(input.scopes.0)?.iter().map(ToString::to_string).collect(),
    };
    let seconds = input.duration.0.unsigned_abs();
    let token = secrets::jwt::sign(call.app.vault.signing_key(), KEY_JWT, &claims, call.now(), seconds);
    let jwt = format!("dynamic_{token}");
    Ok(Created(views::Jwt { jwt }))
}

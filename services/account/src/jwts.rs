//! Account JWTs: what a client hands to the app's own server, to act as the user for a quarter of an hour.

use api::identify::{ACCOUNT_JWT, AccountClaims};
use api::{Call, Caller, Created, Result};
use identity::Error;
use secrets::jwt;

use crate::State;

/// Seconds that a JWT is good for.
const LIFE: u64 = 900;

/// Makes a JWT of the caller's session.
pub(crate) async fn create(call: Call<State>, (): ()) -> Result<Created<views::Jwt>> {
    // A JWT may not beget another, or none would ever end.
    let Caller::User {
        person,
        session: Some(session),
        by_jwt: false,
    } = &call.caller
    else {
        return Err(Error::SessionNotFound.into());
    };
    let claims = AccountClaims {
        project_id: call.project.id().to_string(),
        user_id: person.user.id.to_string(),
        session_id: session.to_string(),
    };
    let jwt = jwt::sign(call.app.vault.signing_key(), ACCOUNT_JWT, &claims, call.now(), LIFE);
    Ok(Created(views::Jwt { jwt }))
}

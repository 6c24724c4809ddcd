//! Account JWTs: a client passes one to the app's own server, which then acts as the user for 15 minutes.

use api::identify::{ACCOUNT_JWT, AccountClaims};
use api::{Call, Caller, Created, Result};
use identity::SessionError;
use secrets::jwt;

use crate::State;

/// Validity of a JWT, in seconds.
const LIFE: u64 = 900;

/// Creates a JWT for the caller's session.
pub(crate) async fn create(call: Call<State>, (): ()) -> Result<Created<views::Jwt>> {
    // A JWT cannot be used to create another one; otherwise access could be renewed without limit.
    let Caller::User {
        person,
        session: Some(session),
        by_jwt: false,
    } = &call.caller
    else {
        return Err(SessionError::NotFound.into());
    };
    let claims = AccountClaims {
        project_id: call.project.id().to_string(),
        user_id: person.user.id.to_string(),
        session_id: session.to_string(),
        user_created_at: person.user.created_at.to_string(),
    };
    let jwt = jwt::sign(call.app.vault.signing_key(), ACCOUNT_JWT, &claims, call.now(), LIFE);
    Ok(Created(views::Jwt { jwt }))
}

//! One-time tokens and JWTs, with which a server can sign in its own clients.

use std::time::Duration;

use api::identify::{ACCOUNT_JWT, AccountClaims};
use api::{Call, Created, Result};
use identity::tokens::{self, TokenKind};
use identity::{UserId, sessions, users};
use kernel::param::{Int, Text};
use secrets::{jwt, random};
use views::Jwt;

kernel::params! {
    /// Parameters of a new token.
    pub(crate) struct CreateToken {
        /// User ID.
        user_id: UserId = "userId",
        /// Length of the secret, in hexadecimal digits.
        length: Int<4, 128> = "length" | Int(6),
        /// Validity in seconds.
        expire: Int<60, 31_536_000> = "expire" | Int(900),
    }
}

pub(crate) async fn create(call: Call, input: CreateToken) -> Result<Created<views::Token>> {
    let origin = call.origin();
    let secret = random::hex(usize::try_from(input.length.0).unwrap_or(6));
    let life = Duration::from_secs(input.expire.0.unsigned_abs());
    call.act(move |act| {
        let user = users::find(act, &input.user_id)?;
        let token = tokens::create(act, &user.id, TokenKind::Generic, &secret, life, None, &origin)?;
        let payload = serde_json::to_value(views::token(&token, None)).unwrap_or_default();
        act.record_event(&[("userId", user.id.as_str()), ("tokenId", token.id.as_str())], payload)?;
        api::Result::Ok(Created(views::token(&token, Some(secret))))
    })
    .await
}

kernel::params! {
    /// Parameters of a new JWT.
    pub(crate) struct CreateJwt {
        /// User ID.
        user_id: UserId = "userId",
        /// ID of the session that the JWT is bound to; `recent` selects the latest session, an empty value none.
        session_id: Text<36> = "sessionId" | Text::default(),
        /// Validity in seconds.
        duration: Int<0, 3600> = "duration" | Int(900),
    }
}

pub(crate) async fn create_jwt(call: Call, input: CreateJwt) -> Result<Created<Jwt>> {
    let id = input.user_id.clone();
    let own = call.read(move |tx| {
        let user = users::find(tx, &id)?;
        identity::Result::Ok((user, sessions::of_user(tx, &id)?))
    });
    let (user, own) = own.await?;
    let session = match input.session_id.0.as_str() {
        "recent" => own.last(),
        wanted => own.iter().find(|session| session.id.as_str() == wanted),
    };
    let claims = AccountClaims {
        project_id: call.project.id().to_string(),
        user_id: input.user_id.to_string(),
        session_id: session.map(|session| session.id.to_string()).unwrap_or_default(),
        user_created_at: user.created_at.to_string(),
    };
    let seconds = input.duration.0.unsigned_abs();
    let jwt = jwt::sign(call.app.vault.signing_key(), ACCOUNT_JWT, &claims, call.now(), seconds);
    Ok(Created(Jwt { jwt }))
}

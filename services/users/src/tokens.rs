//! One-time secrets and JWTs, by which a server lets its own clients in.

use std::time::Duration;

use api::identify::{ACCOUNT_JWT, AccountClaims};
use api::{Call, Created, Result};
use identity::tokens::{self, TokenKind};
use identity::{UserId, sessions, users};
use kernel::param::{Int, Text};
use secrets::{jwt, random};
use views::Jwt;

kernel::params! {
    /// A token to be.
    pub(crate) struct CreateToken {
        /// The user it belongs to.
        user_id: UserId = "userId",
        /// Hexadecimal digits of its secret.
        length: Int<4, 128> = "length" | Int(6),
        /// For how many seconds it holds.
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
    /// A JWT to be.
    pub(crate) struct CreateJwt {
        /// Whom it stands for.
        user_id: UserId = "userId",
        /// The session that it ends with; `recent` for the latest, empty for none.
        session_id: Text<36> = "sessionId" | Text::default(),
        /// For how many seconds it holds.
        duration: Int<0, 3600> = "duration" | Int(900),
    }
}

pub(crate) async fn create_jwt(call: Call, input: CreateJwt) -> Result<Created<Jwt>> {
    let id = input.user_id.clone();
    let own = call.read(move |tx| {
        users::find(tx, &id)?;
        sessions::of_user(tx, &id)
    });
    let own = own.await?;
    let session = match input.session_id.0.as_str() {
        "recent" => own.last(),
        wanted => own.iter().find(|session| session.id.as_str() == wanted),
    };
    let claims = AccountClaims {
        project_id: call.project.id().to_string(),
        user_id: input.user_id.to_string(),
        session_id: session.map(|session| session.id.to_string()).unwrap_or_default(),
    };
    let seconds = input.duration.0.unsigned_abs();
    let jwt = jwt::sign(call.app.vault.signing_key(), ACCOUNT_JWT, &claims, call.now(), seconds);
    Ok(Created(Jwt { jwt }))
}

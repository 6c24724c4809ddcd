//! One-time tokens: a secret or a code that becomes a session, once.

use std::time::Duration;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query};
use kernel::Timestamp;

use crate::error::Error;
use crate::ids::{TokenId, UserId};
use crate::{Origin, Result};

kernel::choices! {
    /// What a token is for.
    pub enum TokenKind {
        /// Made by a server for one of its users.
        Generic = "generic",
        /// The end of an OAuth2 sign-in, to be claimed by the app's server.
        OAuth2 = "oauth2",
    }
}

db::text_value!(TokenKind, TokenKind::parse);

db::table! {
    /// A one-time token.
    pub struct Token in tokens as Tokens {
        /// Its id.
        pub id: TokenId => Id,
        /// When it was made.
        pub created_at: Timestamp => CreatedAt,
        /// Whose it is.
        pub user_id: UserId => UserId,
        /// What it is for.
        pub kind: TokenKind => Kind,
        /// SHA-256 of the secret, in hexadecimal.
        pub secret: String => Secret,
        /// Until when it holds.
        pub expire: Timestamp => Expire,
        /// The identity that an OAuth2 sign-in used.
        pub identity_id: Option<String> => IdentityId,
        /// The client's `User-Agent`.
        pub user_agent: String => UserAgent,
        /// The client's address.
        pub ip: String => Ip,
        /// Wrong guesses so far.
        pub attempts: i64 => Attempts,
    }
}

/// After so many wrong secrets a token is void, so that a short code cannot be guessed at leisure.
const MAX_ATTEMPTS: i64 = 10;

/// Makes a token for a secret that the caller keeps.
pub fn create(
    tx: &mut Tx<'_>,
    user: &UserId,
    kind: TokenKind,
    secret: &str,
    life: Duration,
    identity: Option<&str>,
    origin: &Origin,
) -> Result<Token> {
    let now = tx.now();
    let token = Token {
        id: TokenId::generate(now),
        created_at: now,
        user_id: user.clone(),
        kind,
        secret: secrets::digest(secret),
        expire: now.plus(life),
        identity_id: identity.map(str::to_owned),
        user_agent: origin.user_agent.clone(),
        ip: origin.ip.clone(),
        attempts: 0,
    };
    tx.execute(&token.insert())?;
    Ok(token)
}

/// What came of an attempt to claim a token. A wrong secret is counted, so it must be committed, not rolled back.
#[derive(Debug)]
pub enum Claim {
    /// It was right; the token is gone.
    Granted(Token),
    /// No such token, or expired, or used up.
    Refused,
}

/// Claims a token of a kind by its secret: at most one caller ever gets it.
pub fn claim(tx: &mut Tx<'_>, user: &UserId, kind: TokenKind, secret: &str) -> Result<Claim> {
    let of_user = Expr::col(Tokens::UserId).eq(user.as_str());
    let tokens: Vec<Token> = tx.all(&Token::select().and_where(of_user.clone()).take())?;
    let digest = secrets::digest(secret);
    let now = tx.now();
    let live = |token: &&Token| token.kind == kind && token.expire >= now && token.attempts < MAX_ATTEMPTS;
    let found = tokens
        .iter()
        .filter(live)
        .find(|token| secrets::same(&token.secret, &digest));
    if let Some(token) = found
        && remove(tx, &token.id)?
    {
        return Ok(Claim::Granted(token.clone()));
    }
    let miss = Query::update()
        .table(Tokens::Table)
        .value(Tokens::Attempts, Expr::col(Tokens::Attempts).add(1))
        .and_where(of_user)
        // Only what a server made may be short enough to be guessed.
        .and_where(Expr::col(Tokens::Kind).eq(TokenKind::Generic.as_str()))
        .take();
    tx.execute(&miss)?;
    Ok(Claim::Refused)
}

fn remove(tx: &mut Tx<'_>, id: &TokenId) -> Result<bool> {
    let delete = Query::delete()
        .from_table(Tokens::Table)
        .and_where(Expr::col(Tokens::Id).eq(id.as_str()))
        .take();
    Ok(tx.execute(&delete)? == 1)
}

/// Voids all tokens of a user.
pub fn remove_all(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    let delete = Query::delete()
        .from_table(Tokens::Table)
        .and_where(Expr::col(Tokens::UserId).eq(user.as_str()))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

/// Refuses in the token's words.
pub fn granted(claim: Claim) -> Result<Token> {
    match claim {
        Claim::Granted(token) => Ok(token),
        Claim::Refused => Err(Error::InvalidToken),
    }
}

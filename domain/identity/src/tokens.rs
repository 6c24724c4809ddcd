//! One-time tokens: a secret or a code that becomes a session, once.

use std::time::Duration;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query};
use kernel::Timestamp;

use crate::ids::{TokenId, UserId};
use crate::{Origin, Result};

kernel::choices! {
    /// Purpose of a token.
    pub enum TokenKind {
        /// Made by a server for one of its users.
        Generic = "generic",
        /// The end of an OAuth2 sign-in, to be claimed by the app's server.
        OAuth2 = "oauth2",
        /// A link sent by mail, which signs in.
        MagicUrl = "magic-url",
        /// A code sent by mail, which signs in.
        EmailOtp = "email-otp",
        /// A code sent by SMS, which signs in.
        Phone = "phone",
        /// A link sent by mail: the address is theirs.
        Verification = "verification",
        /// A code sent by SMS: the number is theirs.
        PhoneVerification = "phone-verification",
        /// A link sent by mail, for a new password.
        Recovery = "recovery",
    }
}

db::text_value!(TokenKind, TokenKind::parse);

db::table! {
    /// A one-time token.
    pub struct Token in tokens as Tokens {
        /// Its id.
        pub id: TokenId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// The user it belongs to.
        pub user_id: UserId => UserId,
        /// Purpose.
        pub kind: TokenKind => Kind,
        /// SHA-256 of the secret, in hexadecimal.
        pub secret: String => Secret,
        /// Expiry time.
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
const MAX_ATTEMPTS: i64 = 5;

/// Decimal digits of a code that a person types.
const CODE_DIGITS: usize = 6;

impl TokenKind {
    /// Those that sign in.
    pub const OF_SESSIONS: &'static [Self] = &[Self::Generic, Self::MagicUrl, Self::EmailOtp, Self::Phone];

    /// Whether it may be short enough to be guessed: what people type, and what a server made as short as it liked.
    fn is_guessable(self) -> bool {
        matches!(
            self,
            Self::Generic | Self::EmailOtp | Self::Phone | Self::PhoneVerification
        )
    }

    /// Whether a person types it. The newest counts then, and those before it are void.
    fn is_code(self) -> bool {
        matches!(self, Self::EmailOtp | Self::Phone | Self::PhoneVerification)
    }
}

/// A code that a person types.
pub fn code() -> String {
    secrets::random::digits(CODE_DIGITS)
}

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
    tidy(tx, user, kind)?;
    tx.execute(&token.insert())?;
    Ok(token)
}

/// Drops a user's expired tokens, and the codes that a new one takes the place of.
fn tidy(tx: &mut Tx<'_>, user: &UserId, kind: TokenKind) -> Result<()> {
    let expired = Expr::col(Tokens::Expire).lt(db::value(&tx.now()));
    let replaced = if kind.is_code() {
        expired.or(Expr::col(Tokens::Kind).eq(kind.as_str()))
    } else {
        expired
    };
    let delete = Query::delete()
        .from_table(Tokens::Table)
        .and_where(Expr::col(Tokens::UserId).eq(user.as_str()))
        .and_where(replaced)
        .take();
    tx.execute(&delete)?;
    Ok(())
}

/// What came of an attempt to claim a token. A wrong secret is counted, so it must be committed, not rolled back.
#[derive(Debug)]
pub enum Claim {
    /// It was right; the token is gone.
    Granted(Token),
    /// No such token, or expired, or used up.
    Refused,
}

/// Claims a token of one of some kinds by its secret: at most one caller ever gets it.
pub fn claim(tx: &mut Tx<'_>, user: &UserId, kinds: &[TokenKind], secret: &str) -> Result<Claim> {
    if let Some(token) = find(tx, user, kinds, secret)?
        && remove(tx, &token.id)?
    {
        return Ok(Claim::Granted(token));
    }
    let guessable = kinds
        .iter()
        .filter(|kind| kind.is_guessable())
        .map(|kind| kind.as_str());
    let miss = Query::update()
        .table(Tokens::Table)
        .value(Tokens::Attempts, Expr::col(Tokens::Attempts).add(1))
        .and_where(Expr::col(Tokens::UserId).eq(user.as_str()))
        .and_where(Expr::col(Tokens::Kind).is_in(guessable))
        .take();
    tx.execute(&miss)?;
    Ok(Claim::Refused)
}

/// The token that a secret would claim. It changes nothing, and counts no guess: only for secrets that cannot be guessed.
pub fn find(tx: &mut Tx<'_>, user: &UserId, kinds: &[TokenKind], secret: &str) -> Result<Option<Token>> {
    let of_user = Expr::col(Tokens::UserId).eq(user.as_str());
    let tokens: Vec<Token> = tx.all(&Token::select().and_where(of_user).take())?;
    let (digest, now) = (secrets::digest(secret), tx.now());
    let live = |token: &Token| kinds.contains(&token.kind) && token.expire >= now && token.attempts < MAX_ATTEMPTS;
    let claimed = |token: &Token| live(token) && secrets::same(&token.secret, &digest);
    Ok(tokens.into_iter().find(claimed))
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
    void(tx, user, TokenKind::ALL)
}

/// Kinds of tokens sent by e-mail.
const BY_MAIL: &[TokenKind] = &[
    TokenKind::MagicUrl,
    TokenKind::EmailOtp,
    TokenKind::Verification,
    TokenKind::Recovery,
];
/// Kinds of tokens sent by SMS.
const BY_SMS: &[TokenKind] = &[TokenKind::Phone, TokenKind::PhoneVerification];

/// Voids what was sent to a user's former address: it proves nothing of the new one.
pub fn void_mailed(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    void(tx, user, BY_MAIL)
}

/// Voids what was sent to a user's former number.
pub fn void_texted(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    void(tx, user, BY_SMS)
}

fn void(tx: &mut Tx<'_>, user: &UserId, kinds: &[TokenKind]) -> Result<()> {
    let delete = Query::delete()
        .from_table(Tokens::Table)
        .and_where(Expr::col(Tokens::UserId).eq(user.as_str()))
        .and_where(Expr::col(Tokens::Kind).is_in(kinds.iter().map(|kind| kind.as_str())))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

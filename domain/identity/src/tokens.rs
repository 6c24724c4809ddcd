//! One-time tokens: secrets or codes that can be exchanged for a session, or confirm an address, once.

use std::time::Duration;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Order, Query};
use kernel::Timestamp;

use crate::ids::{TokenId, UserId};
use crate::{Origin, Result};

kernel::choices! {
    /// Purpose of a token.
    pub enum TokenKind {
        /// Created by a server for one of its users.
        Generic = "generic",
        /// The result of an OAuth2 sign-in, exchanged for a session by the app's server.
        OAuth2 = "oauth2",
        /// A link for signing in, sent by mail.
        MagicUrl = "magic-url",
        /// A code for signing in, sent by mail.
        EmailOtp = "email-otp",
        /// A code for signing in, sent by SMS.
        Phone = "phone",
        /// A link for verifying an e-mail address, sent by mail.
        Verification = "verification",
        /// A code for verifying a phone number, sent by SMS.
        PhoneVerification = "phone-verification",
        /// A link for setting a new password, sent by mail.
        Recovery = "recovery",
    }
}

db::text_value!(TokenKind, TokenKind::parse);

db::table! {
    /// A one-time token.
    pub struct Token in tokens as Tokens {
        /// Its ID.
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
        /// The identity used by an OAuth2 sign-in.
        pub identity_id: Option<String> => IdentityId,
        /// The client's `User-Agent`.
        pub user_agent: String => UserAgent,
        /// The client's address.
        pub ip: String => Ip,
        /// Number of wrong guesses.
        pub attempts: i64 => Attempts,
        /// User ID in the reply to a client that requested the token for an address. It is the one that the client chose
        /// for a new user, so that the reply does not tell whether the address has a user. The client repeats it to
        /// claim the token.
        pub alias: Option<String> => Alias,
    }
}

/// Wrong secrets after which a token is void, so that a short code cannot be guessed.
const MAX_ATTEMPTS: i64 = 5;

/// Decimal digits of a code that a user types.
const CODE_DIGITS: usize = 6;

impl TokenKind {
    /// Kinds that can be exchanged for a session.
    pub const OF_SESSIONS: &'static [Self] = &[Self::Generic, Self::MagicUrl, Self::EmailOtp, Self::Phone];

    /// Whether the secret may be short enough to be guessed: codes, and secrets whose length a server chose.
    fn is_guessable(self) -> bool {
        matches!(
            self,
            Self::Generic | Self::EmailOtp | Self::Phone | Self::PhoneVerification
        )
    }

    /// Whether a user types it. Only the newest code of a kind is valid.
    fn is_code(self) -> bool {
        matches!(self, Self::EmailOtp | Self::Phone | Self::PhoneVerification)
    }
}

/// Generates a code for a user to type.
pub fn code() -> String {
    secrets::random::digits(CODE_DIGITS)
}

/// A new token.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// Purpose.
    pub kind: TokenKind,
    /// The secret; only its digest is stored.
    pub secret: &'a str,
    /// Validity.
    pub life: Duration,
    /// The identity used by an OAuth2 sign-in.
    pub identity: Option<&'a str>,
    /// User ID in the reply, if it is not the user's: see [`Token::alias`].
    pub alias: Option<&'a UserId>,
}

/// Creates a token of a user.
pub fn create(tx: &mut Tx<'_>, user: &UserId, new: NewToken<'_>, origin: &Origin) -> Result<Token> {
    let now = tx.now();
    let token = Token {
        id: TokenId::generate(now),
        created_at: now,
        user_id: user.clone(),
        kind: new.kind,
        secret: secrets::digest(new.secret),
        expire: now.plus(new.life),
        identity_id: new.identity.map(str::to_owned),
        user_agent: origin.user_agent.clone(),
        ip: origin.ip.clone(),
        attempts: 0,
        alias: new.alias.map(ToString::to_string),
    };
    tidy(tx, user, new.kind)?;
    tx.execute(&token.insert())?;
    Ok(token)
}

/// Deletes a user's expired tokens, and the codes that a new code replaces.
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

/// Result of claiming a token. A wrong secret is counted, so the act must be committed, not rolled back.
#[derive(Debug)]
pub enum Claim {
    /// The secret was right; the token is deleted.
    Granted(Token),
    /// No such token, expired, or too many wrong guesses.
    Refused,
}

/// Claims a token of the given kinds by its secret, and deletes it: only one caller can succeed. `user` is the token's
/// user, or its alias.
pub fn claim(tx: &mut Tx<'_>, user: &UserId, kinds: &[TokenKind], secret: &str) -> Result<Claim> {
    let mut tokens = claimable(tx, user)?;
    tokens.retain(|token| kinds.contains(&token.kind));
    if let Some(token) = matching(&tokens, secret, tx.now())
        && remove(tx, &token.id)?
    {
        return Ok(Claim::Granted(token.clone()));
    }
    let guessable = tokens.iter().filter(|token| token.kind.is_guessable());
    let miss = Query::update()
        .table(Tokens::Table)
        .value(Tokens::Attempts, Expr::col(Tokens::Attempts).add(1))
        .and_where(Expr::col(Tokens::Id).is_in(guessable.map(|token| token.id.as_str())))
        .take();
    tx.execute(&miss)?;
    Ok(Claim::Refused)
}

/// Finds the token of a secret, read-only. A wrong guess is not counted: use it only for secrets that cannot be
/// guessed.
pub fn find(tx: &mut Tx<'_>, user: &UserId, kinds: &[TokenKind], secret: &str) -> Result<Option<Token>> {
    let mut tokens = claimable(tx, user)?;
    tokens.retain(|token| kinds.contains(&token.kind));
    Ok(matching(&tokens, secret, tx.now()).cloned())
}

fn matching<'a>(tokens: &'a [Token], secret: &str, now: Timestamp) -> Option<&'a Token> {
    let digest = secrets::digest(secret);
    let is_live = |token: &&Token| token.expire >= now && token.attempts < MAX_ATTEMPTS;
    let claimed = |token: &&Token| is_live(token) && secrets::same(&token.secret, &digest);
    tokens.iter().find(claimed)
}

/// The tokens of a user, and the newest token with this alias. Only the newest, so that one guess is never compared with
/// the codes of several users.
fn claimable(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<Token>> {
    let of_user = Expr::col(Tokens::UserId).eq(user.as_str());
    let mut tokens: Vec<Token> = tx.all(&Token::select().and_where(of_user.clone()).take())?;
    let by_alias = Token::select()
        .and_where(Expr::col(Tokens::Alias).eq(user.as_str()))
        .and_where(of_user.not())
        .order_by(Tokens::CreatedAt, Order::Desc)
        .order_by(Tokens::Id, Order::Desc)
        .limit(1)
        .take();
    tokens.extend(tx.optional::<Token>(&by_alias)?);
    Ok(tokens)
}

fn remove(tx: &mut Tx<'_>, id: &TokenId) -> Result<bool> {
    let delete = Query::delete()
        .from_table(Tokens::Table)
        .and_where(Expr::col(Tokens::Id).eq(id.as_str()))
        .take();
    Ok(tx.execute(&delete)? == 1)
}

/// Deletes all tokens of a user.
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

/// Deletes the tokens sent to a user's former e-mail address: they prove nothing about the new one.
pub fn void_mailed(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    void(tx, user, BY_MAIL)
}

/// Deletes the tokens sent to a user's former phone number.
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

//! Exchange of a one-time token for a session.

use api::{Act, Call, Created, Result, With};
use identity::ownership::{self, Address, Proving};
use identity::sessions::{Grant, Proof};
use identity::tokens::{self, Claim, Token, TokenKind};
use identity::users::{self, User};
use identity::{TokenError, UserError, UserId};
use kernel::param::Text;
use secrets::{Vault, jwt};
use serde::{Deserialize, Serialize};
use views::SessionOpener;

use crate::State;

/// JWT claims of the secret that an OAuth2 token flow returns.
#[derive(Serialize, Deserialize)]
pub(crate) struct TokenClaims {
    /// Secret of the stored token.
    pub(crate) secret: String,
    /// Provider ID.
    pub(crate) provider: String,
    /// Whether the provider's claim of multi-factor authentication is accepted.
    #[serde(default)]
    pub(crate) mfa: bool,
}

/// JWT purpose of those secrets.
pub(crate) const TOKEN_JWT: &str = "oauth2-token";

kernel::params! {
    /// Parameters of an exchange.
    pub(crate) struct CreateSession {
        /// User ID.
        user_id: UserId = "userId",
        /// Secret of the token.
        secret: Text<2048, 1> = "secret",
    }
}

/// Creates a session from a one-time token of any sign-in kind.
pub(crate) async fn create(call: Call<State>, input: CreateSession) -> Result<With<Created<views::Session>>> {
    let read = jwt::verify::<TokenClaims>(call.app.vault.signing_key(), TOKEN_JWT, &input.secret.0, call.now());
    // Secrets of OAuth2 sign-ins are accepted only as signed JWTs.
    match read {
        Ok(claims) => exchange(call, input.user_id, &[TokenKind::OAuth2], claims.secret, claims.mfa).await,
        Err(_) => exchange(call, input.user_id, TokenKind::OF_SESSIONS, input.secret.0, false).await,
    }
}

/// Creates a session from the secret of a magic URL; used by older clients.
pub(crate) async fn by_magic_url(call: Call<State>, input: CreateSession) -> Result<With<Created<views::Session>>> {
    exchange(call, input.user_id, &[TokenKind::MagicUrl], input.secret.0, false).await
}

/// Creates a session from the code of an SMS; used by older clients.
pub(crate) async fn by_phone(call: Call<State>, input: CreateSession) -> Result<With<Created<views::Session>>> {
    exchange(call, input.user_id, &[TokenKind::Phone], input.secret.0, false).await
}

async fn exchange(
    call: Call<State>,
    user: UserId,
    kinds: &'static [TokenKind],
    secret: String,
    mfa: bool,
) -> Result<With<Created<views::Session>>> {
    call.check_guesses().await?;
    let opener = SessionOpener::of(&call);
    let opening = opener.clone();
    let (policy, console) = (call.project.policy().clone(), call.project.is_console());
    let opened = call
        .act(move |act| {
            // A wrong secret returns `Ok(None)` instead of an error, so that the act commits the number of failed
            // attempts.
            let Claim::Granted(token) = tokens::claim(act, &user, kinds, &secret)? else {
                return Ok(None);
            };
            let mut user = users::lock(act, &token.user_id)?;
            if !user.status {
                return Err(api::Error::from(UserError::Blocked));
            }
            if let Some(address) = proven_address(token.kind) {
                let how = Proving {
                    signed_in: false,
                    policy: &policy,
                    console,
                };
                user = ownership::prove(act, user, address, how)?;
            }
            let proof = proof_of(act, &token, &user, opening.vault(), mfa)?;
            opening.open(act, &user.id, proof).map(Some)
        })
        .await?;
    let Some(opened) = opened else {
        call.count_wrong_guess().await;
        return Err(TokenError::Invalid.into());
    };
    opener.answer(&call, &opened)
}

/// The address that the secret was sent to, which is thereby proven.
fn proven_address(kind: TokenKind) -> Option<Address> {
    match kind {
        TokenKind::MagicUrl | TokenKind::EmailOtp => Some(Address::Email),
        TokenKind::Phone => Some(Address::Phone),
        _ => None,
    }
}

fn proof_of(act: &mut Act<'_, '_>, token: &Token, user: &User, vault: &Vault, mfa: bool) -> Result<Proof> {
    let email = user.email.as_deref().unwrap_or_default();
    let phone = user.phone.as_deref().unwrap_or_default();
    let identity = match (token.kind, &token.identity_id) {
        (TokenKind::MagicUrl, _) => return Ok(Proof::local("magic-url", email, "email")),
        (TokenKind::EmailOtp, _) => return Ok(Proof::local("token", email, "email")),
        (TokenKind::Phone, _) => return Ok(Proof::local("phone", phone, "phone")),
        (TokenKind::OAuth2, Some(id)) => {
            let id = identity::IdentityId::trusted(id.as_str());
            identity::identities::find(act, &token.user_id, &id).map_err(|_| TokenError::Invalid)?
        }
        _ => return Ok(Proof::local("token", "", "token")),
    };
    let grant = Grant::open(vault, identity.provider_grant.as_deref(), identity.id.as_str())?;
    Ok(Proof {
        provider: identity.provider,
        provider_uid: identity.provider_uid,
        factors: identity::factors::of_provider(mfa),
        grant: Some((grant, identity.provider_expiry)),
    })
}

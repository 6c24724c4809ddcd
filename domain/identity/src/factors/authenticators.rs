//! Authenticators: apps that generate time-based codes from a secret (see `secrets::totp`).
//!
//! A user has at most one. It is valid once the user has entered a code from it; until then it can be replaced. A time
//! step whose code was accepted, at set-up or in a challenge, cannot be used again, nor can earlier ones.

use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Locked, Tx};
use kernel::Timestamp;
use secrets::{Sealed, Vault, totp};

use super::factor;
use crate::error::FactorError;
use crate::ids::{AuthenticatorId, UserId};
use crate::{Result, stale};

kernel::choices! {
    /// Type of an authenticator.
    pub enum AuthenticatorType {
        /// Time-based one-time passwords (RFC 6238).
        Totp = "totp",
    }
}

db::text_value!(AuthenticatorType, AuthenticatorType::parse);

db::table! {
    /// An authenticator of a user.
    pub struct Authenticator in authenticators as Authenticators {
        /// Its ID.
        pub id: AuthenticatorId => Id,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change or use.
        pub updated_at: Timestamp => UpdatedAt,
        /// The user it belongs to.
        pub user_id: UserId => UserId,
        /// Type.
        pub kind: AuthenticatorType => Kind,
        /// The secret, sealed.
        pub secret: String => Secret,
        /// Whether the user has entered a code from it.
        pub verified: bool => Verified,
        /// The last used time step.
        pub last_step: i64 => LastStep,
        /// Number of wrong codes during set-up.
        pub attempts: i64 => Attempts,
    }
}

/// Wrong codes after which the set-up must be started again.
const MAX_ATTEMPTS: i64 = 10;

/// Creates an authenticator, replacing one that was never verified, and returns its secret.
pub fn create(tx: &mut Tx<'_>, user: &UserId, vault: &Vault) -> Result<String> {
    factor::lock(tx, user)?;
    match find(tx, user)? {
        Some(existing) if existing.verified => return Err(FactorError::AuthenticatorVerified.into()),
        Some(existing) => remove_row(tx, &existing)?,
        None => {}
    }
    let (now, secret) = (tx.now(), totp::secret());
    let id = AuthenticatorId::generate(now);
    let authenticator = Authenticator {
        created_at: now,
        updated_at: now,
        user_id: user.clone(),
        kind: AuthenticatorType::Totp,
        secret: vault.seal(&secret, &seal_context(&id)).0,
        verified: false,
        last_step: -1,
        attempts: 0,
        id,
    };
    tx.execute(&authenticator.insert())?;
    Ok(secret)
}

/// Verifies an authenticator with its first code; false if the code is wrong. A wrong code is counted, so the act must
/// be committed, not rolled back.
pub fn verify(tx: &mut Tx<'_>, user: &UserId, otp: &str, vault: &Vault) -> Result<bool> {
    factor::lock(tx, user)?;
    let mut authenticator = lock(tx, user)?.ok_or(FactorError::AuthenticatorNotFound)?;
    if authenticator.verified {
        return Err(FactorError::AuthenticatorVerified.into());
    }
    let step = step_of(tx, &authenticator, otp, vault)?.filter(|_| authenticator.attempts < MAX_ATTEMPTS);
    match step {
        Some(step) => {
            authenticator.verified = true;
            authenticator.last_step = step;
        }
        None => authenticator.attempts += 1,
    }
    save(tx, &mut authenticator)?;
    Ok(step.is_some())
}

/// Whether a code of the user's verified authenticator is right. If so, its time step is marked as used.
pub(super) fn prove(tx: &mut Tx<'_>, user: &UserId, otp: &str, vault: &Vault) -> Result<bool> {
    let Some(mut authenticator) = lock(tx, user)?.filter(|own| own.verified) else {
        return Ok(false);
    };
    let step = step_of(tx, &authenticator, otp, vault)?;
    let Some(step) = step.filter(|step| *step > authenticator.last_step) else {
        return Ok(false);
    };
    authenticator.last_step = step;
    save(tx, &mut authenticator)?;
    Ok(true)
}

/// Whether a user has a verified authenticator.
pub fn is_verified(tx: &mut Tx<'_>, user: &UserId) -> Result<bool> {
    Ok(find(tx, user)?.is_some_and(|own| own.verified))
}

/// Deletes a user's authenticator.
pub fn remove(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    factor::lock(tx, user)?;
    let authenticator = find(tx, user)?.ok_or(FactorError::AuthenticatorNotFound)?;
    remove_row(tx, &authenticator)
}

fn find(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<Authenticator>> {
    Ok(tx.optional(&of_user(user))?)
}

fn lock(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<Locked<Authenticator>>> {
    Ok(tx.lock_row(&of_user(user))?)
}

fn of_user(user: &UserId) -> SelectStatement {
    Authenticator::select()
        .and_where(Expr::col(Authenticators::UserId).eq(user.as_str()))
        .and_where(Expr::col(Authenticators::Kind).eq(AuthenticatorType::Totp.as_str()))
        .take()
}

fn step_of(tx: &Tx<'_>, authenticator: &Authenticator, otp: &str, vault: &Vault) -> Result<Option<i64>> {
    let secret = vault.open(&Sealed(authenticator.secret.clone()), &seal_context(&authenticator.id))?;
    Ok(totp::matching_step(&secret, otp, tx.now()))
}

fn save(tx: &mut Tx<'_>, authenticator: &mut Locked<Authenticator>) -> Result<()> {
    authenticator.updated_at = tx.now();
    tx.save(authenticator)?;
    stale::touch(tx, &authenticator.user_id);
    Ok(())
}

fn remove_row(tx: &mut Tx<'_>, authenticator: &Authenticator) -> Result<()> {
    let delete = Query::delete()
        .from_table(Authenticators::Table)
        .and_where(Expr::col(Authenticators::Id).eq(authenticator.id.as_str()))
        .take();
    tx.execute(&delete)?;
    stale::touch(tx, &authenticator.user_id);
    Ok(())
}

/// The context in which a secret is sealed: it can be opened for this row only.
fn seal_context(id: &AuthenticatorId) -> String {
    format!("authenticators/{id}")
}

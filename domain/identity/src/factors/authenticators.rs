//! Authenticators: apps that make codes from a secret and the clock (see `secrets::totp`).
//!
//! One a user. It counts once the user has shown a code of it; until then it can be replaced. A step whose code opened
//! something is spent, and so is every earlier one.

use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Locked, Tx};
use kernel::Timestamp;
use secrets::{Sealed, Vault, totp};

use super::factor;
use crate::error::Error;
use crate::ids::{AuthenticatorId, UserId};
use crate::{Result, stale};

kernel::choices! {
    /// Type of an authenticator.
    pub enum AuthenticatorType {
        /// By the clock.
        Totp = "totp",
    }
}

db::text_value!(AuthenticatorType, AuthenticatorType::parse);

db::table! {
    /// An authenticator of a user.
    pub struct Authenticator in authenticators as Authenticators {
        /// Its id.
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
        /// Whether the user has shown a code of it.
        pub verified: bool => Verified,
        /// The last step that was used.
        pub last_step: i64 => LastStep,
        /// Wrong codes while it was being set up.
        pub attempts: i64 => Attempts,
    }
}

/// After so many wrong codes the set-up begins anew.
const MAX_ATTEMPTS: i64 = 10;

/// Makes an authenticator, in the place of one that was never verified, and answers its secret.
pub fn create(tx: &mut Tx<'_>, user: &UserId, vault: &Vault) -> Result<String> {
    factor::lock(tx, user)?;
    match find(tx, user)? {
        Some(existing) if existing.verified => return Err(Error::AuthenticatorVerified),
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

/// Whether the first code that the user shows is right; then the authenticator counts. A wrong one is counted, so it must
/// be committed, not rolled back. This use spends no step: the user may answer a challenge with the same code.
pub fn verify(tx: &mut Tx<'_>, user: &UserId, otp: &str, vault: &Vault) -> Result<bool> {
    factor::lock(tx, user)?;
    let mut authenticator = lock(tx, user)?.ok_or(Error::AuthenticatorNotFound)?;
    if authenticator.verified {
        return Err(Error::AuthenticatorVerified);
    }
    let right = authenticator.attempts < MAX_ATTEMPTS && step_of(tx, &authenticator, otp, vault)?.is_some();
    authenticator.verified = right;
    authenticator.attempts += i64::from(!right);
    save(tx, &mut authenticator)?;
    Ok(right)
}

/// Whether a code of the user's verified authenticator answers a challenge. Its step is spent then.
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

/// Takes a user's authenticator away.
pub fn remove(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    factor::lock(tx, user)?;
    let authenticator = find(tx, user)?.ok_or(Error::AuthenticatorNotFound)?;
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

/// A sealed secret is bound to its own row.
fn seal_context(id: &AuthenticatorId) -> String {
    format!("authenticators/{id}")
}

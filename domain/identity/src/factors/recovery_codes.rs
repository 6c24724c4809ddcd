//! Recovery codes: single-use codes that a user writes down, for the case that every other factor is lost.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use kernel::Timestamp;
use secrets::{Sealed, Vault};

use super::factor;
use crate::Result;
use crate::error::FactorError;
use crate::ids::UserId;

db::table! {
    /// The unused codes of a user.
    pub struct StoredCodes in recovery_codes as RecoveryCodes {
        /// The user they belong to.
        pub user_id: UserId => UserId,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last use.
        pub updated_at: Timestamp => UpdatedAt,
        /// The codes, separated by blanks and sealed, because the user can show them again.
        pub codes: String => Codes,
    }
}

/// Number of codes generated for a user.
const COUNT: usize = 6;
/// Hexadecimal digits of a code.
const LENGTH: usize = 10;

/// Creates the first codes of a user.
pub fn create(tx: &mut Tx<'_>, user: &UserId, vault: &Vault) -> Result<Vec<String>> {
    factor::lock(tx, user)?;
    if exist(tx, user)? {
        return Err(FactorError::RecoveryCodesExist.into());
    }
    insert(tx, user, vault)
}

/// Replaces the codes of a user by new ones.
pub fn regenerate(tx: &mut Tx<'_>, user: &UserId, vault: &Vault) -> Result<Vec<String>> {
    factor::lock(tx, user)?;
    if !remove(tx, user)? {
        return Err(FactorError::RecoveryCodesNotFound.into());
    }
    insert(tx, user, vault)
}

/// The unused codes of a user.
pub fn list(tx: &mut Tx<'_>, user: &UserId, vault: &Vault) -> Result<Vec<String>> {
    let stored = find(tx, user)?.ok_or(FactorError::RecoveryCodesNotFound)?;
    open(&stored, vault)
}

/// Whether a user has recovery codes.
pub fn exist(tx: &mut Tx<'_>, user: &UserId) -> Result<bool> {
    Ok(find(tx, user)?.is_some())
}

/// Whether a code is one of the user's. If so, it is deleted.
pub(super) fn take(tx: &mut Tx<'_>, user: &UserId, given: &str, vault: &Vault) -> Result<bool> {
    let Some(mut stored) = tx.lock_row::<StoredCodes>(&of_user(user))? else {
        return Ok(false);
    };
    let given = given.trim().to_ascii_lowercase();
    let codes = open(&stored, vault)?;
    // Every code is compared, so that the duration does not reveal which one matched.
    let left: Vec<String> = codes
        .iter()
        .filter(|code| !secrets::same(code, &given))
        .cloned()
        .collect();
    if left.len() == codes.len() {
        return Ok(false);
    }
    if left.is_empty() {
        return remove(tx, user);
    }
    stored.updated_at = tx.now();
    stored.codes = seal(&left, user, vault);
    Ok(tx.save(&mut stored)?)
}

fn find(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<StoredCodes>> {
    Ok(tx.optional(&of_user(user))?)
}

fn of_user(user: &UserId) -> SelectStatement {
    StoredCodes::select()
        .and_where(Expr::col(RecoveryCodes::UserId).eq(user.as_str()))
        .take()
}

fn insert(tx: &mut Tx<'_>, user: &UserId, vault: &Vault) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..COUNT).map(|_| secrets::random::hex(LENGTH)).collect();
    let now = tx.now();
    let stored = StoredCodes {
        user_id: user.clone(),
        created_at: now,
        updated_at: now,
        codes: seal(&codes, user, vault),
    };
    tx.execute(&stored.insert())?;
    Ok(codes)
}

fn remove(tx: &mut Tx<'_>, user: &UserId) -> Result<bool> {
    let delete = Query::delete()
        .from_table(RecoveryCodes::Table)
        .and_where(Expr::col(RecoveryCodes::UserId).eq(user.as_str()))
        .take();
    Ok(tx.execute(&delete)? == 1)
}

fn seal(codes: &[String], user: &UserId, vault: &Vault) -> String {
    vault.seal(&codes.join(" "), &seal_context(user)).0
}

fn open(stored: &StoredCodes, vault: &Vault) -> Result<Vec<String>> {
    let codes = vault.open(&Sealed(stored.codes.clone()), &seal_context(&stored.user_id))?;
    Ok(codes.split(' ').map(str::to_owned).collect())
}

/// The context in which codes are sealed: they can be opened for this user only.
fn seal_context(user: &UserId) -> String {
    format!("recovery_codes/{user}")
}

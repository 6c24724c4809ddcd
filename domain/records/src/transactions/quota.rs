//! Quotas of transactions: how many a client may have open, and how many bytes may be staged, by one client and in the
//! whole project. Servers share the quotas of the project.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use kernel::Timestamp;

use super::{Stage, Staged, Transactions};
use crate::{Access, Result, TransactionError};

/// Maximum number of open transactions of one client; all guests together are one.
pub const OPEN_OF_CLIENT: i64 = 20;
/// Maximum number of open transactions of a project.
pub const OPEN: i64 = 1000;
/// Maximum size of the staged operations of one client, in bytes.
pub const BYTES_OF_CLIENT: i64 = 16 << 20;
/// Maximum size of all staged operations of a project, in bytes.
pub const BYTES: i64 = 256 << 20;

/// The owner that is stored with a transaction: a user; none for a server; no user's ID for guests.
pub(super) fn owner(access: &Access) -> Option<String> {
    access.client().map(|client| client.user.clone().unwrap_or_default())
}

/// Locks the quota of a client until the act ends. Must be called before a transaction is locked.
pub(super) fn lock(tx: &mut Tx<'_>, access: &Access) -> Result<()> {
    match owner(access) {
        Some(owner) => Ok(tx.lock(&format!("transactions {owner}"))?),
        // Several servers may exceed the quota of the project by what they stage at the same moment.
        None => Ok(()),
    }
}

/// Fails with [`TransactionError::Quota`] if the caller or the project has too many open transactions for another one.
pub(super) fn check_open(tx: &mut Tx<'_>, access: &Access) -> Result<()> {
    let now = tx.now();
    let open = || {
        Query::select()
            .expr(Func::count(Expr::col(Transactions::Seq)))
            .from(Transactions::Table)
            .and_where(Expr::col(Transactions::Status).eq(Stage::Pending.as_str()))
            .and_where(Expr::col(Transactions::ExpiresAt).gt(db::value(&now)))
            .take()
    };
    let refuse = |rule: String| TransactionError::Quota(format!("{rule}; commit or roll back another one first"));
    if of_client(tx, access, open())?.is_some_and(|open| open >= OPEN_OF_CLIENT) {
        return Err(refuse(format!("At most {OPEN_OF_CLIENT} transactions of a user can be open")).into());
    }
    if tx.one::<i64>(&open())? >= OPEN {
        return Err(refuse(format!("At most {OPEN} transactions of a project can be open")).into());
    }
    Ok(())
}

/// Fails with [`TransactionError::Quota`] if the caller or the project has staged too much for `more` bytes.
pub(super) fn check_bytes(tx: &mut Tx<'_>, access: &Access, more: i64) -> Result<()> {
    let staged = || {
        // A sum of `bigint` is `numeric` on PostgreSQL.
        let sum = Expr::from(Func::sum(Expr::col(Transactions::Bytes))).cast_as("bigint");
        Query::select()
            .expr(Func::coalesce([sum, Expr::value(0)]))
            .from(Transactions::Table)
            .and_where(Expr::col(Transactions::Bytes).gt(0))
            .take()
    };
    let of_client = of_client(tx, access, staged())?;
    let refuse = |most: i64, whose: &str| {
        let mebibytes = most >> 20;
        TransactionError::Quota(format!(
            "The operations that {whose} has staged exceed {mebibytes} MiB; commit or roll back a transaction first"
        ))
    };
    if of_client.is_some_and(|staged| staged.saturating_add(more) > BYTES_OF_CLIENT) {
        return Err(refuse(BYTES_OF_CLIENT, "a user").into());
    }
    if tx.one::<i64>(&staged())?.saturating_add(more) > BYTES {
        return Err(refuse(BYTES, "a project").into());
    }
    Ok(())
}

/// Deletes the staged operations of some transactions that expired before an instant; returns the number of these
/// transactions.
pub(crate) fn free_expired(tx: &mut Tx<'_>, before: Timestamp) -> std::result::Result<u64, db::Error> {
    /// Each has up to as many bytes as its caller may stage.
    const SOME: u64 = 8;
    let expired = Query::select()
        .column(Transactions::Seq)
        .from(Transactions::Table)
        .and_where(Expr::col(Transactions::Bytes).gt(0))
        .and_where(Expr::col(Transactions::ExpiresAt).lt(db::value(&before)))
        .limit(SOME)
        .take();
    let expired: Vec<i64> = tx.all(&expired)?;
    if expired.is_empty() {
        return Ok(0);
    }
    let staged = Query::delete()
        .from_table(Staged::Table)
        .and_where(Expr::col(Staged::TransactionSeq).is_in(expired.clone()))
        .take();
    tx.execute(&staged)?;
    let count = expired.len() as u64;
    let free = Query::update()
        .table(Transactions::Table)
        .value(Transactions::Bytes, 0)
        .and_where(Expr::col(Transactions::Seq).is_in(expired))
        .take();
    tx.execute(&free)?;
    Ok(count)
}

/// A figure of the caller's own transactions; none for a server.
fn of_client(tx: &mut Tx<'_>, access: &Access, mut query: SelectStatement) -> Result<Option<i64>> {
    let Some(owner) = owner(access) else { return Ok(None) };
    query.and_where(Expr::col(Transactions::Owner).eq(owner));
    Ok(Some(tx.one(&query)?))
}

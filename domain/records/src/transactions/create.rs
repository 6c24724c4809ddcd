//! Creation of transactions, within their quotas.

use std::time::Duration;

use db::Tx;
use db::sea_query::{Expr, Query};

use super::{REMEMBERED, Stage, TTL, Transaction, Transactions, clear, quota};
use crate::{Access, Result, TransactionId};

/// Creates a transaction that can be committed within `ttl` seconds. Deletes expired ones.
///
/// Fails with [`Quota`](crate::TransactionError::Quota) if the caller or the project has too many open ones.
pub fn create(tx: &mut Tx<'_>, access: &Access, ttl: i64) -> Result<Transaction> {
    let now = tx.now();
    quota::lock(tx, access)?;
    clear(tx, now.minus(REMEMBERED))?;
    quota::check_open(tx, access)?;
    let seconds = ttl.clamp(*TTL.start(), *TTL.end()).unsigned_abs();
    let mut transaction = Transaction {
        seq: 0,
        id: TransactionId::generate(now),
        owner: quota::owner(access),
        status: Stage::Pending,
        operations: 0,
        bytes: 0,
        expires_at: now.plus(Duration::from_secs(seconds)),
        created_at: now,
        updated_at: now,
    };
    let values = transaction.values().into_iter().skip(1).map(Expr::from);
    let insert = Query::insert()
        .into_table(Transactions::Table)
        .columns(Transaction::COLUMNS.into_iter().skip(1))
        .values_panic(values)
        .returning_col(Transactions::Seq)
        .take();
    transaction.seq = tx.one(&insert)?;
    Ok(transaction)
}

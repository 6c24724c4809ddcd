//! Transactions: operations on rows that a client stages one by one, and commits atomically.
//!
//! An operation is stored as requested ([`Operation`]) and changes nothing. A commit runs all operations in order, in
//! one transaction of the SQL database; it fails as a whole if an operation fails, or if its row was changed after the
//! operation was staged. Reads in a transaction return the state after its operations ([`through`]).
//!
//! A user can access only their own transactions, a server all of them. An operation that a server staged runs with a
//! server's rights; other operations run with the rights of the caller who commits.

mod create;
pub mod quota;
mod replay;
mod stage;

use std::time::Duration;

use db::list::{self, Page, Queryable};
use db::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;
use kernel::query::Queries;
use serde::{Deserialize, Serialize};

use crate::rows::Step;
use crate::{Access, DatabaseId, Result, TableId, TransactionError, TransactionId};

pub use create::create;
pub(crate) use replay::commit;
pub use replay::through;
pub use stage::{Preview, stage};

/// Maximum number of operations in a transaction.
pub const MOST: usize = 100;
/// Allowed lifetime of a transaction, in seconds.
pub const TTL: std::ops::RangeInclusive<i64> = 60..=3600;
/// Time that an expired transaction stays readable, so that late calls learn that it expired.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

kernel::choices! {
    /// State of a transaction.
    pub enum Stage {
        /// Operations can be staged.
        Pending = "pending",
        /// The commit is running; never visible, because a commit is one SQL transaction.
        Committing = "committing",
        /// All operations were done.
        Committed = "committed",
        /// Unused: a rolled-back transaction is reported as `failed`, as in Appwrite 1.8.
        RolledBack = "rolled_back",
        /// The commit failed, or the transaction was rolled back.
        Failed = "failed",
    }
}

db::text_value!(Stage, Stage::parse);

db::table! {
    /// A transaction.
    pub struct Transaction in transactions as Transactions {
        /// Its number, ascending in the order of creation.
        pub seq: i64 => Seq,
        /// Its ID.
        pub id: TransactionId => Id,
        /// ID of the user who created it; none for a server, empty for a guest.
        pub owner: Option<String> => Owner,
        /// Status.
        pub status: Stage => Status,
        /// Number of staged operations.
        pub operations: i64 => Operations,
        /// Size of the staged operations, in bytes.
        pub bytes: i64 => Bytes,
        /// Expiry time.
        pub expires_at: Timestamp => ExpiresAt,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

db::table! {
    /// A staged operation.
    pub(crate) struct StagedEntry in staged as Staged {
        pub(crate) seq: i64 => Seq,
        pub(crate) transaction_seq: i64 => TransactionSeq,
        pub(crate) operation: Json<Operation> => Operation,
        pub(crate) time: Timestamp => Time,
        /// Update time of the row when the operation was staged; `None` if there was no row, or for operations on
        /// several rows.
        pub(crate) seen_at: Option<Timestamp> => SeenAt,
    }
}

/// An operation on rows of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The database.
    pub database: DatabaseId,
    /// The table.
    pub table: TableId,
    /// Operation.
    pub step: Step,
    /// Whether a server staged it.
    #[serde(default)]
    pub by_server: bool,
}

/// Attributes by which transactions can be queried.
pub fn queryable() -> Queryable {
    Queryable::new(Transactions::Id)
        .integer("$sequence", Transactions::Seq)
        .text("status", Transactions::Status)
        .datetime("expiresAt", Transactions::ExpiresAt)
        .datetime("$createdAt", Transactions::CreatedAt)
        .datetime("$updatedAt", Transactions::UpdatedAt)
}

/// Finds a transaction, if the caller may access it.
pub fn find(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Transaction> {
    let found: Option<Transaction> = tx.optional(&by_id(id))?;
    found
        .filter(|found| is_own(access, found))
        .ok_or(TransactionError::NotFound.into())
}

fn lock(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Locked<Transaction>> {
    let found = tx.lock_row::<Transaction>(&by_id(id))?;
    found
        .filter(|found| is_own(access, found))
        .ok_or(TransactionError::NotFound.into())
}

fn by_id(id: &TransactionId) -> SelectStatement {
    Transaction::select()
        .and_where(Expr::col(Transactions::Id).eq(id.as_str()))
        .take()
}

/// Clients may access transactions that they created; guests none.
fn is_own(access: &Access, transaction: &Transaction) -> bool {
    let client = access.client();
    client.is_none_or(|client| client.user.is_some() && client.user == transaction.owner)
}

/// Lists the transactions that the caller may access.
pub fn list(tx: &mut Tx<'_>, access: &Access, queries: &Queries) -> Result<Page<Transaction>> {
    let mut base = Transaction::select();
    if let Access::Client(client) = access {
        // A guest has none: no user has an empty ID.
        let owner = client.user.as_deref().unwrap_or_default();
        base.and_where(Expr::col(Transactions::Owner).eq(owner));
    }
    Ok(list::list(tx, &base, &queryable(), queries)?)
}

/// Deletes a transaction with its staged operations.
pub fn delete(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<()> {
    let transaction = lock(tx, access, id)?;
    forget(tx, transaction.seq)?;
    let delete = Query::delete()
        .from_table(Transactions::Table)
        .and_where(Expr::col(Transactions::Seq).eq(transaction.seq))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

/// Rolls back a transaction.
pub fn roll_back(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Transaction> {
    let mut transaction = pending(tx, access, id)?;
    end(tx, &mut transaction, Stage::Failed)?;
    Ok(transaction.into_inner())
}

/// A pending, unexpired transaction, locked until the SQL transaction ends.
fn pending(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Locked<Transaction>> {
    let transaction = lock(tx, access, id)?;
    if transaction.status != Stage::Pending {
        return Err(TransactionError::NotReady.into());
    }
    if transaction.expires_at <= tx.now() {
        return Err(TransactionError::Expired.into());
    }
    Ok(transaction)
}

/// Ends a transaction and deletes its staged operations.
fn end(tx: &mut Tx<'_>, transaction: &mut Locked<Transaction>, status: Stage) -> Result<()> {
    forget(tx, transaction.seq)?;
    transaction.bytes = 0;
    transaction.status = status;
    save(tx, transaction)
}

fn save(tx: &mut Tx<'_>, transaction: &mut Locked<Transaction>) -> Result<()> {
    transaction.updated_at = tx.now();
    tx.save(transaction)?;
    Ok(())
}

fn forget(tx: &mut Tx<'_>, transaction: i64) -> Result<()> {
    let delete = Query::delete()
        .from_table(Staged::Table)
        .and_where(Expr::col(Staged::TransactionSeq).eq(transaction))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

/// Deletes some transactions that expired before an instant, with their operations; returns their number.
pub(crate) fn clear(tx: &mut Tx<'_>, before: Timestamp) -> std::result::Result<u64, db::Error> {
    let old = Query::select()
        .column(Transactions::Seq)
        .from(Transactions::Table)
        .and_where(Expr::col(Transactions::ExpiresAt).lt(db::value(&before)))
        .limit(db::retention::STEP)
        .take();
    let old: Vec<i64> = tx.all(&old)?;
    if old.is_empty() {
        return Ok(0);
    }
    let staged = Query::delete()
        .from_table(Staged::Table)
        .and_where(Expr::col(Staged::TransactionSeq).is_in(old.clone()))
        .take();
    tx.execute(&staged)?;
    let transactions = Query::delete()
        .from_table(Transactions::Table)
        .and_where(Expr::col(Transactions::Seq).is_in(old))
        .take();
    tx.execute(&transactions)
}

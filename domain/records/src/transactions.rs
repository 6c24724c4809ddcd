//! Transactions: acts on rows that a client stages one by one, and commits as one or not at all.
//!
//! What is staged is kept as it was asked ([`Operation`]) and changes nothing. A commit does all of it again, in order, in
//! one transaction of the database; it fails as a whole if one operation does, or if a row that it is about was changed
//! after the operation was staged. Reads that name a transaction see what it would do ([`through`]).
//!
//! A transaction is its maker's: a user reaches their own, servers reach every one. What was staged by a client is done
//! with the rights of the client who commits, or with a server's if a server does.

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
use crate::{Access, DatabaseId, Error, Result, TableId, TransactionId};

pub(crate) use replay::commit;
pub use replay::through;
pub use stage::{Preview, stage};

/// Operations of one transaction at most.
pub const MOST: usize = 100;
/// Allowed lifetime of a transaction, in seconds.
pub const TTL: std::ops::RangeInclusive<i64> = 60..=3600;
/// Time that an expired transaction stays readable, so that late calls learn that it expired.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// Old transactions that one act clears away at most.
const CLEARED: u64 = 100;

kernel::choices! {
    /// State of a transaction.
    pub enum Stage {
        /// Operations may be staged.
        Pending = "pending",
        /// It is being committed; nobody sees it, because a commit is one act.
        Committing = "committing",
        /// Everything was done.
        Committed = "committed",
        /// It was given up. (Appwrite 1.8 calls this `failed`, and so do we.)
        RolledBack = "rolled_back",
        /// Nothing was done.
        Failed = "failed",
    }
}

db::text_value!(Stage, Stage::parse);

db::table! {
    /// A transaction.
    pub struct Transaction in transactions as Transactions {
        /// Its number, in the order of making.
        pub seq: i64 => Seq,
        /// Its id.
        pub id: TransactionId => Id,
        /// The user who made it; none if a server or a guest did.
        pub owner: Option<String> => Owner,
        /// Status.
        pub status: Stage => Status,
        /// Number of staged operations.
        pub operations: i64 => Operations,
        /// Expiry time.
        pub expires_at: Timestamp => ExpiresAt,
        /// Creation time.
        pub created_at: Timestamp => CreatedAt,
        /// Time of the last change.
        pub updated_at: Timestamp => UpdatedAt,
    }
}

db::table! {
    /// An operation that is staged.
    pub(crate) struct StagedEntry in staged as Staged {
        pub(crate) seq: i64 => Seq,
        pub(crate) transaction_seq: i64 => TransactionSeq,
        pub(crate) operation: Json<Operation> => Operation,
        pub(crate) time: Timestamp => Time,
        /// Update time of the row when it was staged; `None` if there was no such row, or several.
        pub(crate) seen_at: Option<Timestamp> => SeenAt,
    }
}

/// An act on rows of a table.
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

/// Begins a transaction that can be committed for some seconds. Clears away old ones.
pub fn create(tx: &mut Tx<'_>, access: &Access, ttl: i64) -> Result<Transaction> {
    clear(tx)?;
    let now = tx.now();
    let seconds = ttl.clamp(*TTL.start(), *TTL.end()).unsigned_abs();
    let mut transaction = Transaction {
        seq: 0,
        id: TransactionId::generate(now),
        owner: access.client().and_then(|client| client.user.clone()),
        status: Stage::Pending,
        operations: 0,
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

/// The transaction of an id, if the caller may see it.
pub fn find(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Transaction> {
    let found: Option<Transaction> = tx.optional(&by_id(id))?;
    found
        .filter(|found| is_own(access, found))
        .ok_or(Error::TransactionNotFound)
}

fn lock(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Locked<Transaction>> {
    let found = tx.lock_row::<Transaction>(&by_id(id))?;
    found
        .filter(|found| is_own(access, found))
        .ok_or(Error::TransactionNotFound)
}

fn by_id(id: &TransactionId) -> SelectStatement {
    Transaction::select()
        .and_where(Expr::col(Transactions::Id).eq(id.as_str()))
        .take()
}

/// A client has the transactions that it made; a guest has none.
fn is_own(access: &Access, transaction: &Transaction) -> bool {
    let client = access.client();
    client.is_none_or(|client| client.user.is_some() && client.user == transaction.owner)
}

/// Transactions that the caller may see.
pub fn list(tx: &mut Tx<'_>, access: &Access, queries: &Queries) -> Result<Page<Transaction>> {
    let mut base = Transaction::select();
    if let Access::Client(client) = access {
        // A guest has none: an empty text is nobody's id.
        let owner = client.user.as_deref().unwrap_or_default();
        base.and_where(Expr::col(Transactions::Owner).eq(owner));
    }
    Ok(list::list(tx, &base, &queryable(), queries)?)
}

/// Deletes a transaction with what was staged.
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

/// Gives a transaction up.
pub fn roll_back(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Transaction> {
    let mut transaction = pending(tx, access, id)?;
    end(tx, &mut transaction, Stage::Failed)?;
    Ok(transaction.into_inner())
}

/// A transaction that can go on, which nobody else changes before this act ends.
fn pending(tx: &mut Tx<'_>, access: &Access, id: &TransactionId) -> Result<Locked<Transaction>> {
    let transaction = lock(tx, access, id)?;
    if transaction.status != Stage::Pending {
        return Err(Error::TransactionNotReady);
    }
    if transaction.expires_at <= tx.now() {
        return Err(Error::TransactionExpired);
    }
    Ok(transaction)
}

/// Ends a transaction; what was staged is of no more use.
fn end(tx: &mut Tx<'_>, transaction: &mut Locked<Transaction>, status: Stage) -> Result<()> {
    forget(tx, transaction.seq)?;
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

fn clear(tx: &mut Tx<'_>) -> Result<()> {
    let old = Query::select()
        .column(Transactions::Seq)
        .from(Transactions::Table)
        .and_where(Expr::col(Transactions::ExpiresAt).lt(db::value(&tx.now().minus(REMEMBERED))))
        .limit(CLEARED)
        .take();
    let old: Vec<i64> = tx.all(&old)?;
    if old.is_empty() {
        return Ok(());
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
    tx.execute(&transactions)?;
    Ok(())
}

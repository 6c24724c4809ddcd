//! Running of staged operations: permanently by a commit, or temporarily for a read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Order};

use super::{Operation, Stage, Staged, StagedEntry, Transaction, end, pending};
use crate::rows::{self, RowObserver, Step, Walk};
use crate::{
    Access, AccessError, Catalog, ColumnError, DatabaseError, Error, Result, RowError, RowId, Table, TableError,
    TransactionError, TransactionId,
};

/// Commits a transaction: runs all staged operations in order, or marks the transaction as failed. The error is
/// returned beside the transaction, because the failed state must be committed.
///
/// `observer` is called for each written row.
pub(crate) fn commit(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    access: &Access,
    id: &TransactionId,
    observer: RowObserver<'_>,
) -> Result<(Transaction, Result<()>)> {
    let mut transaction = pending(tx, access, id)?;
    let entries = staged(tx, transaction.seq)?;
    let outcome = tx.attempt(|tx| {
        hold_all(tx, catalog, &entries)?;
        let mut written = OwnWrites::default();
        for (index, entry) in entries.iter().enumerate() {
            replay(tx, catalog, access, entry, &mut written, observer)
                .map_err(|error| error.at_operation(index, entries.len()))?;
        }
        Ok(())
    });
    match outcome {
        // A database error (such as a serialization failure): the transaction stays pending.
        Err(Error::Db(error)) => Err(Error::Db(error)),
        Err(error) => {
            end(tx, &mut transaction, Stage::Failed)?;
            Ok((transaction.into_inner(), Err(error.map_inner(as_failure))))
        }
        Ok(()) => {
            end(tx, &mut transaction, Stage::Committed)?;
            Ok((transaction.into_inner(), Ok(())))
        }
    }
}

/// Locks the rows of all operations, ordered by table, so that concurrent commits cannot deadlock.
fn hold_all(tx: &mut Tx<'_>, catalog: &Catalog, entries: &[StagedEntry]) -> Result<()> {
    let mut tables: BTreeMap<i64, (Arc<Table>, Vec<&RowId>)> = BTreeMap::new();
    for StagedEntry { operation, .. } in entries {
        let Operation {
            database, table, step, ..
        } = &operation.0;
        let table = catalog.table(tx, database, table)?;
        let (_, rows) = tables.entry(table.names.seq).or_insert_with(|| (table, Vec::new()));
        rows.extend(step.row());
        if let Step::BulkUpsert { rows: several } = step {
            rows.extend(several.iter().map(|row| &row.id));
        }
    }
    tables
        .values()
        .try_for_each(|(table, rows)| rows::lock_rows(tx, table, rows.iter().copied()))
}

/// Reads the state that a commit would create. Operations that fail are skipped.
pub fn through<T>(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    access: &Access,
    id: &TransactionId,
    read: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let transaction = pending(tx, access, id)?;
    let entries = staged(tx, transaction.seq)?;
    tx.dry_run(|tx| {
        for StagedEntry { operation, .. } in entries {
            let operation = operation.0;
            match catalog.table(tx, &operation.database, &operation.table) {
                Ok(table) => {
                    let access = access_of(access, &operation);
                    try_one(tx, catalog, &table, &access, &operation.step)?;
                }
                Err(Error::Database(DatabaseError::NotFound) | Error::Table(TableError::NotFound)) => {}
                Err(error) => return Err(error),
            }
        }
        read(tx)
    })
}

/// Staged operations in order.
pub(super) fn staged(tx: &mut Tx<'_>, transaction: i64) -> Result<Vec<StagedEntry>> {
    let mut select = StagedEntry::select();
    select.and_where(Expr::col(Staged::TransactionSeq).eq(transaction));
    select.order_by(Staged::Seq, Order::Asc);
    Ok(tx.all(&select)?)
}

/// The rights with which an operation runs: a server's if a server staged it, else those of the current caller.
pub(super) fn access_of(access: &Access, operation: &Operation) -> Access {
    if operation.by_server {
        Access::Server
    } else {
        access.clone()
    }
}

/// Runs a step; its errors are ignored, except database errors.
pub(super) fn try_one(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, access: &Access, step: &Step) -> Result<()> {
    match tx.attempt(|tx| step.run(tx, catalog, table, access, None, &mut |_, _, _, _| Ok(()))) {
        Err(Error::Db(error)) => Err(Error::Db(error)),
        _ => Ok(()),
    }
}

/// Numbers of rows written by the commit itself, by table: these are no conflicts.
#[derive(Default)]
struct OwnWrites(HashMap<i64, Arc<HashSet<i64>>>);

impl OwnWrites {
    fn add(&mut self, table: i64, row: i64) {
        Arc::make_mut(self.0.entry(table).or_default()).insert(row);
    }

    fn has(&self, table: i64, row: i64) -> bool {
        self.0.get(&table).is_some_and(|rows| rows.contains(&row))
    }
}

fn replay(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    access: &Access,
    entry: &StagedEntry,
    written: &mut OwnWrites,
    observer: RowObserver<'_>,
) -> Result<()> {
    let operation = &entry.operation.0;
    let access = access_of(access, operation);
    let table = catalog.table_for(tx, &access, &operation.database, &operation.table)?;
    let number = table.names.seq;
    match &operation.step {
        step @ (Step::BulkUpdate { .. } | Step::BulkDelete { .. }) => {
            let exempt = written.0.get(&number).cloned().unwrap_or_default();
            let walk = Walk::begin(tx, catalog, &table, Arc::new(step.clone()), Some(entry.time))?;
            let mut walk = walk.exempting(exempt);
            let mut changed = Vec::new();
            while walk.next_batch(tx, catalog, &table, &mut |tx, table, what, record| {
                changed.push(record.seq);
                observer(tx, table, what, record)
            })? {}
            drop(walk);
            changed.into_iter().for_each(|row| written.add(number, row));
            Ok(())
        }
        step @ (Step::BulkCreate { rows } | Step::BulkUpsert { rows }) => {
            if matches!(step, Step::BulkUpsert { .. }) {
                for row in rows {
                    check_unchanged(tx, &table, entry, &row.id, written)?;
                }
            }
            step.run(tx, catalog, &table, &access, None, &mut |tx, table, what, record| {
                written.add(number, record.seq);
                observer(tx, table, what, record)
            })
        }
        Step::Increment { id, .. } => {
            // It does not depend on the value that was seen. If another act changed the row, later operations still
            // conflict.
            let is_unseen = match check_unchanged(tx, &table, entry, id, written) {
                Ok(()) => false,
                Err(Error::Transaction(TransactionError::Conflict)) => true,
                Err(error) => return Err(error),
            };
            operation
                .step
                .run(tx, catalog, &table, &access, None, &mut |tx, table, what, record| {
                    if !is_unseen {
                        written.add(number, record.seq);
                    }
                    observer(tx, table, what, record)
                })
        }
        step => {
            if let Some(row) = step.row() {
                check_unchanged(tx, &table, entry, row, written)?;
            }
            step.run(tx, catalog, &table, &access, None, &mut |tx, table, what, record| {
                written.add(number, record.seq);
                observer(tx, table, what, record)
            })
        }
    }
}

/// Refuses a row that another act changed after the operation was staged.
fn check_unchanged(
    tx: &mut Tx<'_>,
    table: &Table,
    entry: &StagedEntry,
    row: &RowId,
    written: &OwnWrites,
) -> Result<()> {
    let Some(found) = rows::find_for_update(tx, table, row)? else {
        return Ok(());
    };
    let is_own = written.has(table.names.seq, found.seq);
    let is_as_seen = match entry.seen_at {
        Some(seen_at) => found.updated_at == seen_at,
        None => found.updated_at <= entry.time,
    };
    if is_own || is_as_seen {
        Ok(())
    } else {
        Err(TransactionError::Conflict.into())
    }
}

/// Converts an operation's error to the error of the commit.
fn as_failure(error: Error) -> Error {
    match error {
        Error::Row(error @ (RowError::Exists | RowError::Taken(_))) => {
            TransactionError::Collision(error.to_string()).into()
        }
        Error::Row(RowError::UpdateConflict) => TransactionError::Conflict.into(),
        kept @ (Error::Transaction(TransactionError::Conflict)
        | Error::Row(RowError::NotFound | RowError::InvalidStructure(_))
        | Error::Column(ColumnError::Limit(_) | ColumnError::NotFound(_))
        | Error::Access(AccessError::Unauthorized | AccessError::UnauthorizedRoles(_))
        | Error::Query(_)) => kept,
        other => TransactionError::Failed(other.template()).into(),
    }
}

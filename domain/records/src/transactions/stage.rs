//! Staging of operations: checks and storage.

use std::sync::Arc;

use db::sea_query::{Expr, Query};
use db::{Json, Tx};
use kernel::Timestamp;

use super::{MOST, Operation, Staged, Transaction, pending, quota, replay, save};
use crate::rows::{self, Record, Step};
use crate::{
    Access, AccessError, Catalog, ColumnError, Error, Result, RowError, RowId, Table, TransactionError, TransactionId,
    relations,
};

/// The row after a staged operation.
#[derive(Debug)]
pub struct Preview {
    /// The table.
    pub table: Arc<Table>,
    /// The row after the operation, or before it for a deletion; none for operations on several rows, and for values
    /// that can be refused only at commit.
    pub record: Option<Record>,
}

/// Stages operations, atomically. The caller's rights and the existence of rows are checked now; values and uniqueness
/// are checked at commit.
///
/// Fails with [`TransactionError::Limit`] if there would be too many operations, and with [`TransactionError::Quota`] if
/// the caller or the project has staged too many bytes.
pub fn stage(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    access: &Access,
    id: &TransactionId,
    operations: Vec<Operation>,
) -> Result<(Transaction, Vec<Preview>)> {
    quota::lock(tx, access)?;
    let mut transaction = pending(tx, access, id)?;
    let staged = usize::try_from(transaction.operations).unwrap_or(MOST);
    if staged.saturating_add(operations.len()) > MOST {
        return Err(TransactionError::Limit(MOST).into());
    }
    let bytes = operations.iter().map(size_of).fold(0, i64::saturating_add);
    quota::free_expired(tx, tx.now())?;
    quota::check_bytes(tx, access, bytes)?;
    let mut before = replay::staged(tx, transaction.seq)?.into_iter();
    let mut before: Vec<Operation> = before.by_ref().map(|entry| entry.operation.0).collect();
    let mut previews = Vec::with_capacity(operations.len());
    for mut operation in operations {
        operation.by_server = access.client().is_none();
        let table = catalog.table_for(tx, access, &operation.database, &operation.table)?;
        let (seen_at, record) = match operation.step.row() {
            Some(row) => {
                let seen_at = rows::find(tx, &table, row)?.map(|found| found.updated_at);
                (seen_at, preview(tx, catalog, &table, access, &before, &operation, row)?)
            }
            None if access.client().is_some() => return Err(AccessError::Unauthorized.into()),
            None => (None, None),
        };
        insert(tx, transaction.seq, &operation, seen_at)?;
        previews.push(Preview { table, record });
        before.push(operation);
    }
    transaction.bytes = transaction.bytes.saturating_add(bytes);
    transaction.operations = i64::try_from(before.len()).unwrap_or(i64::MAX);
    save(tx, &mut transaction)?;
    Ok((transaction.into_inner(), previews))
}

/// Size of an operation as it is stored, in bytes.
fn size_of(operation: &Operation) -> i64 {
    let stored = serde_json::to_vec(operation).map_or(0, |json| json.len());
    i64::try_from(stored).unwrap_or(i64::MAX)
}

fn insert(tx: &mut Tx<'_>, transaction: i64, operation: &Operation, seen_at: Option<Timestamp>) -> Result<()> {
    let insert = Query::insert()
        .into_table(Staged::Table)
        .columns([Staged::TransactionSeq, Staged::Operation, Staged::Time, Staged::SeenAt])
        .values_panic([
            transaction.into(),
            db::value(&Json(operation)).into(),
            db::value(&tx.now()).into(),
            Expr::value(db::value(&seen_at)),
        ])
        .take();
    tx.execute(&insert)?;
    Ok(())
}

/// Runs an operation on one row, after the operations staged before for the same row, and rolls it back.
fn preview(
    tx: &mut Tx<'_>,
    catalog: &Catalog,
    table: &Table,
    access: &Access,
    before: &[Operation],
    operation: &Operation,
    row: &RowId,
) -> Result<Option<Record>> {
    let here = |one: &&Operation| one.database == operation.database && one.table == operation.table;
    let made_before = before.iter().filter(here).any(|one| one.step.makes(row));
    let same_row = |one: &&Operation| here(one) && one.step.row() == Some(row);
    let result = tx.dry_run(|tx| {
        for one in before.iter().filter(same_row) {
            replay::try_one(tx, catalog, table, &replay::access_of(access, one), &one.step)?;
        }
        one(tx, catalog, table, access, &operation.step)
    });
    match result {
        Ok(record) => Ok(record),
        Err(Error::Row(RowError::NotFound) | Error::Column(ColumnError::NotFound(_))) if made_before => Ok(None),
        // Reported by the commit.
        Err(
            Error::Row(
                RowError::InvalidStructure(_)
                | RowError::Exists
                | RowError::Taken(_)
                | RowError::RelationshipValue(_)
                | RowError::DeleteRestricted,
            )
            | Error::Column(ColumnError::Limit(_)),
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

fn one(tx: &mut Tx<'_>, catalog: &Catalog, table: &Table, access: &Access, step: &Step) -> Result<Option<Record>> {
    let mut written = None;
    step.run(tx, catalog, table, access, None, &mut |tx, table, _, record| {
        written = Some(relations::seen_by(tx, table, access, record)?);
        Ok(())
    })?;
    Ok(written)
}

//! Creation of indexes.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};

use super::{Index, IndexSpec, Indexes, rules};
use crate::columns::Status;
use crate::tables::entry::outdate;
use crate::{Error, IndexError, Key, Result, Table, derived, physical, work};

/// Maximum number of rows added in one step of filling.
const STEP: u64 = 1000;

/// Adds an index to a table and builds it. For a large table this is done in a job; the index is `processing` until
/// then.
///
/// Fails with [`IndexError::Exists`] if the table has an index with this key, case-insensitively, and with
/// [`IndexError::Invalid`] and similar errors if the specification is invalid.
pub fn create(tx: &mut Tx<'_>, table: &Table, key: &Key, spec: IndexSpec) -> Result<Index> {
    let spec = rules::check(table, spec)?;
    let taken = |index: &Index| index.key.as_str().eq_ignore_ascii_case(key.as_str());
    if table.indexes.iter().any(taken) {
        return Err(IndexError::Exists(key.to_string()).into());
    }
    if table.indexes.len() >= rules::MAX_INDEXES {
        return Err(IndexError::Limit(key.to_string(), rules::MAX_INDEXES).into());
    }
    let now = tx.now();
    let insert = Query::insert()
        .into_table(Indexes::Table)
        .columns([
            Indexes::TableSeq,
            Indexes::Key,
            Indexes::Spec,
            Indexes::Type,
            Indexes::Columns,
            Indexes::Status,
            Indexes::Error,
            Indexes::Progress,
            Indexes::CreatedAt,
            Indexes::UpdatedAt,
        ])
        .values_panic([
            table.names.seq.into(),
            key.into(),
            db::value(&Json(&spec)).into(),
            spec.kind.as_str().into(),
            db::value(&Json(&spec.columns)).into(),
            db::value(&Status::Processing).into(),
            "".into(),
            0_i64.into(),
            db::value(&now).into(),
            db::value(&now).into(),
        ])
        .returning_col(Indexes::Seq)
        .take();
    let mut index = Index {
        seq: tx.one::<i64>(&insert)?,
        key: key.clone(),
        spec,
        status: Status::Processing,
        error: String::new(),
        created_at: now,
        updated_at: now,
    };
    begin(tx, table, &mut index)?;
    outdate(tx, table.names.seq)?;
    Ok(index)
}

/// Builds an index that is in the catalog: immediately for a small table, in a job for a large one.
pub(super) fn begin(tx: &mut Tx<'_>, table: &Table, index: &mut Index) -> Result<()> {
    let is_derived = table.is_derived(index);
    if is_derived {
        // From now on written rows are added to the index; existing rows are filled in.
        derived::create(tx, table, index)?;
    }
    if physical::is_big(tx, &table.names)? {
        set_status(tx, index.seq, Status::Processing, "")?;
        index.status = Status::Processing;
        return work::build_index(tx, table, index);
    }
    if is_derived {
        let mut done = Some(0);
        while let Some(last) = done {
            done = derived::fill(tx, table, index, last, STEP)?;
        }
        index.status = Status::Available;
        return set_status(tx, index.seq, Status::Available, "");
    }
    build(tx, table, index)
}

/// Continues building an index of a large table; returns whether it is complete. SQL indexes are built in one step.
pub(crate) fn build_step(tx: &mut Tx<'_>, table: &Table, index: &Index) -> Result<bool> {
    if !table.is_derived(index) {
        build(tx, table, &mut index.clone())?;
        return Ok(true);
    }
    let progress = Query::select()
        .column(Indexes::Progress)
        .from(Indexes::Table)
        .and_where(Expr::col(Indexes::Seq).eq(index.seq))
        .take();
    let after: i64 = tx.one(&progress)?;
    let Some(last) = derived::fill(tx, table, index, after, STEP)? else {
        set_status(tx, index.seq, Status::Available, "")?;
        return Ok(true);
    };
    let update = Query::update()
        .table(Indexes::Table)
        .value(Indexes::Progress, last)
        .and_where(Expr::col(Indexes::Seq).eq(index.seq))
        .take();
    tx.execute(&update)?;
    Ok(false)
}

/// Builds an SQL index. If the rows violate it, it stays in the catalog as failed, with the reason.
fn build(tx: &mut Tx<'_>, table: &Table, index: &mut Index) -> Result<()> {
    let built = tx.attempt(|tx| physical::create_index(tx, table, index));
    (index.status, index.error) = match built {
        Ok(()) => (Status::Available, String::new()),
        Err(Error::Db(db::Error::Unique { .. })) => {
            let what = if index.spec.columns.len() == 1 {
                "value"
            } else {
                "values"
            };
            let columns = index.spec.columns.join(", ");
            let error = format!("Several rows have the same {what} of {columns}");
            (Status::Failed, error)
        }
        Err(error) => return Err(error),
    };
    set_status(tx, index.seq, index.status, &index.error)
}

/// Sets the status of an index.
pub(crate) fn set_status(tx: &mut Tx<'_>, seq: i64, status: Status, error: &str) -> Result<()> {
    let update = Query::update()
        .table(Indexes::Table)
        .value(Indexes::Status, db::value(&status))
        .value(Indexes::Error, error)
        .and_where(Expr::col(Indexes::Seq).eq(seq))
        .take();
    tx.execute(&update)?;
    Ok(())
}

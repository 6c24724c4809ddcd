//! Indexes, made.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{Json, Tx};

use super::{Index, IndexSpec, Indexes, rules};
use crate::columns::Status;
use crate::tables::entry::outdate;
use crate::{Error, Key, Result, Table, derived, physical, work};

/// Rows that one step of filling looks at.
const STEP: u64 = 1000;

/// Adds an index to a table, and builds it; on a large table in a job, and its status says so.
///
/// Fails with [`Error::IndexExists`] if the table has one of this key, whatever its case, and with
/// [`Error::IndexInvalid`] and the like if there can be no such index.
pub fn create(tx: &mut Tx<'_>, table: &Table, key: &Key, spec: IndexSpec) -> Result<Index> {
    let taken = |index: &Index| index.key.as_str().eq_ignore_ascii_case(key.as_str());
    if table.indexes.iter().any(taken) {
        return Err(Error::IndexExists(key.to_string()));
    }
    if table.indexes.len() >= rules::MAX_INDEXES {
        return Err(Error::IndexLimit(key.to_string(), rules::MAX_INDEXES));
    }
    let spec = rules::check(table, spec)?;
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

/// Builds an index that is in the catalog: at once if the table is small, in a job if it is large.
pub(super) fn begin(tx: &mut Tx<'_>, table: &Table, index: &mut Index) -> Result<()> {
    let is_derived = table.is_derived(index);
    if is_derived {
        // From now on, rows that are written are derived of; those that are there are filled in.
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

/// Goes on with the building of an index of a large table; whether it is done. What SQL indexes itself is built whole.
pub(crate) fn go_on(tx: &mut Tx<'_>, table: &Table, index: &Index) -> Result<bool> {
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

/// Builds an index of SQL's own now. One that the rows do not bear is kept as failed, with the reason.
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

/// Says how far an index is.
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

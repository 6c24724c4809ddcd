//! Rows of transfers.

use db::list::Page;
use db::sea_query::{Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use db::{Json, Locked, Tx};
use kernel::Timestamp;

use super::{Direction, Format, OnConflict, State, Transfer, Transfers, parts};
use crate::{Error, Result, Table, TransferError, TransferId};

/// Maximum size of a file sent over HTTP, in bytes, because an import reads it into memory. Larger files need the
/// command `ferrite import`.
pub(crate) const MAX_SENT: usize = 64 << 20;

/// Parameters of a new transfer.
#[derive(Debug, Clone, Copy)]
pub struct NewTransfer {
    /// Direction: import or export.
    pub direction: Direction,
    /// File format.
    pub format: Format,
    /// What happens with a line whose row already exists.
    pub on_conflict: OnConflict,
    /// Size of the file in bytes, if known.
    pub bytes_total: i64,
}

/// Creates a transfer.
pub fn create(tx: &mut Tx<'_>, table: &Table, new: NewTransfer) -> Result<Transfer> {
    let now = tx.now();
    let transfer = Transfer {
        id: TransferId::generate(now),
        table_seq: table.names.seq,
        direction: new.direction,
        format: new.format,
        on_conflict: new.on_conflict,
        state: State::Waiting,
        error: String::new(),
        bytes_done: 0,
        bytes_total: new.bytes_total,
        lines: 0,
        rows: 0,
        failed: 0,
        problems: Json(Vec::new()),
        last_seq: 0,
        created_at: now,
        updated_at: now,
    };
    tx.execute(&transfer.insert())?;
    Ok(transfer)
}

/// Finds a transfer of this table.
pub fn find(tx: &mut Tx<'_>, table: &Table, id: &TransferId) -> Result<Transfer> {
    of_number(tx, table.names.seq, id)?.ok_or(TransferError::NotFound.into())
}

/// Finds a transfer of the table with this number.
pub(super) fn of_number(tx: &mut Tx<'_>, table: i64, id: &TransferId) -> Result<Option<Transfer>> {
    Ok(tx.optional(&by_id(table, id))?)
}

/// Finds a transfer of the table with this number and locks its row until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, table: i64, id: &TransferId) -> Result<Option<Locked<Transfer>>> {
    Ok(tx.lock_row(&by_id(table, id))?)
}

fn by_id(table: i64, id: &TransferId) -> SelectStatement {
    Transfer::select()
        .and_where(Expr::col(Transfers::Id).eq(id.as_str()))
        .and_where(Expr::col(Transfers::TableSeq).eq(table))
        .take()
}

/// The transfers of a table in one direction, newest first.
pub fn of_table(
    tx: &mut Tx<'_>,
    table: &Table,
    direction: Direction,
    limit: u64,
    offset: u64,
) -> Result<Page<Transfer>> {
    let among = Condition::all()
        .add(Expr::col(Transfers::TableSeq).eq(table.names.seq))
        .add(Expr::col(Transfers::Direction).eq(direction.as_str()));
    let mut select = Transfer::select();
    select.cond_where(among.clone()).order_by(Transfers::Id, Order::Desc);
    select.limit(limit).offset(offset);
    let count = Query::select()
        .expr(Func::count(Expr::col(Transfers::Id)))
        .from(Transfers::Table)
        .cond_where(among)
        .take();
    Ok(Page {
        rows: tx.all(&select)?,
        total: tx.one(&count)?,
    })
}

/// Adds bytes to the file of an import that has not started.
///
/// Fails with [`Error::BadRequest`] if it has started, or if the file exceeds 64 MiB.
pub fn add(tx: &mut Tx<'_>, table: &Table, id: &TransferId, bytes: &[u8]) -> Result<Transfer> {
    let mut transfer = lock(tx, table.names.seq, id)?.ok_or(TransferError::NotFound)?;
    if transfer.direction != Direction::Import || transfer.state != State::Waiting {
        return Err(Error::BadRequest(
            "Only an import that has not begun takes more content".to_owned(),
        ));
    }
    transfer.bytes_total += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    if usize::try_from(transfer.bytes_total).map_or(true, |total| total > MAX_SENT) {
        let rule = format!("A file that is sent has at most {MAX_SENT} bytes; larger ones go by `ferrite import`");
        return Err(Error::BadRequest(rule));
    }
    parts::append(tx, id, bytes)?;
    save(tx, &mut transfer)?;
    Ok(transfer.into_inner())
}

/// Refuses a transfer that has no file to download.
///
/// # Errors
/// [`Error::BadRequest`] unless it is a completed export.
pub fn check_downloadable(transfer: &Transfer) -> Result<()> {
    if transfer.direction != Direction::Export || transfer.state != State::Done {
        return Err(Error::BadRequest(
            "Only the file of an export that is done can be downloaded".to_owned(),
        ));
    }
    Ok(())
}

/// Stores the progress of a transfer.
pub(super) fn save(tx: &mut Tx<'_>, transfer: &mut Locked<Transfer>) -> Result<()> {
    transfer.updated_at = tx.now();
    tx.save(transfer)?;
    Ok(())
}

/// Ends a transfer, as failed if there is an error. The file of an import is deleted.
pub fn finish(tx: &mut Tx<'_>, transfer: &mut Locked<Transfer>, error: Option<&Error>) -> Result<()> {
    transfer.state = if error.is_some() { State::Failed } else { State::Done };
    transfer.error = error.map(ToString::to_string).unwrap_or_default();
    if transfer.direction == Direction::Import {
        parts::delete(tx, &transfer.id)?;
    }
    save(tx, transfer)
}

/// Deletes some transfers without progress since an instant, with their files; returns their number.
pub(crate) fn clear(tx: &mut Tx<'_>, before: Timestamp) -> std::result::Result<u64, db::Error> {
    /// A file may be large.
    const SOME: u64 = 4;
    let old = Query::select()
        .column(Transfers::Id)
        .from(Transfers::Table)
        .and_where(Expr::col(Transfers::UpdatedAt).lt(db::value(&before)))
        .limit(SOME)
        .take();
    let old: Vec<TransferId> = tx.all(&old)?;
    for id in &old {
        parts::delete(tx, id)?;
        let delete = Query::delete()
            .from_table(Transfers::Table)
            .and_where(Expr::col(Transfers::Id).eq(id.as_str()))
            .take();
        tx.execute(&delete)?;
    }
    Ok(old.len() as u64)
}

/// Cancels a transfer, unless it has ended, and deletes its file.
pub fn cancel(tx: &mut Tx<'_>, table: &Table, id: &TransferId) -> Result<()> {
    let mut transfer = lock(tx, table.names.seq, id)?.ok_or(TransferError::NotFound)?;
    parts::delete(tx, id)?;
    if matches!(transfer.state, State::Waiting | State::Running) {
        transfer.state = State::Cancelled;
        save(tx, &mut transfer)?;
    }
    Ok(())
}

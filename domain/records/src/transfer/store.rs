//! Transfers as rows of the catalog.

use db::sea_query::{Expr, ExprTrait, Order};
use db::{Json, Tx};

use super::{Direction, Format, OnConflict, State, Transfer, Transfers, parts};
use crate::{Error, Result, Table, TransferId};

/// What a transfer is to be.
#[derive(Debug, Clone, Copy)]
pub struct New {
    /// Which way rows go.
    pub direction: Direction,
    /// How rows are written.
    pub format: Format,
    /// What becomes of a line whose row is there already.
    pub on_conflict: OnConflict,
    /// Bytes of the file, where they are known.
    pub bytes_total: i64,
}

/// Asks for a transfer.
pub fn create(tx: &mut Tx<'_>, table: &Table, new: New) -> Result<Transfer> {
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

/// The transfer of an id, if it is one of this table.
pub fn find(tx: &mut Tx<'_>, table: &Table, id: &TransferId) -> Result<Transfer> {
    let mut select = Transfer::select();
    select.and_where(Expr::col(Transfers::Id).eq(id.as_str()));
    select.and_where(Expr::col(Transfers::TableSeq).eq(table.names.seq));
    tx.optional(&select)?.ok_or(Error::TransferNotFound)
}

/// The transfers of a table one way, the newest first.
pub fn of_table(
    tx: &mut Tx<'_>,
    table: &Table,
    direction: Direction,
    limit: u64,
    offset: u64,
) -> Result<Vec<Transfer>> {
    let mut select = Transfer::select();
    select.and_where(Expr::col(Transfers::TableSeq).eq(table.names.seq));
    select.and_where(Expr::col(Transfers::Direction).eq(direction.as_str()));
    select.order_by(Transfers::Id, Order::Desc).limit(limit).offset(offset);
    Ok(tx.all(&select)?)
}

/// Writes down how far a transfer is.
pub(super) fn save(tx: &mut Tx<'_>, transfer: &mut Transfer) -> Result<()> {
    transfer.updated_at = tx.now();
    let mut update = transfer.update();
    update.and_where(Expr::col(Transfers::Id).eq(transfer.id.as_str()));
    tx.execute(&update)?;
    Ok(())
}

/// Ends a transfer, well if there is no error; what it read is no longer needed then.
pub fn finish(tx: &mut Tx<'_>, transfer: &mut Transfer, error: Option<&Error>) -> Result<()> {
    transfer.state = if error.is_some() { State::Failed } else { State::Done };
    transfer.error = error.map(ToString::to_string).unwrap_or_default();
    if transfer.direction == Direction::Import {
        parts::delete(tx, &transfer.id)?;
    }
    save(tx, transfer)
}

/// Calls a transfer off, if it is not over; and forgets its bytes.
pub fn cancel(tx: &mut Tx<'_>, table: &Table, id: &TransferId) -> Result<()> {
    let mut transfer = find(tx, table, id)?;
    parts::delete(tx, id)?;
    if matches!(transfer.state, State::Waiting | State::Running) {
        transfer.state = State::Cancelled;
        save(tx, &mut transfer)?;
    }
    Ok(())
}

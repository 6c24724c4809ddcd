//! Files of transfers, stored in the database in parts.

use db::sea_query::{Expr, ExprTrait, Query};
use db::{ToValue, Tx};

use crate::{Result, TransferId};

/// Maximum size of a part, in bytes.
pub const MAX_PART: usize = 1 << 20;

db::table! {
    /// A part of a file.
    pub(crate) struct Part in transfer_parts as TransferParts {
        /// The transfer of the file.
        pub(crate) transfer: TransferId => Transfer,
        /// Index, counted from 0.
        pub(crate) place: i64 => Place,
        /// Its bytes.
        pub(crate) bytes: Vec<u8> => Bytes,
    }
}

/// Appends bytes to a file, in parts of up to [`MAX_PART`] bytes.
pub fn append(tx: &mut Tx<'_>, transfer: &TransferId, bytes: &[u8]) -> Result<()> {
    let next: i64 = tx.sql_one(
        "SELECT coalesce(max(place) + 1, 0) FROM transfer_parts WHERE transfer = ?",
        &[transfer.into()],
    )?;
    for (place, piece) in (next..).zip(bytes.chunks(MAX_PART)) {
        let part = Part {
            transfer: transfer.clone(),
            place,
            bytes: piece.to_vec(),
        };
        tx.execute(&part.insert())?;
    }
    Ok(())
}

/// The bytes of a part; none after the last.
pub fn read(tx: &mut Tx<'_>, transfer: &TransferId, place: i64) -> Result<Option<Vec<u8>>> {
    let mut select = Part::select();
    select.and_where(Expr::col(TransferParts::Transfer).eq(transfer.as_str()));
    select.and_where(Expr::col(TransferParts::Place).eq(place.to_value()));
    Ok(tx.optional::<Part>(&select)?.map(|part| part.bytes))
}

/// The bytes of all parts.
pub(super) fn all(tx: &mut Tx<'_>, transfer: &TransferId) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    for place in 0.. {
        match read(tx, transfer, place)? {
            Some(part) => file.extend(part),
            None => break,
        }
    }
    Ok(file)
}

/// Deletes the file of a transfer.
pub(super) fn delete(tx: &mut Tx<'_>, transfer: &TransferId) -> std::result::Result<(), db::Error> {
    let delete = Query::delete()
        .from_table(TransferParts::Table)
        .and_where(Expr::col(TransferParts::Transfer).eq(transfer.as_str()))
        .take();
    tx.execute(&delete)?;
    Ok(())
}

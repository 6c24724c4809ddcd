//! One row, read.

use db::Tx;
use kernel::permission::{Action, Permissions};

use super::Writer;
use crate::{Access, Error, Result, RowId, Table, Vocabulary};

/// The row of an id, as JSON.
///
/// Fails with [`Error::RowNotFound`] if it is not there or the caller may not read it.
pub fn get(tx: &mut Tx<'_>, table: &Table, access: &Access, id: &RowId, words: Vocabulary) -> Result<Vec<u8>> {
    let granted = access.granted(&table.permissions, Action::Read);
    if !granted && !table.row_security {
        return Err(Error::RowNotFound);
    }
    let writer = Writer::of(table, words);
    let mut found = None;
    tx.kept_each(&table.statements.get, &[id.into()], |row| {
        let readable = granted || access.granted(&Permissions::trusted(&row.get::<String>(4)?), Action::Read);
        if readable {
            let mut out = Vec::with_capacity(512);
            writer.write(row, &mut out)?;
            found = Some(out);
        }
        Ok(())
    })?;
    found.ok_or(Error::RowNotFound)
}

//! Many rows written in one act.

use db::{ToValue, Tx, Value};
use kernel::permission::Action;

use super::cells::Draft;
use super::lines::Line;
use super::{MAX_PROBLEMS, OnConflict, Problem, Transfer};
use crate::{Result, RowId, Table};

/// Writes the rows of some lines, and notes what became of them in the transfer.
pub(super) fn write(tx: &mut Tx<'_>, table: &Table, transfer: &mut Transfer, lines: &[Line]) -> Result<()> {
    let drafts: Vec<(u64, &Draft)> = lines
        .iter()
        .filter_map(|line| match &line.row {
            Ok(draft) => Some((line.number, draft)),
            Err(rule) => {
                note(transfer, line.number, rule.clone());
                None
            }
        })
        .collect();
    let together = tx.attempt(|tx| drafts.iter().try_for_each(|(_, draft)| insert(tx, table, draft)));
    match together {
        Ok(()) => transfer.rows += count(drafts.len()),
        // One of them is there already: which, is found by writing each by itself.
        Err(db::Error::Unique { .. }) => {
            for (number, draft) in drafts {
                match tx.attempt(|tx| insert(tx, table, draft)) {
                    Ok(()) => transfer.rows += 1,
                    Err(db::Error::Unique { .. }) if transfer.on_conflict == OnConflict::Skip => {}
                    Err(db::Error::Unique { .. }) => {
                        note(
                            transfer,
                            number,
                            "a row with this id, or these values of a unique index, is there already".to_owned(),
                        );
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Err(error) => return Err(error.into()),
    }
    transfer.lines += count(lines.len());
    Ok(())
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn note(transfer: &mut Transfer, line: u64, message: String) {
    transfer.failed += 1;
    if transfer.problems.0.len() < MAX_PROBLEMS {
        transfer.problems.0.push(Problem { line, message });
    }
}

fn insert(tx: &mut Tx<'_>, table: &Table, draft: &Draft) -> std::result::Result<(), db::Error> {
    let now = tx.now();
    let id = draft.id.clone().unwrap_or_else(|| RowId::generate(now));
    let created = draft.created_at.unwrap_or(now);
    let updated = draft.updated_at.unwrap_or(created);
    let mut values: Vec<Value> = Vec::with_capacity(4 + draft.values.len());
    values.extend([
        id.to_value(),
        created.to_value(),
        updated.to_value(),
        draft.permissions.to_json().to_value(),
    ]);
    values.extend(draft.values.iter().cloned());
    let seq: i64 = tx
        .kept_optional(&table.statements.insert, &values)?
        .ok_or(db::Error::NoRow)?;
    for role in draft.permissions.roles(Action::Read) {
        tx.kept_execute(&table.statements.add_reader, &[role.to_value(), seq.into()])?;
    }
    Ok(())
}

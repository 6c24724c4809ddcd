//! Writing of a batch of rows.

use db::Tx;
use kernel::Timestamp;

use super::cells::ParsedLine;
use super::lines::Line;
use super::{MAX_PROBLEMS, OnConflict, Problem, Transfer};
use crate::acts::{Author, Recorder};
use crate::rows::{Record, What, insert};
use crate::{Error, Result, RowError, RowId, Table};

/// Writes the rows of a batch of lines, and records the result in the transfer.
pub(super) fn write(
    tx: &mut Tx<'_>,
    table: &Table,
    author: &Author,
    transfer: &mut Transfer,
    lines: &[Line],
) -> Result<()> {
    let now = tx.now();
    let rows: Vec<(u64, &ParsedLine)> = lines
        .iter()
        .filter_map(|line| match &line.row {
            Ok(parsed) => Some((line.number, parsed)),
            Err(rule) => {
                note(transfer, line.number, rule.clone());
                None
            }
        })
        .collect();
    let together = tx.attempt(|tx| {
        rows.iter()
            .try_for_each(|(_, parsed)| write_one(tx, table, author, record(parsed, now)))
    });
    match together {
        Ok(()) => transfer.rows += count(rows.len()),
        // At least one row exists already: rows are written one by one to find out which.
        Err(Error::Row(RowError::Exists | RowError::Taken(_))) => {
            for (number, parsed) in rows {
                match tx.attempt(|tx| write_one(tx, table, author, record(parsed, now))) {
                    Ok(()) => transfer.rows += 1,
                    Err(Error::Row(RowError::Exists | RowError::Taken(_)))
                        if transfer.on_conflict == OnConflict::Skip => {}
                    Err(error @ Error::Row(RowError::Exists | RowError::Taken(_))) => {
                        note(transfer, number, error.to_string());
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Err(error) => return Err(error),
    }
    transfer.lines += count(lines.len());
    Ok(())
}

/// Writes one row, and its event.
fn write_one(tx: &mut Tx<'_>, table: &Table, author: &Author, mut record: Record) -> Result<()> {
    insert(tx, table, &mut record)?;
    Recorder::new(author, None).record(tx, table, What::Create, &record)
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

/// Record for a parsed line; the table assigns the number.
fn record(parsed: &ParsedLine, now: Timestamp) -> Record {
    let created_at = parsed.created_at.unwrap_or(now);
    Record {
        seq: 0,
        id: parsed.id.clone().unwrap_or_else(|| RowId::generate(now)),
        created_at,
        updated_at: parsed.updated_at.unwrap_or(created_at),
        permissions: parsed.permissions.clone(),
        values: parsed.values.clone(),
    }
}

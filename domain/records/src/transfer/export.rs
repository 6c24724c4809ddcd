//! Rows into a file.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::Value as Json;

use super::Format;
use crate::physical::{OWN, SEQ, iden};
use crate::rows::{Record, Writer};
use crate::{Error, Result, Table, Vocabulary};

/// Rows that are read in one act.
pub const PAGE: u64 = 1000;

/// Writes the rows of a table, a page at a time, in the order in which they were made.
#[derive(Debug)]
pub struct Exporter {
    format: Format,
    vocabulary: Vocabulary,
}

impl Exporter {
    /// Writes rows in a format; the words are those of the keys of JSON lines.
    pub fn new(format: Format, vocabulary: Vocabulary) -> Self {
        Self { format, vocabulary }
    }

    /// The line before the rows: the column keys of a CSV file.
    pub fn head(&self, table: &Table) -> Vec<u8> {
        if self.format == Format::Ndjson {
            return Vec::new();
        }
        let own = ["$id", "$createdAt", "$updatedAt", "$permissions"];
        let keys = own.into_iter().chain(table.stored().map(|column| column.key.as_str()));
        csv_line(keys.map(str::to_owned)).unwrap_or_default()
    }

    /// Appends up to [`PAGE`] rows behind the one with the number `after`; the number of the last, or none at the
    /// end, and how many there were.
    pub fn page(&self, tx: &mut Tx<'_>, table: &Table, after: i64, out: &mut Vec<u8>) -> Result<(Option<i64>, u64)> {
        let stored = table.stored().map(|column| iden(&column.name()));
        let select = Query::select()
            .columns(OWN.iter().map(|name| iden(name)).chain(stored))
            .from(iden(&table.names.table))
            .and_where(Expr::col(iden(SEQ)).gt(after))
            .order_by(iden(SEQ), Order::Asc)
            .limit(PAGE)
            .take();
        let writer = Writer::of(table, self.vocabulary);
        let (mut last, mut count, mut records) = (None, 0, Vec::new());
        tx.each(&select, |row| {
            last = Some(row.get::<i64>(0)?);
            count += 1;
            match self.format {
                Format::Ndjson => {
                    writer.write(row, out)?;
                    out.push(b'\n');
                }
                Format::Csv => records.push(Record::read(table, row)?),
            }
            Ok(())
        })?;
        for record in records {
            out.extend(line(record)?);
        }
        Ok((last, count))
    }
}

/// A row as a line of CSV: lists and shapes as JSON, nothing as an empty cell.
fn line(row: Record) -> Result<Vec<u8>> {
    let own = [
        row.id.to_string(),
        row.created_at.to_string(),
        row.updated_at.to_string(),
        row.permissions.to_json(),
    ];
    let cells = row.values.into_iter().map(|value| match value {
        Json::Null => String::new(),
        Json::String(text) => text,
        value => value.to_string(),
    });
    csv_line(own.into_iter().chain(cells))
}

fn csv_line(cells: impl Iterator<Item = String>) -> Result<Vec<u8>> {
    let failed = |error: String| Error::BadRequest(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

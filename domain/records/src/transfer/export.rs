//! Export of rows to a file.

use db::Tx;
use db::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::Value as Json;

use super::{Format, csv_cells};
use crate::physical::{OWN, SEQ, iden};
use crate::rows::{Record, Writer};
use crate::{Result, Table, Vocabulary};

/// Maximum number of rows per page.
pub const PAGE: u64 = 1000;

/// Writes the rows of a table, page by page, in the order of creation.
#[derive(Debug)]
pub struct Exporter {
    format: Format,
    vocabulary: Vocabulary,
}

impl Exporter {
    /// Creates an exporter; the vocabulary determines the keys of JSON lines.
    pub fn new(format: Format, vocabulary: Vocabulary) -> Self {
        Self { format, vocabulary }
    }

    /// The header of the file: the column keys of a CSV file, nothing for JSON lines.
    pub fn head(&self, table: &Table) -> Vec<u8> {
        if self.format == Format::Ndjson {
            return Vec::new();
        }
        let own = ["$id", "$createdAt", "$updatedAt", "$permissions"];
        let keys = own.into_iter().chain(table.stored().map(|column| column.key.as_str()));
        let mut out = Vec::new();
        csv_cells::write(keys.map(Some), &mut out);
        out
    }

    /// Appends up to [`PAGE`] rows after the row with the number `after`. Returns the number of the last row, none at
    /// the end, and the number of rows.
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
            line(record, out);
        }
        Ok((last, count))
    }
}

/// Appends a row as a CSV record: lists and shapes as JSON, null as an empty cell, an empty text as `""`.
fn line(row: Record, out: &mut Vec<u8>) {
    let own = [
        row.id.to_string(),
        row.created_at.to_string(),
        row.updated_at.to_string(),
        row.permissions.to_json(),
    ];
    let values = row.values.into_iter().map(|value| match value {
        Json::Null => None,
        Json::String(text) => Some(text),
        value => Some(value.to_string()),
    });
    let cells: Vec<Option<String>> = own.into_iter().map(Some).chain(values).collect();
    csv_cells::write(cells.iter().map(Option::as_deref), out);
}

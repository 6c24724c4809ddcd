//! Rows into a file.

use db::sea_query::{Expr, ExprTrait, Order, Query};
use db::{Ref, Row, Tx};

use super::Format;
use crate::columns::{Column, Stored};
use crate::physical::{OWN, SEQ, iden};
use crate::rows::Writer;
use crate::{Error, Result, Table, Vocabulary};

/// Rows that are read in one act.
pub const PAGE: u64 = 1000;

/// Writes the rows of a table, a page at a time, in the order in which they were made.
#[derive(Debug)]
pub struct Exporter {
    format: Format,
    words: Vocabulary,
}

impl Exporter {
    /// Writes rows in a format; the words are those of the keys of JSON lines.
    pub fn new(format: Format, words: Vocabulary) -> Self {
        Self { format, words }
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
        let writer = Writer::of(table, self.words);
        let (mut last, mut count) = (None, 0);
        tx.each(&select, |row| {
            last = Some(row.get::<i64>(0)?);
            count += 1;
            match self.format {
                Format::Ndjson => {
                    writer.write(row, out)?;
                    out.push(b'\n');
                }
                Format::Csv => out.extend(self.line(row, table)?),
            }
            Ok(())
        })?;
        Ok((last, count))
    }

    fn line(&self, row: &Row<'_>, table: &Table) -> std::result::Result<Vec<u8>, db::Error> {
        let stored = table.stored().enumerate();
        let of_boolean = |column: &Column| !column.spec.array && column.spec.kind.stored() == Stored::Boolean;
        let booleans: Vec<usize> = stored
            .filter(|(_, column)| of_boolean(column))
            .map(|(at, _)| OWN.len() + at)
            .collect();
        let mut cells = Vec::with_capacity(4 + table.stored().len());
        for index in 1..OWN.len() + table.stored().len() {
            cells.push(match row.value(index)? {
                Ref::Null | Ref::Blob(_) => String::new(),
                Ref::Boolean(flag) => flag.to_string(),
                // SQLite keeps them as numbers.
                Ref::Integer(number) if booleans.contains(&index) => (number != 0).to_string(),
                Ref::Integer(number) => number.to_string(),
                Ref::Real(number) => number.to_string(),
                Ref::Text(text) => text.to_owned(),
                Ref::Time(instant) => instant.to_string(),
            });
        }
        csv_line(cells.into_iter()).map_err(|error| db::Error::Panicked(error.to_string()))
    }
}

fn csv_line(cells: impl Iterator<Item = String>) -> Result<Vec<u8>> {
    let failed = |error: String| Error::BadRequest(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

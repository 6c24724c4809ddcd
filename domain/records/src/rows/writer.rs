//! Rows as JSON, written straight from SQL.

use db::{Error, Ref, Row};

use crate::columns::{Kind, Stored};
use crate::physical::OWN;
use crate::{Table, Vocabulary};

/// How the rows of one table are written.
#[derive(Debug)]
pub struct Writer {
    /// `,"$databaseId":"…","$tableId":"…"`.
    place: String,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    /// `,"key":`.
    before: String,
    holds: Holds,
}

/// How a column's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// As SQL has it.
    Plain,
    /// JSON in a text.
    Json,
    /// JSON in a text; an empty list if there is none.
    List,
    /// True or false, which SQLite keeps as a number.
    Boolean,
    /// A number with a fraction, which SQLite may hand out without.
    Real,
}

impl Writer {
    /// Writes all columns of a table in the words of a vocabulary. Rows are read with our own columns first, then the
    /// stored ones.
    pub fn of(table: &Table, words: Vocabulary) -> Self {
        let field = |column: &crate::Column| Field {
            before: format!(",\"{}\":", column.key),
            holds: match (column.spec.array, column.spec.kind.stored()) {
                (true, _) => Holds::List,
                (_, Stored::Shape) => Holds::Json,
                (_, Stored::Boolean) => Holds::Boolean,
                (_, Stored::Real) => Holds::Real,
                _ => Holds::Plain,
            },
        };
        debug_assert!(
            !table
                .columns
                .iter()
                .any(|column| matches!(column.spec.kind, Kind::Relationship(_)) && column.spec.array)
        );
        Self {
            // Ids hold nothing that JSON would escape.
            place: format!(
                ",\"$databaseId\":\"{}\",\"{}\":\"{}\"",
                table.database,
                words.table_id(),
                table.id
            ),
            fields: table.stored().map(field).collect(),
        }
    }

    /// Appends a row.
    pub fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        out.extend_from_slice(b"{\"$id\":");
        plain(row.value(1)?, out);
        out.extend_from_slice(b",\"$sequence\":");
        plain(row.value(0)?, out);
        out.extend_from_slice(b",\"$createdAt\":");
        plain(row.value(2)?, out);
        out.extend_from_slice(b",\"$updatedAt\":");
        plain(row.value(3)?, out);
        out.extend_from_slice(b",\"$permissions\":");
        spliced(row.value(4)?, b"[]", out);
        out.extend_from_slice(self.place.as_bytes());
        for (index, field) in self.fields.iter().enumerate() {
            out.extend_from_slice(field.before.as_bytes());
            let value = row.value(OWN.len() + index)?;
            match field.holds {
                Holds::Plain => plain(value, out),
                Holds::Json => spliced(value, b"null", out),
                Holds::List => spliced(value, b"[]", out),
                Holds::Boolean => plain(
                    match value {
                        Ref::Integer(number) => Ref::Boolean(number != 0),
                        other => other,
                    },
                    out,
                ),
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "SQLite hands out whole numbers of REAL columns so at times"
                )]
                Holds::Real => plain(
                    match value {
                        Ref::Integer(number) => Ref::Real(number as f64),
                        other => other,
                    },
                    out,
                ),
            }
        }
        out.push(b'}');
        Ok(())
    }
}

/// A value of SQL as JSON.
fn plain(value: Ref<'_>, out: &mut Vec<u8>) {
    let written = match value {
        Ref::Null | Ref::Blob(_) => {
            out.extend_from_slice(b"null");
            Ok(())
        }
        Ref::Boolean(flag) => serde_json::to_writer(&mut *out, &flag),
        Ref::Integer(number) => serde_json::to_writer(&mut *out, &number),
        Ref::Real(number) => serde_json::to_writer(&mut *out, &number),
        Ref::Text(text) => serde_json::to_writer(&mut *out, text),
        Ref::Time(instant) => serde_json::to_writer(&mut *out, &instant),
    };
    // Writing to memory does not fail.
    debug_assert!(written.is_ok());
}

/// JSON that stands in a column.
fn spliced(value: Ref<'_>, absent: &[u8], out: &mut Vec<u8>) {
    match value {
        Ref::Text(json) => out.extend_from_slice(json.as_bytes()),
        _ => out.extend_from_slice(absent),
    }
}

//! Serialization of rows to JSON, directly from SQL or from a loaded record.

use db::{Error, Ref, Row};
use serde_json::Value as Json;

use super::Record;
use crate::columns::{Kind, Stored};
use crate::physical::OWN;
use crate::sealed::Sealer;
use crate::{Schema, Vocabulary};

/// Serializer of the rows of one table.
#[derive(Debug)]
pub struct Writer {
    /// `,"$databaseId":"…","$tableId":"…"`.
    position: String,
    fields: Vec<Field>,
    sealer: Sealer,
}

#[derive(Debug)]
struct Field {
    /// Position among the stored columns.
    position: usize,
    /// `,"key":`.
    before: String,
    holds: Holds,
}

/// Serialization of a column's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The SQL value.
    Plain,
    /// JSON in a text.
    Json,
    /// JSON in a text; an empty list if there is none.
    List,
    /// A boolean, which SQLite stores as a number.
    Boolean,
    /// A floating-point number, which SQLite can return as an integer.
    Real,
    /// An encrypted text.
    Sealed,
    /// A JSON list of encrypted texts.
    SealedList,
}

impl Writer {
    /// Writes all columns of a table in a vocabulary. Rows must be read with the internal columns first, then the
    /// stored ones.
    pub fn of(table: &Schema, vocabulary: Vocabulary) -> Self {
        let all: Vec<usize> = (0..table.stored().len()).collect();
        Self::choosing(table, vocabulary, &all)
    }

    /// As [`Writer::of`], for stored columns chosen by position.
    pub fn choosing(table: &Schema, vocabulary: Vocabulary, positions: &[usize]) -> Self {
        let stored: Vec<&crate::Column> = table.stored().collect();
        let field = |(position, column): (usize, &crate::Column)| Field {
            position,
            before: format!(",\"{}\":", column.key),
            holds: match (column.spec.array, column.spec.kind.stored()) {
                (true, _) if column.spec.encrypt => Holds::SealedList,
                (false, _) if column.spec.encrypt => Holds::Sealed,
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
            // IDs contain no character that JSON would escape.
            position: format!(
                ",\"$databaseId\":\"{}\",\"{}\":\"{}\"",
                table.database,
                vocabulary.table_id(),
                table.id
            ),
            fields: positions
                .iter()
                .map(|position| field((*position, stored[*position])))
                .collect(),
            sealer: table.sealer.clone(),
        }
    }

    /// Appends a row.
    pub fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        let own = [
            row.value(1)?,
            row.value(0)?,
            row.value(2)?,
            row.value(3)?,
            row.value(4)?,
        ];
        self.write_own(own, out);
        for (index, field) in self.fields.iter().enumerate() {
            out.extend_from_slice(field.before.as_bytes());
            let column = OWN.len() + index;
            self.write_value(field.holds, row.value(column)?, out)
                .map_err(|reason| Error::Mismatch { column, reason })?;
        }
        out.push(b'}');
        Ok(())
    }

    /// Serializes a loaded record, exactly as [`Writer::write`] would.
    pub fn record(&self, record: &Record) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        let (created, updated) = (record.created_at.to_string(), record.updated_at.to_string());
        let permissions = record.permissions.to_json();
        let own = [
            Ref::Text(record.id.as_str()),
            Ref::Integer(record.seq),
            Ref::Text(&created),
            Ref::Text(&updated),
            Ref::Text(&permissions),
        ];
        self.write_own(own, &mut out);
        for field in &self.fields {
            let value = &record.values[field.position];
            out.extend_from_slice(field.before.as_bytes());
            match (field.holds, value) {
                (Holds::List | Holds::SealedList, Json::Null) => out.extend_from_slice(b"[]"),
                (_, value) => json(value, &mut out),
            }
        }
        out.push(b'}');
        out
    }

    /// Begins a row: its ID, number, times, permissions, database and table.
    fn write_own(&self, [id, seq, created, updated, permissions]: [Ref<'_>; 5], out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"$id\":");
        plain(id, out);
        out.extend_from_slice(b",\"$sequence\":");
        plain(seq, out);
        out.extend_from_slice(b",\"$createdAt\":");
        plain(created, out);
        out.extend_from_slice(b",\"$updatedAt\":");
        plain(updated, out);
        out.extend_from_slice(b",\"$permissions\":");
        spliced(permissions, b"[]", out);
        out.extend_from_slice(self.position.as_bytes());
    }

    fn write_value(&self, holds: Holds, value: Ref<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        match (holds, value) {
            (Holds::Json, value) => spliced(value, b"null", out),
            (Holds::List, value) => spliced(value, b"[]", out),
            (Holds::Boolean, Ref::Integer(number)) => plain(Ref::Boolean(number != 0), out),
            #[expect(
                clippy::cast_precision_loss,
                reason = "SQLite hands out whole numbers of REAL columns so at times"
            )]
            (Holds::Real, Ref::Integer(number)) => plain(Ref::Real(number as f64), out),
            (Holds::Sealed, Ref::Text(sealed)) => {
                let text = self.sealer.open(sealed).map_err(|error| error.to_string())?;
                plain(Ref::Text(&text), out);
            }
            (Holds::SealedList, Ref::Text(list)) => json(&self.sealer.open_list(list)?, out),
            (Holds::SealedList, _) => out.extend_from_slice(b"[]"),
            (_, value) => plain(value, out),
        }
        Ok(())
    }
}

/// Writes an SQL value as JSON.
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
    // Writing to memory cannot fail.
    debug_assert!(written.is_ok());
}

/// Copies JSON from a column.
fn spliced(value: Ref<'_>, absent: &[u8], out: &mut Vec<u8>) {
    match value {
        Ref::Text(json) => out.extend_from_slice(json.as_bytes()),
        _ => out.extend_from_slice(absent),
    }
}

fn json(value: &Json, out: &mut Vec<u8>) {
    let written = serde_json::to_writer(out, value);
    // Writing to memory cannot fail.
    debug_assert!(written.is_ok());
}

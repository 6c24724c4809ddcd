//! Parsing of a file's line to a row.

use std::borrow::Cow;

use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value as Json};

use crate::columns::Stored;
use crate::rows::check;
use crate::{Column, RowId, Table, Vocabulary};

/// A parsed and validated row.
#[derive(Debug, Clone)]
pub(super) struct ParsedLine {
    /// Its ID, if the line has one.
    pub(super) id: Option<RowId>,
    /// Creation time given by the line.
    pub(super) created_at: Option<Timestamp>,
    /// Update time given by the line.
    pub(super) updated_at: Option<Timestamp>,
    /// Permissions.
    pub(super) permissions: Permissions,
    /// The values of the stored columns.
    pub(super) values: Vec<Json>,
}

impl ParsedLine {
    fn empty(table: &Table) -> Self {
        Self {
            id: None,
            created_at: None,
            updated_at: None,
            permissions: Permissions::default(),
            values: Vec::with_capacity(table.stored().len()),
        }
    }

    /// Parses a JSON object, in either vocabulary.
    pub(super) fn of(object: Map<String, Json>, table: &Table) -> Result<Self, String> {
        let mut said = Self::empty(table);
        for (key, value) in &object {
            match key.as_str() {
                // Location fields of an export are ignored: the row can be imported into another table.
                "$sequence" | "$databaseId" | "$tableId" | "$collectionId" => {}
                key if key.starts_with('$') => said.own(key, value)?,
                key if table.column(key).is_some() => {}
                key => return Err(format!("unknown column \"{key}\"")),
            }
        }
        for column in table.stored() {
            said.take(column, object.get(column.key.as_str()).unwrap_or(&Json::Null))?;
        }
        Ok(said)
    }

    /// Parses an internal field.
    fn own(&mut self, key: &str, value: &Json) -> Result<(), String> {
        let text = value.as_str();
        let date = || {
            text.map_or(Err(kernel::BadInstant::Spelling), Timestamp::read)
                .map_err(|error| format!("{key}: {}", error.rule()))
        };
        match key {
            "$id" => self.id = Some(text.and_then(RowId::parse).ok_or("$id is no id")?),
            "$createdAt" => self.created_at = Some(date()?),
            "$updatedAt" => self.updated_at = Some(date()?),
            "$permissions" => {
                let texts: Vec<&str> = value
                    .as_array()
                    .and_then(|items| items.iter().map(Json::as_str).collect())
                    .ok_or("$permissions is no list of permissions")?;
                let allowed = [Action::Read, Action::Update, Action::Delete];
                self.permissions =
                    Permissions::parse(&texts, &allowed).map_err(|rule| format!("$permissions: {rule}"))?;
            }
            _ => return Err(format!("unknown column \"{key}\"")),
        }
        Ok(())
    }

    fn take(&mut self, column: &Column, value: &Json) -> Result<(), String> {
        let default = column.spec.default.as_ref().filter(|_| value.is_null());
        let value =
            check(column, default.unwrap_or(value)).map_err(|flaw| Vocabulary::Tables.fill(&flaw.to_string()))?;
        self.values.push(value);
        Ok(())
    }
}

/// Header line of a CSV file: the column of each cell.
#[derive(Debug)]
pub(super) struct Header {
    /// Cells of internal fields: `$id`, …
    own: Vec<(usize, String)>,
    /// The cell of each stored column; none if the file lacks it.
    cells: Vec<Option<usize>>,
    width: usize,
}

impl Header {
    /// Parses the keys. Fails with the violated rule.
    pub(super) fn read(record: &csv::ByteRecord, table: &Table) -> Result<Self, String> {
        let mut header = Self {
            own: Vec::new(),
            cells: vec![None; table.stored().len()],
            width: record.len(),
        };
        for (index, key) in record.iter().enumerate() {
            let key = std::str::from_utf8(key).map_err(|_| "the line of column keys is not UTF-8")?;
            // A byte order mark, which spreadsheets write.
            let key = key.trim_start_matches('\u{feff}').trim();
            if matches!(key, "$sequence" | "$databaseId" | "$tableId" | "$collectionId") {
                continue;
            }
            if key.starts_with('$') {
                header.own.push((index, key.to_owned()));
                continue;
            }
            let position = table.stored().position(|column| column.key.as_str() == key);
            let position = position.ok_or_else(|| format!("the table has no column \"{key}\""))?;
            if header.cells[position].replace(index).is_some() {
                return Err(format!("the column \"{key}\" stands twice in the line of column keys"));
            }
        }
        Ok(header)
    }

    /// Parses a line. An empty cell is null, or an empty text in a required text column.
    pub(super) fn row(&self, record: &csv::ByteRecord, table: &Table) -> Result<ParsedLine, String> {
        if record.len() > self.width {
            return Err(format!(
                "{} cells, where the line of column keys has {}",
                record.len(),
                self.width
            ));
        }
        let mut said = ParsedLine::empty(table);
        for (index, key) in &self.own {
            let text = text(record, *index)?;
            if !text.is_empty() {
                let value = match key.as_str() {
                    "$permissions" => serde_json::from_str(text).map_err(|_| "$permissions is no JSON list")?,
                    _ => Json::from(text),
                };
                said.own(key, &value)?;
            }
        }
        for (column, cell) in table.stored().zip(&self.cells) {
            let value = match cell {
                Some(index) => value(column, text(record, *index)?)?,
                None => Json::Null,
            };
            said.take(column, &value)?;
        }
        Ok(said)
    }
}

fn text(record: &csv::ByteRecord, index: usize) -> Result<&str, String> {
    std::str::from_utf8(record.get(index).unwrap_or_default()).map_err(|_| format!("cell {} is not UTF-8", index + 1))
}

/// Parses a cell as a value of its column.
fn value(column: &Column, text: &str) -> Result<Json, String> {
    let spec = &column.spec;
    let stored = spec.kind.stored();
    let wants_text = !spec.array && stored == Stored::Text;
    if text.is_empty() {
        let empty = wants_text && spec.required;
        return Ok(if empty { Json::from("") } else { Json::Null });
    }
    let wrong = |what: &str| format!("column \"{}\": {text:?} is no {what}", column.key);
    if spec.array || stored == Stored::Shape {
        return serde_json::from_str(text).map_err(|_| wrong("JSON"));
    }
    Ok(match stored {
        Stored::Integer => Json::from(text.trim().parse::<i64>().map_err(|_| wrong("whole number"))?),
        Stored::Real => Json::from(text.trim().parse::<f64>().map_err(|_| wrong("number"))?),
        Stored::Boolean => match text.trim() {
            "true" | "1" => Json::Bool(true),
            "false" | "0" => Json::Bool(false),
            _ => return Err(wrong("boolean (true, false, 1 or 0)")),
        },
        _ => Json::from(Cow::Borrowed(text)),
    })
}

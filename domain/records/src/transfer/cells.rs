//! Parsing of a file's line to a row.

use std::borrow::Cow;

use kernel::Timestamp;
use kernel::permission::{Action, Permissions};
use serde_json::{Map, Value as Json};

use super::csv_cells::CsvRecord;
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
        let mut parsed = Self::empty(table);
        for (key, value) in &object {
            match key.as_str() {
                // Location fields of an export are ignored: the row can be imported into another table.
                "$sequence" | "$databaseId" | "$tableId" | "$collectionId" => {}
                key if key.starts_with('$') => parsed.own(key, value)?,
                key if table.column(key).is_some() => {}
                key => return Err(format!("unknown column \"{key}\"")),
            }
        }
        for column in table.stored() {
            parsed.take(column, object.get(column.key.as_str()))?;
        }
        Ok(parsed)
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

    /// Adds the value of a column; the default if the file has none.
    fn take(&mut self, column: &Column, value: Option<&Json>) -> Result<(), String> {
        let value = value.or(column.spec.default.as_ref()).unwrap_or(&Json::Null);
        let value = check(column, value).map_err(|flaw| Vocabulary::Tables.fill(&flaw.to_string()))?;
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
    pub(super) fn read(record: &CsvRecord, table: &Table) -> Result<Self, String> {
        if record.unclosed {
            return Err("a quote in the line of column keys is never closed".to_owned());
        }
        let mut header = Self {
            own: Vec::new(),
            cells: vec![None; table.stored().len()],
            width: record.cells.len(),
        };
        for (index, key) in record.cells.iter().enumerate() {
            let key = std::str::from_utf8(&key.bytes).map_err(|_| "the line of column keys is not UTF-8")?;
            let key = key.trim();
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

    /// Parses a line. An empty cell is null; an empty text if it is quoted, or if its text column is required.
    pub(super) fn row(&self, record: &CsvRecord, table: &Table) -> Result<ParsedLine, String> {
        if record.cells.len() > self.width {
            return Err(format!(
                "{} cells, where the line of column keys has {}",
                record.cells.len(),
                self.width
            ));
        }
        let mut parsed = ParsedLine::empty(table);
        for (index, key) in &self.own {
            let (text, _) = text(record, *index)?;
            if !text.is_empty() {
                let value = match key.as_str() {
                    "$permissions" => permissions(text)?,
                    _ => Json::from(text),
                };
                parsed.own(key, &value)?;
            }
        }
        for (column, cell) in table.stored().zip(&self.cells) {
            let value = match cell {
                Some(index) if *index < record.cells.len() => Some(value(column, text(record, *index)?)?),
                _ => None,
            };
            parsed.take(column, value.as_ref())?;
        }
        Ok(parsed)
    }
}

/// The text of a cell, and whether it is quoted.
fn text(record: &CsvRecord, index: usize) -> Result<(&str, bool), String> {
    let Some(cell) = record.cells.get(index) else {
        return Ok(("", false));
    };
    let text = std::str::from_utf8(&cell.bytes).map_err(|_| format!("cell {} is not UTF-8", index + 1))?;
    Ok((text, cell.quoted))
}

/// Permissions as a JSON list, or separated by commas: `read("any"),update("users")`.
fn permissions(text: &str) -> Result<Json, String> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|_| "$permissions is no JSON list".to_owned());
    }
    // Neither actions nor roles contain a closing parenthesis.
    let entries = text
        .split_inclusive(')')
        .map(|entry| entry.trim_start_matches([',', ' ']).trim_end());
    Ok(entries.filter(|entry| !entry.is_empty()).map(Json::from).collect())
}

/// Parses a cell as a value of its column.
fn value(column: &Column, (text, quoted): (&str, bool)) -> Result<Json, String> {
    let spec = &column.spec;
    let stored = spec.kind.stored();
    let wants_text = !spec.array && stored == Stored::Text;
    if text.is_empty() {
        let empty = wants_text && (spec.required || quoted);
        return Ok(if empty { Json::from("") } else { Json::Null });
    }
    let wrong = |what: &str| format!("column \"{}\": {text:?} is no {what}", column.key);
    if spec.array && !text.trim_start().starts_with('[') {
        return text.split(',').map(|item| single(column, item.trim())).collect();
    }
    if spec.array || stored == Stored::Shape {
        return serde_json::from_str(text).map_err(|_| wrong("JSON"));
    }
    single(column, text)
}

/// Parses a single value, or an element of a list that is separated by commas.
fn single(column: &Column, text: &str) -> Result<Json, String> {
    let stored = column.spec.kind.stored();
    let wrong = |what: &str| format!("column \"{}\": {text:?} is no {what}", column.key);
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

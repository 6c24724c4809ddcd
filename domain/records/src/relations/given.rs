//! Relationship values in a request.

use db::Tx;
use serde_json::{Map, Value as Json};

use super::MAX_DEPTH;
use crate::columns::{Column, Relationship};
use crate::{Error, Result, RowId, Table};

/// A related row, as a request names it.
#[derive(Debug, Clone)]
pub(super) enum Item<'a> {
    /// By its id.
    Id(RowId),
    /// By its values: one that is to be made or changed.
    Row(&'a Map<String, Json>),
}

impl<'a> Item<'a> {
    /// Reads one related row.
    pub(super) fn one(column: &Column, given: &'a Json) -> Result<Option<Self>> {
        match given {
            Json::Null => Ok(None),
            Json::String(id) => RowId::parse(id.as_str())
                .map(|id| Some(Self::Id(id)))
                .ok_or_else(|| wrong(column, "a row, the id of a row, or null")),
            Json::Object(values) => Ok(Some(Self::Row(values))),
            _ => Err(wrong(column, "a row, the id of a row, or null")),
        }
    }

    /// Reads the related rows of a side that has many; null stands for none.
    pub(super) fn many(column: &Column, given: &'a Json) -> Result<Vec<Self>> {
        const RULE: &str = "a list of rows or of ids of rows";
        match given {
            Json::Null => Ok(Vec::new()),
            Json::Array(items) => items
                .iter()
                .map(|item| match Self::one(column, item) {
                    Ok(Some(item)) => Ok(item),
                    _ => Err(wrong(column, RULE)),
                })
                .collect(),
            _ => Err(wrong(column, RULE)),
        }
    }

    /// Its id, if that is known before it is written.
    pub(super) fn id(&self) -> Option<RowId> {
        match self {
            Self::Id(id) => Some(id.clone()),
            Self::Row(values) => match values.get("$id") {
                Some(Json::String(id)) if id != UNIQUE => RowId::parse(id.as_str()),
                _ => None,
            },
        }
    }
}

/// Asks for an id of the server's making.
pub(super) const UNIQUE: &str = "unique()";

/// A value of a stored relationship as far as it is known before related rows are written: ids and null stand for
/// themselves, a row that has an id for that.
pub(crate) fn named(given: &Json) -> Json {
    match given {
        Json::Object(values) => match Item::Row(values).id() {
            Some(id) => Json::String(id.to_string()),
            None => given.clone(),
        },
        other => other.clone(),
    }
}

fn wrong(column: &Column, rule: &str) -> Error {
    Error::RelationshipValue(format!(
        "Invalid relationship value of column \"{}\". Must be {rule}",
        column.key
    ))
}

/// Rows that one value may write along its relationship, and beyond.
const MAX_ROWS: usize = 1000;
/// Rows that one value may name.
const MAX_ITEMS: usize = 10_000;

/// Refuses a value whose rows lie too deep in each other, or are too many for one act.
pub(super) fn check_bounds(tx: &mut Tx<'_>, table: &Table, relationship: &Relationship, given: &Json) -> Result<()> {
    if given.as_array().is_some_and(|items| items.len() > MAX_ITEMS) {
        return Err(too_much(&format!("A list names at most {MAX_ITEMS} rows")));
    }
    walk(tx, table, relationship, given, 1, &mut 0)
}

/// Walks through the rows of a value, which lie so deep; `count` counts them.
fn walk(
    tx: &mut Tx<'_>,
    table: &Table,
    relationship: &Relationship,
    given: &Json,
    depth: usize,
    count: &mut usize,
) -> Result<()> {
    let rows: Vec<&Map<String, Json>> = match given {
        Json::Object(row) => vec![row],
        Json::Array(items) => items.iter().filter_map(Json::as_object).collect(),
        _ => return Ok(()),
    };
    if rows.is_empty() {
        return Ok(());
    }
    if depth > MAX_DEPTH {
        return Err(too_much(&format!(
            "Related rows may be written {MAX_DEPTH} deep; name deeper ones by their ids"
        )));
    }
    *count += rows.len();
    if *count > MAX_ROWS {
        return Err(too_much(&format!(
            "At most {MAX_ROWS} related rows may be written at once"
        )));
    }
    let related = table.related(tx, relationship)?;
    for row in rows {
        for (column, relationship) in related.relationships() {
            if let Some(given) = row.get(column.key.as_str()) {
                walk(tx, &related, relationship, given, depth + 1, count)?;
            }
        }
    }
    Ok(())
}

fn too_much(rule: &str) -> Error {
    Error::RelationshipValue(format!("Invalid relationship value. {rule}"))
}

//! Drafts: the new values of a row, from the data of a request and the existing row, validated.

use db::Tx;
use kernel::permission::Permissions;
use kernel::{BadInstant, Timestamp};
use serde_json::{Map, Value as Json};

use super::operators::Operator;
use super::{Record, check, hooks};
use crate::error::Flaw;
use crate::{Access, Column, Error, Kind, Result, RowError, Table, relations};

/// Internal fields that are ignored in data, because clients send back what they read.
const OURS: [&str; 8] = [
    "$id",
    "$sequence",
    "$databaseId",
    "$tableId",
    "$collectionId",
    "$createdAt",
    "$updatedAt",
    "$permissions",
];

/// The new values of a row.
pub(super) struct Draft<'a> {
    pub(super) values: Vec<Json>,
    data: &'a Map<String, Json>,
    /// The first error in the values; returned only after the caller's right to write was checked.
    flaw: Option<Flaw>,
    /// Positions of stored relationships in the data; their values can be rows to be written.
    related: Vec<usize>,
}

impl<'a> Draft<'a> {
    /// The values of a new row, with defaults for missing ones. `operators`, the current time, is given by upserts
    /// only, whose operators apply to the defaults.
    pub(super) fn new(table: &Table, data: &'a Map<String, Json>, operators: Option<Timestamp>) -> Result<Self> {
        let default = |_, column: &Column| column.spec.default.clone().unwrap_or(Json::Null);
        Self::of(table, data, operators, default)
    }

    /// The values of an existing row, changed by the data.
    pub(super) fn over(table: &Table, old: &Record, data: &'a Map<String, Json>, now: Timestamp) -> Result<Self> {
        Self::of(table, data, Some(now), |position, _| old.values[position].clone())
    }

    fn of(
        table: &Table,
        data: &'a Map<String, Json>,
        operators: Option<Timestamp>,
        silent: impl Fn(usize, &Column) -> Json,
    ) -> Result<Self> {
        let (mut missing, mut invalid, mut related) = (None, None, Vec::new());
        let mut values = Vec::with_capacity(table.stored().len());
        for (position, column) in table.stored().enumerate() {
            let value = match data.get(column.key.as_str()) {
                None => silent(position, column),
                Some(given) if matches!(column.spec.kind, Kind::Relationship(_)) => {
                    if !(given.is_null() && silent(position, column).is_null()) {
                        related.push(position);
                    }
                    relations::named(given)
                }
                Some(given) => {
                    let value = match read_operator(operators, column, given)? {
                        Some((operator, now)) => operator.apply(column, &silent(position, column), now),
                        None => check(column, given),
                    };
                    value.unwrap_or_else(|flaw| {
                        invalid = invalid.take().or(Some(flaw));
                        given.clone()
                    })
                }
            };
            if column.spec.required && value.is_null() {
                missing = missing.or_else(|| Some(Flaw::Missing(column.key.to_string())));
            }
            values.push(value);
        }
        Ok(Self {
            values,
            data,
            flaw: missing.or_else(|| unknown(table, data)).or(invalid),
            related,
        })
    }

    /// Keeps references that the data repeats, and those to rows that the caller may not read, at the `hidden`
    /// positions, where the data has the null that the caller sees. Returns whether the data names such a row
    /// nevertheless.
    pub(super) fn keep(&mut self, table: &Table, old: &Record, hidden: &[usize]) -> bool {
        let (data, mut names_hidden) = (self.data, false);
        let mut columns = table.stored().enumerate();
        let mut given =
            |position| columns.find_map(|(at, column)| (at == position).then(|| &data[column.key.as_str()]));
        // The positions are ascending, so that one pass finds all columns.
        let values = &mut self.values;
        self.related.retain(|position| {
            let (given, before) = (given(*position), &old.values[*position]);
            let is_hidden = hidden.contains(position);
            if is_hidden && values[*position].is_null() {
                values[*position] = before.clone();
                return false;
            }
            names_hidden |= is_hidden && values[*position] == *before;
            is_hidden || given != Some(before)
        });
        names_hidden
    }

    /// Returns an error in the values, if there is one; writes related rows, and returns the values with their IDs. New
    /// ones take over `permissions`, those of this row.
    pub(super) fn settle(
        mut self,
        tx: &mut Tx<'_>,
        table: &Table,
        access: &Access,
        permissions: &Permissions,
    ) -> Result<Vec<Json>> {
        if let Some(flaw) = self.flaw {
            return Err(flaw.into());
        }
        for position in self.related {
            let column = table.stored().nth(position).ok_or(RowError::NotFound)?;
            self.values[position] = hooks::before_value(
                tx,
                table,
                (access, permissions),
                column,
                &self.data[column.key.as_str()],
            )?;
        }
        Ok(self.values)
    }
}

fn read_operator(at: Option<Timestamp>, column: &Column, given: &Json) -> Result<Option<(Operator, Timestamp)>> {
    let Some(now) = at else { return Ok(None) };
    let operator = Operator::read(column.key.as_str(), given)?;
    Ok(operator.map(|operator| (operator, now)))
}

/// The error of a key in the data that is no column's.
fn unknown(table: &Table, data: &Map<String, Json>) -> Option<Flaw> {
    let is_known = |key: &str| {
        let column = table.column(key);
        column.is_some_and(|column| column.status == crate::Status::Available && !column.is_hidden())
            || OURS.contains(&key)
    };
    let key = data.keys().find(|key| !is_known(key))?;
    Some(Flaw::Unknown(key.clone()))
}

/// A timestamp that servers may set (`$createdAt`, `$updatedAt`); ignored for clients.
pub(super) fn instant(access: &Access, data: &Map<String, Json>, key: &str) -> Result<Option<Timestamp>> {
    match (access, data.get(key)) {
        (Access::Client(_), _) | (_, None | Some(Json::Null)) => Ok(None),
        (Access::Server, Some(given)) => {
            let instant = given.as_str().map_or(Err(BadInstant::Spelling), Timestamp::read);
            let flaw = |error: BadInstant| Error::from(Flaw::Type(key.to_owned(), error.rule().into()));
            instant.map(Some).map_err(flaw)
        }
    }
}

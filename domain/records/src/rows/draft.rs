//! A row as it is to be: what a request says, laid over what is there, and checked.

use db::Tx;
use kernel::Timestamp;
use serde_json::{Map, Value as Json};

use super::operators::Operator;
use super::{Record, check, hooks};
use crate::error::Flaw;
use crate::{Access, Column, Error, Kind, Result, Table, relations};

/// Names that clients may send in data because we sent them; what is said there is not taken from it.
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

/// The values that a row is to have.
pub(super) struct Draft<'a> {
    pub(super) values: Vec<Json>,
    data: &'a Map<String, Json>,
    /// The first thing that is wrong with them, told once it is known that the caller may write at all.
    flaw: Option<Flaw>,
    /// Stored relationships that the data speaks of, by place; what is said of them may be whole rows to be written.
    related: Vec<usize>,
}

impl<'a> Draft<'a> {
    /// The values of a new row, with defaults where the data is silent. Only upserts have operators, which work on the
    /// defaults, and give the instant for them.
    pub(super) fn new(table: &Table, data: &'a Map<String, Json>, operators: Option<Timestamp>) -> Result<Self> {
        let default = |_, column: &Column| column.spec.default.clone().unwrap_or(Json::Null);
        Self::of(table, data, operators, default)
    }

    /// The values of a row that is there, changed by the data.
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
                    let before = silent(position, column);
                    if *given != before {
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

    /// Refuses what is wrong with the values, and lets relationships turn what is said of them into what is kept.
    pub(super) fn settle(mut self, tx: &mut Tx<'_>, table: &Table, access: &Access) -> Result<Vec<Json>> {
        if let Some(flaw) = self.flaw {
            return Err(flaw.into());
        }
        for position in self.related {
            let column = table.stored().nth(position).ok_or(Error::RowNotFound)?;
            self.values[position] = hooks::before_value(tx, table, access, column, &self.data[column.key.as_str()])?;
        }
        Ok(self.values)
    }
}

fn read_operator(at: Option<Timestamp>, column: &Column, given: &Json) -> Result<Option<(Operator, Timestamp)>> {
    let Some(now) = at else { return Ok(None) };
    let operator = Operator::read(column.key.as_str(), given)?;
    Ok(operator.map(|operator| (operator, now)))
}

/// The first key of the data that no column has.
fn unknown(table: &Table, data: &Map<String, Json>) -> Option<Flaw> {
    let is_known = |key: &str| {
        let column = table.column(key);
        column.is_some_and(|column| column.status == crate::Status::Available && !column.is_hidden())
            || OURS.contains(&key)
    };
    let key = data.keys().find(|key| !is_known(key))?;
    Some(Flaw::Unknown(key.clone()))
}

/// An instant that a server sets itself (`$createdAt`, `$updatedAt`); what clients say of them is not heard.
pub(super) fn instant(access: &Access, data: &Map<String, Json>, key: &str) -> Result<Option<Timestamp>> {
    match (access, data.get(key)) {
        (Access::Client(_), _) | (_, None | Some(Json::Null)) => Ok(None),
        (Access::Server, Some(given)) => {
            let instant = given.as_str().and_then(Timestamp::parse);
            let rule = "Value must be valid date between 0000-01-01 and 9999-12-31";
            let flaw = || Flaw::Type(key.to_owned(), rule.into());
            instant.ok_or_else(flaw).map(Some).map_err(Error::from)
        }
    }
}

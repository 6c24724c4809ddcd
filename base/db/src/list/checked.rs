//! Filters checked against a noun: all attributes exist, all values have the right type and are bound.

use kernel::Timestamp;
use kernel::query::{Error as QueryError, Filter, Test};
use sea_query::Condition;
use serde_json::Value as Json;

use super::pattern::{Match, pattern};
use super::{Attribute, Queryable, Sort, regular};
use crate::{Dialect, Error, ToValue, Tx, Value};

/// One comparison of a filter, as requested.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// Index of the query in the request, from 0.
    pub query: usize,
    /// The attribute's name on the wire.
    pub attribute: &'a str,
    /// Comparison operator.
    pub test: Test,
    /// Operands.
    pub values: &'a [Json],
}

/// Builds conditions that need more than the attribute's own column: shapes, full text, elements found through an
/// index, attributes of related rows (`author.name`).
pub trait ConditionResolver {
    /// The condition of a comparison on the rows of the list; none if it only needs the column. The transaction can be
    /// used for lookups.
    fn condition(&mut self, tx: &mut Tx<'_>, comparison: Comparison<'_>) -> Result<Option<Condition>, Error>;
}

/// Every comparison only needs its column.
impl ConditionResolver for () {
    fn condition(&mut self, _: &mut Tx<'_>, _: Comparison<'_>) -> Result<Option<Condition>, Error> {
        Ok(None)
    }
}

/// A checked filter.
#[derive(Debug, Clone)]
pub(super) enum Checked {
    And(Vec<Checked>),
    Or(Vec<Checked>),
    Column(Column),
    /// Condition built by a resolver.
    Resolved(Condition),
}

/// A comparison of a column with bound values.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Index of the attribute.
    pub(super) position: usize,
    pub(super) test: Test,
    pub(super) values: Vec<Value>,
}

impl Checked {
    /// Number of texts that are searched for in texts.
    pub(super) fn patterns(&self, queryable: &Queryable) -> usize {
        use Test::*;
        match self {
            Self::And(inner) | Self::Or(inner) => inner.iter().map(|one| one.patterns(queryable)).sum(),
            Self::Column(Column { position, test, values }) => match test {
                StartsWith | NotStartsWith | EndsWith | NotEndsWith | Contains | NotContains
                    if !queryable.at(*position).list =>
                {
                    values.len()
                }
                _ => 0,
            },
            Self::Resolved(_) => 0,
        }
    }
}

/// Checks a filter.
///
/// Fails if an attribute may not be queried, or a value or test does not fit it.
pub(super) fn check(
    tx: &mut Tx<'_>,
    queryable: &Queryable,
    resolver: &mut dyn ConditionResolver,
    filter: &Filter,
) -> Result<Checked, Error> {
    let mut each = |inner: &[Filter]| -> Result<Vec<Checked>, Error> {
        inner
            .iter()
            .map(|filter| check(tx, queryable, resolver, filter))
            .collect()
    };
    match filter {
        Filter::And(inner) => Ok(Checked::And(each(inner)?)),
        Filter::Or(inner) => Ok(Checked::Or(each(inner)?)),
        Filter::Test {
            query,
            attribute,
            test,
            values,
        } => {
            let comparison = Comparison {
                query: *query,
                attribute,
                test: *test,
                values,
            };
            if let Some(condition) = resolver.condition(tx, comparison)? {
                return Ok(Checked::Resolved(condition));
            }
            let position = queryable.position(*query, attribute)?;
            let values = bind_all(tx.dialect(), queryable.at(position), comparison)?;
            Ok(Checked::Column(Column {
                position,
                test: *test,
                values,
            }))
        }
    }
}

/// Bound values of a comparison, in the order of the placeholders of its condition.
fn bind_all(dialect: Dialect, on: &Attribute, comparison: Comparison<'_>) -> Result<Vec<Value>, QueryError> {
    use Test::*;
    let Comparison {
        query, test, values, ..
    } = comparison;
    let refuse = |why: String| Err(QueryError::at(query, why));
    let name = &on.name;
    if on.sort == Sort::Sealed {
        return refuse(format!("Cannot query encrypted attribute: {name}"));
    }
    match test {
        IsNull | IsNotNull => return Ok(Vec::new()),
        Contains | NotContains if on.list => return elements(dialect, on, query, values),
        _ if on.list => {
            let method = test.name();
            return refuse(format!(
                "Cannot query {method} on attribute \"{name}\" because it is an array."
            ));
        }
        _ => {}
    }
    match test {
        Equal | NotEqual | LessThan | LessThanEqual | GreaterThan | GreaterThanEqual | Between | NotBetween
            if on.sort != Sort::Shape =>
        {
            values.iter().map(|value| on.bind(query, value)).collect()
        }
        StartsWith | NotStartsWith | EndsWith | NotEndsWith | Contains | NotContains if on.sort == Sort::Text => {
            let position = match test {
                StartsWith | NotStartsWith => Match::Start,
                EndsWith | NotEndsWith => Match::End,
                _ => Match::Anywhere,
            };
            let pattern = |value: &Json| Ok(pattern(position, text(on, query, value)?).to_value());
            values.iter().map(pattern).collect()
        }
        Regex if on.sort == Sort::Text => {
            let pattern = text(on, query, only(on, query, values)?)?;
            let pattern = regular::pattern(dialect, pattern);
            let pattern = pattern
                .map_err(|why| QueryError::at(query, format!("Invalid pattern for attribute \"{name}\": {why}")))?;
            Ok(vec![pattern.to_value()])
        }
        Contains | NotContains => refuse(format!(
            "Cannot query {} on attribute \"{name}\" because it is not an array or string.",
            test.name()
        )),
        StartsWith | NotStartsWith | EndsWith | NotEndsWith | Regex => refuse(format!(
            "Cannot query {} on attribute \"{name}\" because it is not a string.",
            test.name()
        )),
        Search | NotSearch => refuse(format!("Searching by attribute \"{name}\" requires a fulltext index.")),
        _ if on.sort == Sort::Shape => refuse(format!(
            "Query method {} is not supported by attribute \"{name}\"",
            test.name()
        )),
        _ => refuse(format!(
            "Spatial query \"{}\" cannot be applied on non-spatial attribute: {name}",
            test.name()
        )),
    }
}

/// The elements of which a list must contain any: one JSON list for SQLite, one single-element JSON list per element
/// for PostgreSQL.
fn elements(dialect: Dialect, on: &Attribute, query: usize, values: &[Json]) -> Result<Vec<Value>, QueryError> {
    let element = |value: &Json| match (on.sort, on.bind(query, value)?) {
        (Sort::Real, Value::Double(Some(number))) => Ok(Json::from(number)),
        (Sort::Datetime, Value::String(Some(instant))) => Ok(Json::from(instant)),
        _ => Ok(value.clone()),
    };
    let elements: Vec<Json> = values.iter().map(element).collect::<Result<_, QueryError>>()?;
    Ok(match dialect {
        Dialect::Sqlite => vec![Json::Array(elements).to_value()],
        Dialect::Postgres => elements
            .into_iter()
            .map(|one| Json::Array(vec![one]).to_value())
            .collect(),
    })
}

/// A text to compare with. It must not contain U+0000, which PostgreSQL cannot store.
fn text<'v>(on: &Attribute, query: usize, value: &'v Json) -> Result<&'v str, QueryError> {
    match value {
        Json::String(text) if text.contains('\0') => Err(QueryError::at(
            query,
            format!(
                "Query value for attribute \"{}\" contains the character U+0000",
                on.name
            ),
        )),
        Json::String(text) => Ok(text),
        _ => Err(unfit(on, query)),
    }
}

fn only<'v>(on: &Attribute, query: usize, values: &'v [Json]) -> Result<&'v Json, QueryError> {
    values.first().ok_or_else(|| unfit(on, query))
}

fn unfit(on: &Attribute, query: usize) -> QueryError {
    QueryError::at(query, format!("Query value is invalid for attribute \"{}\"", on.name))
}

impl Attribute {
    /// The value of a query as the column stores it, or an element of its list.
    ///
    /// Fails if it has the wrong type.
    pub fn bind(&self, query: usize, value: &Json) -> Result<Value, QueryError> {
        match (self.sort, value) {
            (Sort::Text, value) => return text(self, query, value).map(ToValue::to_value),
            (Sort::Integer, Json::Number(number)) => number.as_i64().map(|number| number.to_value()),
            (Sort::Sequence, Json::String(digits)) => sequence(digits).map(|number| number.to_value()),
            (Sort::Real, Json::Number(number)) => number.as_f64().map(|number| (number + 0.0).to_value()),
            (Sort::Boolean, Json::Bool(boolean)) => Some(boolean.to_value()),
            // In a list it is stored as text.
            (Sort::Datetime, Json::String(text)) if self.list => {
                Timestamp::parse(text).map(|instant| instant.to_string().to_value())
            }
            (Sort::Datetime, Json::String(text)) => Timestamp::parse(text).map(|instant| instant.to_value()),
            _ => None,
        }
        .ok_or_else(|| unfit(self, query))
    }
}

/// A number of 1 or more, written in digits.
fn sequence(digits: &str) -> Option<i64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|number| *number >= 1)
}

//! Conditions that need derived or related tables.

use db::list::{Comparison, ConditionResolver, Queryable};
use db::sea_query::{Condition, Expr, ExprTrait};
use db::{Error, Tx};
use kernel::query::{Error as QueryError, Test};

use super::found::{either, unfit};
use super::{Reading, related, shapes};
use crate::columns::Stored;
use crate::derived::DerivedFilter;
use crate::indexes::IndexKind;
use crate::physical::iden;
use crate::{Column, Key};
use text_search::Search;

/// Maximum length of an ID in comparisons with relationships, in characters; all IDs are shorter.
const MAX_RELATED: usize = 255;

/// Resolves the conditions of one list.
#[derive(Debug)]
pub(crate) struct DerivedConditions<'a> {
    reading: Reading<'a>,
}

impl<'a> DerivedConditions<'a> {
    pub(crate) fn new(reading: Reading<'a>) -> Self {
        Self { reading }
    }

    fn queryable(&self) -> &'a Queryable {
        self.reading.table.cache.queryable(self.reading.table)
    }
}

impl ConditionResolver for DerivedConditions<'_> {
    fn condition(&mut self, tx: &mut Tx<'_>, comparison: Comparison<'_>) -> Result<Option<Condition>, Error> {
        if let Some(condition) = related::condition(tx, self.reading, comparison, resolver).map_err(as_query_error)? {
            return Ok(Some(condition));
        }
        // Internal attributes are translated by `db::list`. Every column's key is an ID, so other names are no columns.
        let Some(column) = Key::parse(comparison.attribute).and_then(|key| self.reading.table.column(key.as_str()))
        else {
            return Ok(None);
        };
        if !column.is_stored() || column.spec.encrypt {
            return Ok(None);
        }
        if column.spec.array {
            return self.elements(column, comparison);
        }
        match comparison.test {
            Test::Search | Test::NotSearch => self.words(column, comparison),
            _ if column.spec.kind.stored() == Stored::Shape => {
                shapes::condition(tx, self.reading.table, column, comparison)
            }
            _ if column.spec.kind.relationship().is_some() => {
                let long =
                    |value: &serde_json::Value| value.as_str().is_some_and(|id| id.chars().nth(MAX_RELATED).is_some());
                if comparison.values.iter().any(long) {
                    Err(unfit(comparison).into())
                } else {
                    Ok(None)
                }
            }
            _ => Ok(None),
        }
    }
}

impl DerivedConditions<'_> {
    /// Condition on elements of lists, if an index has them; none if the lists themselves must be searched.
    fn elements(&self, column: &Column, comparison: Comparison<'_>) -> Result<Option<Condition>, Error> {
        if !matches!(comparison.test, Test::Contains | Test::NotContains) {
            return Ok(None);
        }
        let Some(derived) = self.reading.table.derived_of(column, IndexKind::Key) else {
            return Ok(None);
        };
        let on = self.queryable().find(comparison.query, comparison.attribute)?;
        let values = comparison.values.iter().map(|value| on.bind(comparison.query, value));
        let values = values.collect::<Result<Vec<_>, QueryError>>()?;
        let found = derived.find(DerivedFilter::Elements(values));
        Ok(found.map(|found| either(column, found, comparison.test == Test::NotContains)))
    }

    fn words(&self, column: &Column, comparison: Comparison<'_>) -> Result<Option<Condition>, Error> {
        let Some(derived) = self.reading.table.derived_of(column, IndexKind::Fulltext) else {
            // `db::list` reports this error, with Appwrite's message.
            return Ok(None);
        };
        let text = comparison
            .values
            .first()
            .and_then(|value| value.as_str())
            .filter(|text| !text.contains('\0'))
            .ok_or_else(|| unfit(comparison))?;
        let negated = comparison.test == Test::NotSearch;
        let found = derived.find(DerivedFilter::Words(&Search::parse(text)));
        let nothing = || {
            if negated {
                Expr::col(iden(&column.name())).is_not_null()
            } else {
                Expr::cust("0 = 1")
            }
        };
        Ok(Some(found.map_or_else(
            || Condition::all().add(nothing()),
            |found| either(column, found, negated),
        )))
    }
}

/// Converts an error to one that the translator returns.
fn as_query_error(error: crate::Error) -> Error {
    match error {
        crate::Error::Db(error) => error,
        crate::Error::Query(error) => error.into(),
        other => QueryError::of_request(kernel::query::Rule::Broken(other.to_string())).into(),
    }
}

/// The resolver for conditions on a related table.
fn resolver(reading: Reading<'_>) -> Box<dyn ConditionResolver + '_> {
    Box::new(DerivedConditions::new(reading))
}

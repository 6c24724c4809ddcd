//! A page of a list of the server's own nouns: sorted, positioned at its cursor, with its total.

use kernel::query::Queries;
use sea_query::SelectStatement;

use super::{Plan, Queryable, broken};
use crate::{Error, FromRow, Tx};

/// Maximum number of rows of a page.
pub const MAX_LIMIT: u64 = 5000;
/// Maximum number of rows that are counted.
pub const MAX_TOTAL: i64 = 5000;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows, in the list's order.
    pub rows: Vec<T>,
    /// Number of rows without limit, offset and cursor, at most [`MAX_TOTAL`]; 0 unless requested.
    pub total: i64,
}

impl<T> Page<T> {
    /// Converts the rows of the page.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(change).collect(),
            total: self.total,
        }
    }
}

/// Lists the rows of `base` that match the queries. `base` selects the columns of `T` from the rows that the caller may
/// see, unsorted.
///
/// The default order is by the time of creation. Ties are ordered by it and then by id, so that pages never overlap. Nulls come first, and last when descending.
///
/// Fails with [`Error::Query`] if the queries are invalid for the noun.
pub fn list<T: FromRow>(
    tx: &mut Tx<'_>,
    base: &SelectStatement,
    queryable: &Queryable,
    queries: &Queries,
) -> Result<Page<T>, Error> {
    page_of(tx, base, queryable, queries).map_err(|error| match error {
        Error::Query(error) => Error::Query(error.of_parameter()),
        other => other,
    })
}

fn page_of<T: FromRow>(
    tx: &mut Tx<'_>,
    base: &SelectStatement,
    queryable: &Queryable,
    queries: &Queries,
) -> Result<Page<T>, Error> {
    if queries.limit.is_some_and(|limit| limit > MAX_LIMIT) {
        return Err(broken(format!(
            "Invalid limit: Value must be a valid range between 1 and {MAX_LIMIT}"
        )));
    }
    if queries.select.is_some() && !queryable.is_selectable() {
        return Err(broken("Invalid query method: select"));
    }
    let plan = Plan::of(tx, || base.clone(), queryable, queries, &mut ())?;
    let mut rows: Vec<T> = tx.all(&plan.page(base.clone()))?;
    if plan.backwards {
        rows.reverse();
    }
    let total = match (queries.total, plan.known_total(rows.len())) {
        (false, _) => 0,
        (true, Some(total)) => total,
        (true, None) => tx.one(&plan.count(base.clone(), MAX_TOTAL.unsigned_abs()))?,
    };
    Ok(Page { rows, total })
}

impl Plan<'_> {
    /// The total, if it follows from the number of rows of the page.
    pub fn known_total(&self, rows: usize) -> Option<i64> {
        let rows = rows as u64;
        let last = rows < self.limit && !self.has_cursor() && (rows > 0 || self.offset == 0);
        last.then(|| i64::try_from(self.offset.saturating_add(rows)).map_or(MAX_TOTAL, |total| total.min(MAX_TOTAL)))
    }
}

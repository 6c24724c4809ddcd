//! A list's queries, bound to columns and SQL.

use kernel::query::{Cursor, Error as QueryError, Filter, Queries, Rule, search_terms};
use sea_query::{Alias, Condition, Expr, Func, Query, SelectStatement};

use super::Queryable;
use super::checked::{self, Checked, ConditionResolver};
use super::condition::{Match, condition, matches};
use super::order::{self, Key};
use crate::{Dialect, Error, Tx, Value};

/// Default number of rows of a page.
pub const DEFAULT_LIMIT: u64 = 25;

/// Maximum number of values in all queries of one request: both engines accept that many in one statement.
const MAX_VALUES: usize = 10_000;

/// Maximum number of texts that the queries of one request look for in each row: they use no index, so that each costs
/// a scan of the texts of the table.
const MAX_PATTERNS: usize = 100;

/// A planned list: checked queries with every value bound. It builds the statements that read the list.
#[derive(Debug)]
pub struct Plan<'q> {
    dialect: Dialect,
    queryable: &'q Queryable,
    filters: Vec<Checked>,
    words: Vec<String>,
    /// None if the order is random.
    keys: Option<Vec<Key>>,
    /// Sort key values of the cursor's row.
    cursor: Option<Vec<Value>>,
    /// Whether the page precedes its cursor, so that its rows are read in reverse order.
    pub backwards: bool,
    /// Limit.
    pub limit: u64,
    /// Offset.
    pub offset: u64,
}

/// Cache key of a list's SQL: lists of one shape differ in bound values only.
pub type Shape = Vec<u8>;

/// An error for the queries as a whole.
pub fn broken(rule: impl Into<String>) -> Error {
    QueryError::of_request(Rule::Broken(rule.into())).into()
}

impl<'q> Plan<'q> {
    /// Plans a list of the rows of `base`, which selects the rows that the caller may see.
    ///
    /// Fails with [`Error::Query`] if the queries are invalid for the noun.
    pub fn of(
        tx: &mut Tx<'_>,
        base: impl FnOnce() -> SelectStatement,
        queryable: &'q Queryable,
        queries: &Queries,
        resolver: &mut dyn ConditionResolver,
    ) -> Result<Self, Error> {
        if queries.filters.iter().map(Filter::values).sum::<usize>() > MAX_VALUES {
            return Err(broken(format!("Queries compare with at most {MAX_VALUES} values")));
        }
        let filters = queries.filters.iter();
        let filters = filters.map(|filter| checked::check(tx, queryable, resolver, filter));
        let filters = filters.collect::<Result<Vec<Checked>, Error>>()?;
        let patterns = filters.iter().map(|filter| filter.patterns(queryable)).sum::<usize>();
        if patterns > MAX_PATTERNS {
            return Err(broken(format!(
                "Queries look for at most {MAX_PATTERNS} parts of texts (contains, startsWith, endsWith), not {patterns}"
            )));
        }
        let keys = order::keys(queryable, &queries.orders)?;
        let cursor = match (&queries.cursor, &keys) {
            (Some(_), None) => return Err(broken("Cursors cannot be used with a random order")),
            (Some(cursor), Some(keys)) => Some(order::cursor_values(tx, &base(), queryable, keys, cursor)?),
            (None, _) => None,
        };
        let search = queries.search.iter().flat_map(|search| search_terms(search));
        Ok(Self {
            dialect: tx.dialect(),
            queryable,
            filters,
            words: search.map(str::to_owned).collect(),
            keys,
            cursor,
            backwards: matches!(queries.cursor, Some(Cursor::Before(_))),
            limit: queries.limit.unwrap_or(DEFAULT_LIMIT),
            offset: queries.offset.unwrap_or(0),
        })
    }

    /// The sort keys; none if the order is random.
    pub fn keys(&self) -> Option<&[Key]> {
        self.keys.as_deref()
    }

    /// Whether there is a cursor.
    pub fn has_cursor(&self) -> bool {
        self.cursor.is_some()
    }

    /// The rows of `base` that pass the filters.
    pub fn filtered(&self, mut base: SelectStatement) -> SelectStatement {
        for filter in &self.filters {
            base.cond_where(condition(self.dialect, self.queryable, filter));
        }
        // Each word of a search, or its phrase, must occur in at least one of the columns.
        for word in &self.words {
            let columns = self.queryable.searched_columns().iter();
            base.cond_where(columns.fold(Condition::any(), |any, column| {
                any.add(matches(self.dialect, Expr::col(column.clone()), Match::Anywhere, word))
            }));
        }
        base
    }

    /// The page: rows of `base` that pass the filters, after or before the cursor, sorted; in reverse order if
    /// `backwards`.
    pub fn page(&self, base: SelectStatement) -> SelectStatement {
        let mut page = self.filtered(base);
        match (&self.keys, &self.cursor) {
            (None, _) => {
                page.order_by_expr(Expr::cust("random()"), sea_query::Order::Asc);
            }
            (Some(keys), cursor) => {
                if let Some(values) = cursor {
                    page.cond_where(order::after_cursor(self.queryable, keys, values, self.backwards));
                }
                for key in keys {
                    let descending = key.descending != self.backwards;
                    order::sort(self.dialect, &mut page, self.queryable.at(key.position), descending);
                }
            }
        }
        page.limit(self.limit);
        if self.offset > 0 {
            page.offset(self.offset);
        }
        page
    }

    /// Counts the rows of `base` that pass the filters, up to `max`.
    pub fn count(&self, base: SelectStatement, max: u64) -> SelectStatement {
        let one = Alias::new("one");
        let mut filtered = self.filtered(base);
        filtered.clear_selects().expr_as(Expr::cust("1"), one.clone());
        filtered.limit(max);
        Query::select()
            .expr(Func::count(Expr::col(one)))
            .from_subquery(filtered, Alias::new("counted"))
            .take()
    }

    /// Cache key of the SQL of this list, apart from its base; none if a part of the SQL was built by a
    /// [`ConditionResolver`](super::ConditionResolver) or by a search.
    pub fn shape(&self) -> Option<Shape> {
        let mut shape = Shape::with_capacity(64);
        self.filters.iter().try_for_each(|filter| push(filter, &mut shape))?;
        if !self.words.is_empty() {
            return None;
        }
        shape.push(0xff);
        shape.push(u8::from(self.backwards) | u8::from(self.cursor.is_some()) << 1 | u8::from(self.offset > 0) << 2);
        for key in self.keys.as_ref()? {
            push_index(key.position, &mut shape);
            shape.push(u8::from(key.descending));
        }
        Some(shape)
    }

    /// The values of the filters, in the order of [`Plan::filtered`]; only for plans with a shape.
    pub fn filter_values(&self, into: &mut Vec<Value>) {
        self.filters.iter().for_each(|filter| values(filter, into));
    }

    /// The values of [`Plan::page`] after those of its base; only for plans with a shape.
    pub fn page_values(&self, into: &mut Vec<Value>) {
        self.filter_values(into);
        if let (Some(keys), Some(values)) = (&self.keys, &self.cursor) {
            into.extend(order::beside_values(self.queryable, keys, values, self.backwards));
        }
        into.push(self.limit.into());
        if self.offset > 0 {
            into.push(self.offset.into());
        }
    }
}

fn push_index(position: usize, shape: &mut Shape) {
    shape.extend(u16::try_from(position).unwrap_or(u16::MAX).to_le_bytes());
}

/// Bytes of a filter's shape that differ from every test.
const ALL: u8 = 0xf0;
const ANY: u8 = 0xf1;

fn push(filter: &Checked, shape: &mut Shape) -> Option<()> {
    let mut each = |tag: u8, inner: &[Checked]| {
        shape.push(tag);
        push_index(inner.len(), shape);
        inner.iter().try_for_each(|filter| push(filter, shape))
    };
    match filter {
        Checked::And(inner) => each(ALL, inner),
        Checked::Or(inner) => each(ANY, inner),
        Checked::Column(column) => {
            shape.push(column.test as u8);
            push_index(column.position, shape);
            push_index(column.values.len(), shape);
            Some(())
        }
        Checked::Resolved(_) => None,
    }
}

fn values(filter: &Checked, into: &mut Vec<Value>) {
    match filter {
        Checked::And(inner) | Checked::Or(inner) => inner.iter().for_each(|filter| values(filter, into)),
        Checked::Column(column) => into.extend(column.values.iter().cloned()),
        Checked::Resolved(_) => {}
    }
}

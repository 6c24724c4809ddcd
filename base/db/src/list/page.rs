//! A page of a list: sorted, beside its cursor, with its total.

use kernel::query::{Cursor, Error as QueryError, Order, Queries, Rule};
use sea_query::{Alias, Condition, Expr, ExprTrait, Func, NullOrdering, Query, SelectStatement};

use super::{Attribute, Match, Queryable, condition, matches};
use crate::{Dialect, Error, FromRow, Row, Tx, Value};

/// Rows of a page, unless the client says otherwise.
pub const DEFAULT_LIMIT: u64 = 25;
/// Rows of a page at most.
pub const MAX_LIMIT: u64 = 5000;
/// Rows that are counted at most.
pub const MAX_TOTAL: i64 = 5000;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows, in the list's order.
    pub rows: Vec<T>,
    /// How many rows there are without limit, offset and cursor; no more than [`MAX_TOTAL`], and 0 if nobody asked.
    pub total: i64,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(change).collect(),
            total: self.total,
        }
    }
}

/// A sort key with its direction.
struct Key<'a> {
    on: &'a Attribute,
    descending: bool,
}

/// Lists the rows of `base` that the queries ask for. `base` selects the columns of `T` from the rows that the caller may
/// see, unsorted.
///
/// Without an order, rows come by id, which is the order of creation where ids were made by the server. Rows that tie
/// come by id too, so that pages never overlap. Rows that lack the sort key come first, and last when descending.
///
/// Fails with [`Error::Query`] if the queries do not fit the noun.
pub fn list<T: FromRow>(
    tx: &mut Tx<'_>,
    base: &SelectStatement,
    queryable: &Queryable,
    queries: &Queries,
) -> Result<Page<T>, Error> {
    let dialect = tx.dialect();
    let filtered = filtered(dialect, base, queryable, queries)?;
    let (limit, offset) = (queries.limit.unwrap_or(DEFAULT_LIMIT), queries.offset.unwrap_or(0));
    if limit > MAX_LIMIT {
        return Err(broken(format!(
            "Invalid limit: Value must be a valid range between 1 and {MAX_LIMIT}"
        )));
    }
    if queries.select.is_some() && !queryable.is_selectable() {
        return Err(broken("Invalid query method: select".to_owned()));
    }
    let mut page = filtered.clone();
    let backwards = matches!(queries.cursor, Some(Cursor::Before(_)));
    if queries.orders.contains(&Order::Random) {
        if queries.cursor.is_some() {
            return Err(broken("Cursors cannot be used with a random order".to_owned()));
        }
        page.order_by_expr(Expr::cust("random()"), sea_query::Order::Asc);
    } else {
        let keys = keys(queryable, &queries.orders)?;
        if let Some(cursor) = &queries.cursor {
            page.cond_where(beside(tx, base, queryable, &keys, cursor)?);
        }
        for key in &keys {
            sort(dialect, &mut page, key, backwards);
        }
    }
    page.limit(limit);
    if offset > 0 {
        page.offset(offset);
    }
    let mut rows: Vec<T> = tx.all(&page)?;
    if backwards {
        rows.reverse();
    }
    let complete = queries.cursor.is_none() && offset == 0 && (rows.len() as u64) < limit;
    let total = match (queries.total, complete) {
        (false, _) => 0,
        (true, true) => i64::try_from(rows.len()).unwrap_or(MAX_TOTAL),
        (true, false) => count(tx, filtered)?,
    };
    Ok(Page { rows, total })
}

fn broken(rule: String) -> Error {
    QueryError::whole(Rule::Broken(rule)).into()
}

fn filtered(
    dialect: Dialect,
    base: &SelectStatement,
    queryable: &Queryable,
    queries: &Queries,
) -> Result<SelectStatement, Error> {
    let mut select = base.clone();
    for filter in &queries.filters {
        select.cond_where(condition(dialect, queryable, filter)?);
    }
    // Each word of a search lies in any of the columns.
    for word in queries.search.iter().flat_map(|search| search.split_whitespace()) {
        let columns = queryable.searched_columns().iter();
        let found = columns.fold(Condition::any(), |any, column| {
            any.add(matches(dialect, Expr::col(column.clone()), Match::Anywhere, word))
        });
        select.cond_where(found);
    }
    Ok(select)
}

/// The sort keys, of which the last is unique.
fn keys<'a>(queryable: &'a Queryable, orders: &[Order]) -> Result<Vec<Key<'a>>, Error> {
    let mut keys: Vec<Key<'a>> = Vec::new();
    for order in orders {
        let Order::By {
            query,
            attribute,
            descending,
        } = order
        else {
            continue;
        };
        let on = if attribute.is_empty() {
            queryable.id()
        } else {
            queryable.find(*query, attribute)?
        };
        if on.sort == super::Sort::Texts {
            let rule = format!("Cannot order by attribute \"{attribute}\" because it is a list");
            return Err(QueryError::at(*query, rule).into());
        }
        keys.push(Key {
            on,
            descending: *descending,
        });
        if on.name == queryable.id().name {
            return Ok(keys);
        }
    }
    keys.push(Key {
        on: queryable.id(),
        descending: false,
    });
    Ok(keys)
}

fn sort(dialect: Dialect, page: &mut SelectStatement, key: &Key<'_>, backwards: bool) {
    let descending = key.descending != backwards;
    let order = if descending {
        sea_query::Order::Desc
    } else {
        sea_query::Order::Asc
    };
    if dialect == Dialect::Postgres && key.on.optional {
        // As SQLite sorts by itself; and only where need be, because PostgreSQL's indexes are sorted the other way.
        let nulls = if descending {
            NullOrdering::Last
        } else {
            NullOrdering::First
        };
        page.order_by_with_nulls(key.on.column.clone(), order, nulls);
    } else {
        page.order_by(key.on.column.clone(), order);
    }
}

/// The values of a row, of any sort.
struct Cursored(Vec<Value>);

impl Cursored {
    fn read(row: &Row<'_>, keys: &[Key<'_>]) -> Result<Self, Error> {
        use super::Sort;
        use crate::ToValue;
        let value = |(index, key): (usize, &Key<'_>)| {
            Ok(match key.on.sort {
                Sort::Text | Sort::Texts => row.get::<Option<String>>(index)?.to_value(),
                Sort::Integer => row.get::<Option<i64>>(index)?.to_value(),
                Sort::Real => row.get::<Option<f64>>(index)?.to_value(),
                Sort::Boolean => row.get::<Option<bool>>(index)?.to_value(),
                Sort::Datetime => row.get::<Option<kernel::Timestamp>>(index)?.to_value(),
            })
        };
        keys.iter().enumerate().map(value).collect::<Result<_, _>>().map(Self)
    }
}

/// The condition that a row lies after the cursor's row, or before it: it differs first in some key, and there in the
/// right direction.
fn beside(
    tx: &mut Tx<'_>,
    base: &SelectStatement,
    queryable: &Queryable,
    keys: &[Key<'_>],
    cursor: &Cursor,
) -> Result<Condition, Error> {
    let backwards = matches!(cursor, Cursor::Before(_));
    let mut select = base.clone();
    select
        .clear_selects()
        .columns(keys.iter().map(|key| key.on.column.clone()));
    select.and_where(Expr::col(queryable.id().column.clone()).eq(cursor.id()));
    let mut found = None;
    tx.each(&select, |row| {
        found = Some(Cursored::read(row, keys)?);
        Ok(())
    })?;
    let Some(Cursored(values)) = found else {
        return Err(QueryError::whole(Rule::CursorNotFound(cursor.id().to_owned())).into());
    };
    let mut any = Condition::any();
    let mut same = Condition::all();
    for (key, value) in keys.iter().zip(values) {
        if value == Value::String(None) {
            return Err(QueryError::whole(Rule::CursorOrderNull(key.on.name.to_string())).into());
        }
        let column = || Expr::col(key.on.column.clone());
        let less = key.descending != backwards;
        let beyond = if less {
            column().lt(value.clone())
        } else {
            column().gt(value.clone())
        };
        // Rows without the key lie at the small end.
        let beyond = if less && key.on.optional {
            beyond.or(column().is_null())
        } else {
            beyond
        };
        any = any.add(same.clone().add(beyond));
        same = same.add(column().eq(value));
    }
    Ok(any)
}

fn count(tx: &mut Tx<'_>, mut filtered: SelectStatement) -> Result<i64, Error> {
    let one = Alias::new("one");
    filtered.clear_selects().expr_as(Expr::cust("1"), one.clone());
    filtered.limit(MAX_TOTAL.unsigned_abs());
    let count = Query::select()
        .expr(Func::count(Expr::col(one)))
        .from_subquery(filtered, Alias::new("counted"))
        .take();
    tx.one(&count)
}

//! The order of a list, and the position of a cursor in it.

use kernel::query::{Cursor, Error as QueryError, Order, Rule};
use sea_query::{Condition, Expr, ExprTrait, NullOrdering, SelectStatement};

use super::{Attribute, Queryable, Sort};
use crate::{Dialect, Error, Row, ToValue, Tx, Value};

/// A sort key with its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Index of the attribute among the queryable ones, in the order of declaration.
    pub position: usize,
    /// Whether the order is descending.
    pub descending: bool,
}

/// The sort keys, of which the last is unique; none if the order is random.
pub(super) fn keys(queryable: &Queryable, orders: &[Order]) -> Result<Option<Vec<Key>>, QueryError> {
    let mut keys: Vec<Key> = Vec::new();
    let mut unique = false;
    let mut random = false;
    for order in orders {
        let Order::By {
            query,
            attribute,
            descending,
        } = order
        else {
            random = true;
            continue;
        };
        let position = match attribute.split_once('.') {
            _ if attribute.is_empty() => queryable.creation().unwrap_or(queryable.last()),
            Some((nested, _)) if queryable.position(*query, attribute).is_err() => {
                let rule = format!("Cannot order by nested attribute: {nested}");
                return Err(QueryError::at(*query, rule));
            }
            _ => queryable.position(*query, attribute)?,
        };
        let on = queryable.at(position);
        let unordered = match on.sort {
            _ if on.list => Some("a list"),
            Sort::Sealed => Some("encrypted"),
            _ => None,
        };
        if let Some(why) = unordered {
            let rule = format!("Cannot order by attribute \"{attribute}\" because it is {why}");
            return Err(QueryError::at(*query, rule));
        }
        // Keys after a unique key, and repeated keys, have no effect.
        if !unique && keys.iter().all(|key| key.position != position) {
            keys.push(Key {
                position,
                descending: *descending,
            });
        }
        unique = unique || queryable.is_unique(position);
    }
    if random {
        return Ok(None);
    }
    if !unique {
        // Ties are in the order of creation, and those of the same time in the order of ids.
        let last = queryable.creation().into_iter().chain([queryable.last()]);
        let known: Vec<usize> = keys.iter().map(|key| key.position).collect();
        keys.extend(last.filter(|position| !known.contains(position)).map(|position| Key {
            position,
            descending: false,
        }));
    }
    Ok(Some(keys))
}

/// Sorts by a key. Nulls come first, and last when descending.
pub(super) fn sort(dialect: Dialect, page: &mut SelectStatement, on: &Attribute, descending: bool) {
    let order = if descending {
        sea_query::Order::Desc
    } else {
        sea_query::Order::Asc
    };
    if dialect == Dialect::Postgres && on.optional {
        // Same order as SQLite's default; only for nullable columns, because PostgreSQL's indexes sort nulls the other
        // way.
        let nulls = if descending {
            NullOrdering::Last
        } else {
            NullOrdering::First
        };
        page.order_by_with_nulls(on.column.clone(), order, nulls);
    } else {
        page.order_by(on.column.clone(), order);
    }
}

/// The sort key values of the cursor's row. The row is read from `base`, that is from the rows that the caller may see.
pub(super) fn cursor_values(
    tx: &mut Tx<'_>,
    base: &SelectStatement,
    queryable: &Queryable,
    keys: &[Key],
    cursor: &Cursor,
) -> Result<Vec<Value>, Error> {
    let mut select = base.clone();
    let columns = keys.iter().map(|key| queryable.at(key.position).column.clone());
    select.clear_selects().columns(columns);
    select.and_where(Expr::col(queryable.id().column.clone()).eq(cursor.id()));
    let mut found = None;
    tx.each(&select, |row| {
        let read = |(index, key): (usize, &Key)| value_of(row, index, queryable.at(key.position).sort);
        found = Some(keys.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?);
        Ok(())
    })?;
    let Some(values) = found else {
        return Err(QueryError::of_request(Rule::CursorNotFound(cursor.id().to_owned())).into());
    };
    match keys
        .iter()
        .zip(&values)
        .find(|(_, value)| **value == Value::String(None))
    {
        Some((key, _)) => {
            let name = queryable.at(key.position).name.to_string();
            Err(QueryError::of_request(Rule::CursorOrderNull(name)).into())
        }
        None => Ok(values),
    }
}

fn value_of(row: &Row<'_>, index: usize, sort: Sort) -> Result<Value, Error> {
    Ok(match sort {
        Sort::Text | Sort::Shape | Sort::Sealed => row.get::<Option<String>>(index)?.to_value(),
        Sort::Integer | Sort::Sequence => row.get::<Option<i64>>(index)?.to_value(),
        Sort::Real => row.get::<Option<f64>>(index)?.to_value(),
        Sort::Boolean => row.get::<Option<bool>>(index)?.to_value(),
        Sort::Datetime => row.get::<Option<kernel::Timestamp>>(index)?.to_value(),
    })
}

/// The condition that a row comes after the cursor's row, or before it: a lexicographic comparison of the sort keys.
/// Its values come from [`beside_values`].
pub(super) fn after_cursor(queryable: &Queryable, keys: &[Key], values: &[Value], backwards: bool) -> Condition {
    let on = |key: &Key| queryable.at(key.position);
    let less = |key: &Key| key.descending != backwards;
    let column = |key: &Key| Expr::col(on(key).column.clone());
    let beyond = |key: &Key, value: &Value| {
        if !less(key) {
            return column(key).gt(value.clone());
        }
        // Nulls sort as the smallest value.
        if on(key).optional {
            column(key).lt(value.clone()).or(column(key).is_null())
        } else {
            column(key).lt(value.clone())
        }
    };
    let mut any = Condition::any();
    for (last, (key, value)) in keys.iter().zip(values).enumerate() {
        let same = keys.iter().zip(values).take(last);
        let same = same.fold(Condition::all(), |all, (key, value)| {
            all.add(column(key).eq(value.clone()))
        });
        any = any.add(same.add(beyond(key, value)));
    }
    match bound(queryable, keys, backwards) {
        // Redundant, but lets the engine seek in an index.
        Some(key) if less(key) => Condition::all().add(column(key).lte(values[0].clone())).add(any),
        Some(key) => Condition::all().add(column(key).gte(values[0].clone())).add(any),
        None => any,
    }
}

/// The key by which an index can be entered at the cursor: the first one, unless nulls follow in this direction.
fn bound<'k>(queryable: &Queryable, keys: &'k [Key], backwards: bool) -> Option<&'k Key> {
    let first = keys.first().filter(|_| keys.len() > 1)?;
    let nulls_beyond = queryable.at(first.position).optional && first.descending != backwards;
    (!nulls_beyond).then_some(first)
}

/// The values of [`after_cursor`], in the order of its placeholders.
pub(super) fn beside_values(queryable: &Queryable, keys: &[Key], values: &[Value], backwards: bool) -> Vec<Value> {
    let mut named: Vec<Value> = Vec::new();
    if bound(queryable, keys, backwards).is_some() {
        named.extend(values.first().cloned());
    }
    for last in 0..values.len() {
        named.extend(values[..=last].iter().cloned());
    }
    named
}

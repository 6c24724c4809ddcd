//! Detection of cheap lists: those whose filters and order are served by one index.

use kernel::permission::Action;
use kernel::query::{Filter, Order, Queries, Test};

use super::projection::is_related;
use crate::columns::Status;
use crate::indexes::{Index, IndexKind};
use crate::{Access, Table};

/// Maximum number of rows of a cheap list, including the offset.
const MAX_ROWS: u64 = 100;

/// Whether a list reads only the rows of its page and total: all rows are readable for the caller, one index has the
/// compared columns followed by the ordered ones, and there are no other conditions.
pub fn is_quick(table: &Table, access: &Access, queries: &Queries) -> bool {
    let page = queries.limit.unwrap_or(0).saturating_add(queries.offset.unwrap_or(0));
    let selects_related = queries.select.iter().flatten().any(|name| is_related(table, name));
    if selects_related || page > MAX_ROWS || !access.granted(&table.permissions, Action::Read) {
        return false;
    }
    if queries.total && table.cache.had_many(queries) {
        return false;
    }
    let equal: Option<Vec<&str>> = queries.filters.iter().map(equal_to_one).collect();
    let orders: Option<Vec<(&str, bool)>> = queries.orders.iter().map(by).collect();
    let (Some(equal), Some(orders)) = (equal, orders) else {
        return false;
    };
    if queries.cursor.is_some() && !orders.iter().all(|(attribute, _)| attribute.starts_with('$')) {
        // Rows without the value can come between the cursor and the page: see `db::list`.
        return false;
    }
    match (equal.as_slice(), orders.as_slice()) {
        (["$id" | "$sequence"], _) | ([], [] | [("$id" | "$sequence", _), ..]) => true,
        _ => table.indexes.iter().any(|index| serves(index, &equal, &orders)),
    }
}

/// The attribute of a filter for equality with one value.
fn equal_to_one(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::Test {
            attribute,
            test: Test::Equal,
            values,
            ..
        } if values.len() == 1 => Some(attribute),
        _ => None,
    }
}

fn by(order: &Order) -> Option<(&str, bool)> {
    match order {
        Order::By {
            attribute, descending, ..
        } if attribute.is_empty() => Some(("$sequence", *descending)),
        Order::By {
            attribute, descending, ..
        } => Some((attribute, *descending)),
        Order::Random => None,
    }
}

/// Whether an index begins with the columns compared for equality and continues with those of the order, all in its
/// direction or all in the reverse direction; equal rows are ordered by their numbers, as in the index.
fn serves(index: &Index, equal: &[&str], orders: &[(&str, bool)]) -> bool {
    let plain = matches!(index.spec.kind, IndexKind::Key | IndexKind::Unique) && !index.spec.folded;
    if index.status != Status::Available || !plain {
        return false;
    }
    let columns = &index.spec.columns;
    let begins = columns.len() >= equal.len()
        && columns[..equal.len()]
            .iter()
            .all(|column| equal.contains(&column.as_str()));
    if !begins {
        return false;
    }
    let rest = &columns[equal.len()..];
    let direction = |(position, (_, descending)): (usize, &(&str, bool))| {
        (index.spec.order(equal.len() + position) == "DESC") == *descending
    };
    match orders {
        [] | [("$sequence", false)] => rest.is_empty(),
        [orders @ .., ("$sequence", false)] | orders => {
            let same = rest.len() == orders.len() && rest.iter().zip(orders).all(|(column, (by, _))| column == by);
            let as_it_lies = orders.iter().enumerate().all(direction);
            // Few rows have the same timestamp, so sorting these in the other direction is cheap.
            let few_tie = matches!(orders, [("$createdAt" | "$updatedAt", _)]);
            same && (as_it_lies || few_tie)
        }
    }
}

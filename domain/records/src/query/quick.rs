//! Lists that surely read little: those that an index serves in the very order that is asked for.

use kernel::permission::Action;
use kernel::query::{Filter, Order, Queries, Test};

use super::projection::is_related;
use crate::columns::Status;
use crate::indexes::{Index, IndexKind};
use crate::{Access, Table};

/// Rows of a page that is read where the caller waits.
const MAX_ROWS: u64 = 100;

/// Whether a list reads no more than its page and its total need: everyone may read every row, one index has the values
/// that must be equal and then the order, and nothing else is asked.
pub fn is_quick(table: &Table, access: &Access, queries: &Queries) -> bool {
    let page = queries.limit.unwrap_or(0).saturating_add(queries.offset.unwrap_or(0));
    let derived_conditions = queries.select.iter().flatten().any(|name| is_related(table, name));
    if derived_conditions || page > MAX_ROWS || !access.granted(&table.permissions, Action::Read) {
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
        // Rows that lack the value may lie between the cursor and the page: see `db::list`.
        return false;
    }
    match (equal.as_slice(), orders.as_slice()) {
        (["$id" | "$sequence"], _) | ([], [] | [("$id" | "$sequence", _), ..]) => true,
        _ => table.indexes.iter().any(|index| serves(index, &equal, &orders)),
    }
}

/// The attribute of a filter that asks for one value.
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

/// Whether an index begins with the columns that are equal and goes on with those of the order, all of them in its own
/// direction or all in the other; rows that tie come by their numbers, as they lie in it.
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
            // Rows of one instant are few, so sorting those the other way costs little.
            let few_tie = matches!(orders, [("$createdAt" | "$updatedAt", _)]);
            same && (as_it_lies || few_tie)
        }
    }
}

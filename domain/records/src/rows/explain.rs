//! Query plans of lists: the index used, and the index that would help.

use db::Tx;
use kernel::query::{Filter, Order, Queries, Test};
use serde_json::{Value as Json, json};

use crate::columns::{Column, Status, Stored};
use crate::indexes::{Index, IndexKind};
use crate::query::{Reading, Rows};
use crate::{AccessError, Result, Table};

/// Explains the query plan of a list:
///
/// - `indexes`: the keys of the indexes that are used; `$id` and `$sequence` are those of every table;
/// - `scans`: whether every row of the table is read;
/// - `sorts`: whether the matching rows are sorted, which delays the first row;
/// - `steps`: the steps of the plan, as the engine describes them;
/// - `suggestions`: missing indexes that would serve the list, as parameters for their creation.
///
/// Fails with [`AccessError::Unauthorized`] for a client, and with the errors of [`super::list`].
pub fn explain(tx: &mut Tx<'_>, reading: Reading<'_>, queries: &Queries) -> Result<Json> {
    if reading.access.client().is_some() {
        return Err(AccessError::Unauthorized.into());
    }
    let rows = Rows::of(tx, reading, queries)?;
    let steps = tx.explain(&rows.plan.page(rows.base()))?;
    let table = reading.table;
    let sorts = steps
        .iter()
        .any(|step| step.contains("USE TEMP B-TREE FOR ORDER BY") || is_sort(step));
    let indexes = indexes(table, &steps, queries);
    let whole = steps.iter().any(|step| scans(table, step));
    let engine = match tx.dialect() {
        db::Dialect::Sqlite => "sqlite",
        db::Dialect::Postgres => "postgres",
    };
    Ok(json!({
        "engine": engine,
        "indexes": indexes,
        "scans": whole && (sorts || !queries.filters.is_empty()),
        "sorts": sorts,
        "steps": steps,
        "suggestions": suggestions(table, queries),
    }))
}

fn is_sort(step: &str) -> bool {
    let step = step.trim_start_matches([' ', '-', '>']);
    step == "Sort" || step == "Incremental Sort"
}

/// Whether a step reads the whole table.
fn scans(table: &Table, step: &str) -> bool {
    let name = &table.names.table;
    let sqlite = step
        .strip_prefix("SCAN ")
        .is_some_and(|what| what.split(' ').next() == Some(name));
    sqlite || step.contains("Seq Scan on ") && step.contains(name.as_str())
}

/// The keys of the indexes in the steps.
fn indexes(table: &Table, steps: &[String], queries: &Queries) -> Vec<String> {
    let names = &table.names;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let named = |name: &str| {
        let mut words = steps.iter().flat_map(|step| step.split(|c| !is_part(c)));
        words.any(|word| word == name)
    };
    let mut used: Vec<String> = Vec::new();
    if named(&names.other("id")) {
        used.push("$id".to_owned());
    }
    let by_number = format!("{}_pkey", names.table);
    if named(&by_number) || steps.iter().any(|step| step.contains("INTEGER PRIMARY KEY")) {
        used.push("$sequence".to_owned());
    }
    for index in &table.indexes {
        let sorts = ["i", "words", "boxes", "elements"].map(|sort| names.other(&format!("{sort}{}", index.seq)));
        // Spatial conditions are evaluated before the list is read.
        let spatial = index.spec.kind == IndexKind::Spatial
            && index.status == Status::Available
            && tests(&queries.filters)
                .any(|(attribute, _)| index.spec.columns.iter().any(|column| column == attribute));
        if spatial || sorts.iter().any(|name| named(name)) {
            used.push(index.key.to_string());
        }
    }
    used
}

/// Missing indexes that would serve the queries.
fn suggestions(table: &Table, queries: &Queries) -> Vec<Json> {
    let mut suggested = Vec::new();
    let mut suggest = |kind: IndexKind, columns: Vec<(&str, bool)>| {
        let known = |index: &&Index| serves(index, kind, &columns);
        if columns.is_empty() || table.indexes.iter().any(|index| known(&index)) {
            return;
        }
        let orders: Vec<&str> = columns
            .iter()
            .map(|(_, descending)| if *descending { "DESC" } else { "ASC" })
            .collect();
        let keys: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        let orders = if kind == IndexKind::Key && !is_list(table, keys[0]) {
            orders
        } else {
            Vec::new()
        };
        suggested.push(json!({"type": kind, "columns": keys, "orders": orders}));
    };
    suggest(IndexKind::Key, plain(table, queries));
    for (attribute, test) in tests(&queries.filters) {
        let Some(column) = table.column(attribute).filter(|column| column.is_stored()) else {
            continue;
        };
        if column.spec.array && test == Test::Contains {
            suggest(IndexKind::Key, vec![(attribute, false)]);
        } else if column.spec.kind.stored() == Stored::Shape && !matches!(test, Test::IsNull | Test::IsNotNull) {
            suggest(IndexKind::Spatial, vec![(attribute, false)]);
        }
    }
    suggested
}

/// The columns of an SQL index that would serve the queries: those compared for equality, then those of the order, or
/// else those of other comparisons.
fn plain<'q>(table: &Table, queries: &'q Queries) -> Vec<(&'q str, bool)> {
    let comparable = |attribute: &str| match table.column(attribute) {
        Some(column) => is_comparable(column),
        None => matches!(attribute, "$createdAt" | "$updatedAt"),
    };
    let of = |wanted: fn(Test) -> bool| {
        let tests = queries.filters.iter().filter_map(move |filter| match filter {
            Filter::Test { attribute, test, .. } if wanted(*test) => Some(attribute.as_str()),
            _ => None,
        });
        tests.filter(|attribute| comparable(attribute))
    };
    let unique = |attribute: &&str| matches!(*attribute, "$id" | "$sequence" | "");
    if queries.filters.iter().any(
        |filter| matches!(filter, Filter::Test { attribute, test: Test::Equal, .. } if unique(&attribute.as_str())),
    ) {
        return Vec::new();
    }
    let mut columns: Vec<(&str, bool)> = Vec::new();
    let add = |columns: &mut Vec<(&'q str, bool)>, attribute, descending| {
        if !columns.iter().any(|(known, _)| *known == attribute) {
            columns.push((attribute, descending));
        }
    };
    of(|test| test == Test::Equal).for_each(|attribute| add(&mut columns, attribute, false));
    let orders: Vec<(&str, bool)> = queries
        .orders
        .iter()
        .map_while(|order| match order {
            Order::By {
                attribute, descending, ..
            } if comparable(attribute) => Some((attribute.as_str(), *descending)),
            _ => None,
        })
        .collect();
    if orders.is_empty() {
        let compared = of(|test| {
            matches!(
                test,
                Test::LessThan | Test::LessThanEqual | Test::GreaterThan | Test::GreaterThanEqual | Test::Between
            )
        });
        compared
            .take(1)
            .for_each(|attribute| add(&mut columns, attribute, false));
    }
    orders
        .into_iter()
        .for_each(|(attribute, descending)| add(&mut columns, attribute, descending));
    columns
}

fn is_comparable(column: &Column) -> bool {
    let spec = &column.spec;
    column.is_stored()
        && !spec.array
        && !spec.encrypt
        && spec.kind.stored() != Stored::Shape
        && spec.kind.relationship().is_none()
}

fn is_list(table: &Table, key: &str) -> bool {
    table.column(key).is_some_and(|column| column.spec.array)
}

/// Whether an index begins with these columns.
fn serves(index: &Index, kind: IndexKind, columns: &[(&str, bool)]) -> bool {
    let fits = index.spec.kind == kind || kind == IndexKind::Key && index.spec.kind == IndexKind::Unique;
    let wanted = columns.iter().map(|(column, _)| *column);
    let begins = index.spec.columns.len() >= columns.len()
        && index
            .spec
            .columns
            .iter()
            .map(String::as_str)
            .zip(wanted)
            .all(|(has, wants)| has == wants);
    fits && begins && index.status != Status::Failed && !index.spec.folded
}

/// All comparisons in filters, recursively.
fn tests(filters: &[Filter]) -> Box<dyn Iterator<Item = (&str, Test)> + '_> {
    Box::new(filters.iter().flat_map(|filter| match filter {
        Filter::And(inner) | Filter::Or(inner) => tests(inner),
        Filter::Test { attribute, test, .. } => Box::new(std::iter::once((attribute.as_str(), *test))) as Box<_>,
    }))
}

//! Random changes of rows: most of them allowed, many of them conflicting.

use serde_json::{Map, Number, Value, json};

use super::{queries, value, values, world};
use crate::plain::Table;
use crate::rng::Rng;
use crate::world::{Act, Caller, Change, Count};

/// A random change of a table in its current state.
pub(crate) fn change(rng: &mut Rng, table: &Table) -> Change {
    let caller = queries::caller(rng);
    let act = match rng.below(10) {
        0 | 1 => Act::Create {
            id: if rng.percent(85) {
                world::id(rng)
            } else {
                known(rng, table)
            },
            data: all_columns(rng, table),
            permissions: permissions(rng, &caller),
        },
        2..=4 => Act::Update {
            id: known(rng, table),
            data: some_columns(rng, table),
            permissions: permissions(rng, &caller),
            read_at: rng.percent(15).then(|| read_time(rng, table)),
        },
        5 | 6 => Act::Upsert {
            id: if rng.percent(60) {
                known(rng, table)
            } else {
                world::id(rng)
            },
            data: if rng.percent(60) {
                all_columns(rng, table)
            } else {
                some_columns(rng, table)
            },
            permissions: permissions(rng, &caller),
        },
        7 => Act::Delete {
            id: known(rng, table),
            read_at: rng.percent(15).then(|| read_time(rng, table)),
        },
        _ => Act::Count(count(rng, table)),
    };
    Change { caller, act }
}

/// The ID of an existing row, nearly always.
fn known(rng: &mut Rng, table: &Table) -> String {
    if table.rows.is_empty() || rng.percent(4) {
        "nobody".to_owned()
    } else {
        rng.pick(&table.rows).id.clone()
    }
}

fn read_time(rng: &mut Rng, table: &Table) -> kernel::Timestamp {
    if table.rows.is_empty() {
        kernel::Timestamp::from_millis(0)
    } else {
        rng.pick(&table.rows).updated
    }
}

/// Mostly none; otherwise mostly permissions that the caller may grant.
fn permissions(rng: &mut Rng, caller: &Caller) -> Option<Vec<String>> {
    match caller {
        _ if rng.percent(70) => None,
        Caller::Client { roles, .. } if rng.percent(85) => {
            let roles = rng.some(roles, 30);
            Some(
                roles
                    .into_iter()
                    .map(|role| format!("{}(\"{role}\")", rng.pick(&["read", "update", "delete"])))
                    .collect(),
            )
        }
        _ => Some(world::permissions(rng, 15)),
    }
}

fn all_columns(rng: &mut Rng, table: &Table) -> Map<String, Value> {
    let mut data = Map::new();
    for column in &table.world.columns {
        if column.spec.required || rng.percent(75) {
            data.insert(column.key.to_string(), fitting(rng, table, column.key.as_str()));
        }
    }
    invalidate(rng, &mut data);
    data
}

fn some_columns(rng: &mut Rng, table: &Table) -> Map<String, Value> {
    let mut data = Map::new();
    for column in rng.some(&table.world.columns, 30) {
        data.insert(column.key.to_string(), fitting(rng, table, column.key.as_str()));
    }
    invalidate(rng, &mut data);
    data
}

/// A value for a column; often that of an existing row.
fn fitting(rng: &mut Rng, table: &Table, key: &str) -> Value {
    let column = table.world.column(key).expect("a column");
    if table.rows.is_empty() || rng.percent(60) {
        return value(rng, &column.spec);
    }
    let position = table
        .world
        .columns
        .iter()
        .position(|column| column.key.as_str() == key)
        .expect("a column");
    rng.pick(&table.rows).values[position].to_json()
}

/// Sometimes replaces a value by one that no column accepts.
fn invalidate(rng: &mut Rng, data: &mut Map<String, Value>) {
    if !rng.percent(6) {
        return;
    }
    let wrong = [
        json!({}),
        json!([[]]),
        json!(null),
        json!("a\u{0}b"),
        json!(u64::MAX),
        json!(true),
        json!("x".repeat(40)),
    ];
    let keys: Vec<String> = data.keys().cloned().collect();
    if keys.is_empty() || rng.percent(20) {
        data.insert("nothing".into(), json!(1));
    } else {
        data.insert(rng.pick(&keys).clone(), rng.pick(&wrong).clone());
    }
}

fn count(rng: &mut Rng, table: &Table) -> Count {
    let is_number = |column: &&crate::world::Column| {
        matches!(
            column.spec.kind,
            records::Kind::Integer { .. } | records::Kind::Float { .. }
        )
    };
    let numbers: Vec<_> = table.world.columns.iter().filter(is_number).collect();
    let column = if numbers.is_empty() || rng.percent(10) {
        rng.pick(&table.world.columns)
    } else {
        *rng.pick(&numbers)
    };
    let by = *rng.pick(&[1, 1, 1, 2, 10, i64::MAX]);
    let float = matches!(column.spec.kind, records::Kind::Float { .. });
    let by = if float && rng.percent(50) {
        Number::from_f64(by as f64 / 4.0).expect("a number")
    } else {
        Number::from(by)
    };
    let bound = rng.percent(25).then(|| values::one(rng, &column.spec.kind));
    Count {
        id: known(rng, table),
        column: if rng.percent(3) {
            "nothing".into()
        } else {
            column.key.to_string()
        },
        by,
        down: rng.percent(40),
        bound: bound.and_then(|bound| bound.as_number().cloned()),
    }
}

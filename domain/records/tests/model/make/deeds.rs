//! Random changes of rows: most of them allowed, many of them conflicting.

use serde_json::{Map, Number, Value, json};

use super::{queries, value, values, world};
use crate::chance::Chance;
use crate::plain::Table;
use crate::world::{Act, Caller, Count, Deed};

/// A random change of a table in its current state.
pub(crate) fn deed(chance: &mut Chance, table: &Table) -> Deed {
    let caller = queries::caller(chance);
    let act = match chance.below(10) {
        0 | 1 => Act::Create {
            id: if chance.percent(85) {
                world::id(chance)
            } else {
                known(chance, table)
            },
            data: whole(chance, table),
            permissions: permissions(chance, &caller),
        },
        2..=4 => Act::Update {
            id: known(chance, table),
            data: part(chance, table),
            permissions: permissions(chance, &caller),
            read_at: chance.percent(15).then(|| seen(chance, table)),
        },
        5 | 6 => Act::Upsert {
            id: if chance.percent(60) {
                known(chance, table)
            } else {
                world::id(chance)
            },
            data: if chance.percent(60) {
                whole(chance, table)
            } else {
                part(chance, table)
            },
            permissions: permissions(chance, &caller),
        },
        7 => Act::Delete {
            id: known(chance, table),
            read_at: chance.percent(15).then(|| seen(chance, table)),
        },
        _ => Act::Count(count(chance, table)),
    };
    Deed { caller, act }
}

/// The ID of an existing row, nearly always.
fn known(chance: &mut Chance, table: &Table) -> String {
    if table.rows.is_empty() || chance.percent(4) {
        "nobody".to_owned()
    } else {
        chance.pick(&table.rows).id.clone()
    }
}

fn seen(chance: &mut Chance, table: &Table) -> kernel::Timestamp {
    if table.rows.is_empty() {
        kernel::Timestamp::from_millis(0)
    } else {
        chance.pick(&table.rows).updated
    }
}

/// Mostly none; otherwise mostly permissions that the caller may grant.
fn permissions(chance: &mut Chance, caller: &Caller) -> Option<Vec<String>> {
    match caller {
        _ if chance.percent(70) => None,
        Caller::Client { roles, .. } if chance.percent(85) => {
            let roles = chance.some(roles, 30);
            Some(
                roles
                    .into_iter()
                    .map(|role| format!("{}(\"{role}\")", chance.pick(&["read", "update", "delete"])))
                    .collect(),
            )
        }
        _ => Some(world::permissions(chance, 15)),
    }
}

fn whole(chance: &mut Chance, table: &Table) -> Map<String, Value> {
    let mut data = Map::new();
    for column in &table.world.columns {
        if column.spec.required || chance.percent(75) {
            data.insert(column.key.to_string(), fitting(chance, table, column.key.as_str()));
        }
    }
    spoil(chance, &mut data);
    data
}

fn part(chance: &mut Chance, table: &Table) -> Map<String, Value> {
    let mut data = Map::new();
    for column in chance.some(&table.world.columns, 30) {
        data.insert(column.key.to_string(), fitting(chance, table, column.key.as_str()));
    }
    spoil(chance, &mut data);
    data
}

/// A value for a column; often that of an existing row.
fn fitting(chance: &mut Chance, table: &Table, key: &str) -> Value {
    let column = table.world.column(key).expect("a column");
    if table.rows.is_empty() || chance.percent(60) {
        return value(chance, &column.spec);
    }
    let place = table
        .world
        .columns
        .iter()
        .position(|column| column.key.as_str() == key)
        .expect("a column");
    chance.pick(&table.rows).values[place].to_json()
}

/// Sometimes replaces a value by one that no column accepts.
fn spoil(chance: &mut Chance, data: &mut Map<String, Value>) {
    if !chance.percent(6) {
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
    if keys.is_empty() || chance.percent(20) {
        data.insert("nothing".into(), json!(1));
    } else {
        data.insert(chance.pick(&keys).clone(), chance.pick(&wrong).clone());
    }
}

fn count(chance: &mut Chance, table: &Table) -> Count {
    let is_number = |column: &&crate::world::Column| {
        matches!(
            column.spec.kind,
            records::Kind::Integer { .. } | records::Kind::Float { .. }
        )
    };
    let numbers: Vec<_> = table.world.columns.iter().filter(is_number).collect();
    let column = if numbers.is_empty() || chance.percent(10) {
        chance.pick(&table.world.columns)
    } else {
        *chance.pick(&numbers)
    };
    let by = *chance.pick(&[1, 1, 1, 2, 10, i64::MAX]);
    let float = matches!(column.spec.kind, records::Kind::Float { .. });
    let by = if float && chance.percent(50) {
        Number::from_f64(by as f64 / 4.0).expect("a number")
    } else {
        Number::from(by)
    };
    let bound = chance.percent(25).then(|| values::one(chance, &column.spec.kind));
    Count {
        id: known(chance, table),
        column: if chance.percent(3) {
            "nothing".into()
        } else {
            column.key.to_string()
        },
        by,
        down: chance.percent(40),
        bound: bound.and_then(|bound| bound.as_number().cloned()),
    }
}

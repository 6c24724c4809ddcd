//! A random table with rows.

use super::{schema, value};
use crate::chance::Chance;
use crate::world::{Column, NewRow, World};

pub(super) const ROLES: &[&str] = &[
    "any",
    "guests",
    "users",
    "users/verified",
    "user:ada",
    "user:ada/unverified",
    "user:bob",
    "team:red",
    "team:red/owner",
    "team:blue",
    "member:m1",
    "label:vip",
];

pub(crate) fn world(chance: &mut Chance, rows: usize) -> World {
    let columns = schema::columns(chance);
    let indexes = schema::indexes(chance, &columns);
    let permissions = match chance.below(3) {
        0 => Vec::new(),
        1 => vec!["read(\"any\")".to_owned()],
        _ => {
            let mut all = permissions(chance, 20);
            all.extend(chance.some(ROLES, 20).iter().map(|role| format!("create(\"{role}\")")));
            all
        }
    };
    let pools: Vec<_> = columns.iter().map(|column| pool(chance, column)).collect();
    let rows = (0..rows).map(|_| row(chance, &columns, &pools)).collect();
    World {
        columns,
        indexes,
        permissions,
        row_security: chance.percent(80),
        rows,
    }
}

/// A small set of values, so that rows have equal values.
fn pool(chance: &mut Chance, column: &Column) -> Vec<serde_json::Value> {
    (0..chance.between(2, 12))
        .map(|_| value(chance, &column.spec))
        .collect()
}

fn row(chance: &mut Chance, columns: &[Column], pools: &[Vec<serde_json::Value>]) -> NewRow {
    let mut data = serde_json::Map::new();
    for (column, pool) in columns.iter().zip(pools) {
        let given = match chance.below(10) {
            0 if !column.spec.required => continue,
            1..=3 => value(chance, &column.spec),
            _ => chance.pick(pool).clone(),
        };
        data.insert(column.key.to_string(), given);
    }
    NewRow {
        id: id(chance),
        permissions: permissions(chance, 12),
        data,
        after: *chance.pick(&[0, 0, 0, 1, 1000]),
    }
}

/// IDs that collations order differently.
pub(super) fn id(chance: &mut Chance) -> String {
    let first = chance.pick(&["a", "A", "b", "B", "0", "9", "z", "Z"]);
    let then = chance.pick(&["", "-", "_", ".", "a", "A"]);
    format!("{first}{then}{}", chance.below(10_000))
}

pub(super) fn permissions(chance: &mut Chance, share: usize) -> Vec<String> {
    let mut all = Vec::new();
    for role in chance.some(ROLES, share) {
        for action in chance.some(&["read", "update", "delete"], 50) {
            all.push(format!("{action}(\"{role}\")"));
        }
    }
    all
}

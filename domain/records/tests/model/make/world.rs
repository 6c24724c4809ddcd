//! A random table with rows.

use super::{schema, value};
use crate::rng::Rng;
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

pub(crate) fn world(rng: &mut Rng, rows: usize) -> World {
    let columns = schema::columns(rng);
    let indexes = schema::indexes(rng, &columns);
    let permissions = match rng.below(3) {
        0 => Vec::new(),
        1 => vec!["read(\"any\")".to_owned()],
        _ => {
            let mut all = permissions(rng, 20);
            all.extend(rng.some(ROLES, 20).iter().map(|role| format!("create(\"{role}\")")));
            all
        }
    };
    let pools: Vec<_> = columns.iter().map(|column| pool(rng, column)).collect();
    let rows = (0..rows).map(|_| row(rng, &columns, &pools)).collect();
    World {
        columns,
        indexes,
        permissions,
        row_security: rng.percent(80),
        rows,
    }
}

/// A small set of values, so that rows have equal values.
fn pool(rng: &mut Rng, column: &Column) -> Vec<serde_json::Value> {
    (0..rng.between(2, 12)).map(|_| value(rng, &column.spec)).collect()
}

fn row(rng: &mut Rng, columns: &[Column], pools: &[Vec<serde_json::Value>]) -> NewRow {
    let mut data = serde_json::Map::new();
    for (column, pool) in columns.iter().zip(pools) {
        let given = match rng.below(10) {
            0 if !column.spec.required => continue,
            1..=3 => value(rng, &column.spec),
            _ => rng.pick(pool).clone(),
        };
        data.insert(column.key.to_string(), given);
    }
    NewRow {
        id: id(rng),
        permissions: permissions(rng, 12),
        data,
        after: *rng.pick(&[0, 0, 0, 1, 1000]),
    }
}

/// IDs that collations order differently.
pub(super) fn id(rng: &mut Rng) -> String {
    let first = rng.pick(&["a", "A", "b", "B", "0", "9", "z", "Z"]);
    let then = rng.pick(&["", "-", "_", ".", "a", "A"]);
    format!("{first}{then}{}", rng.below(10_000))
}

pub(super) fn permissions(rng: &mut Rng, share: usize) -> Vec<String> {
    let mut all = Vec::new();
    for role in rng.some(ROLES, share) {
        for action in rng.some(&["read", "update", "delete"], 50) {
            all.push(format!("{action}(\"{role}\")"));
        }
    }
    all
}

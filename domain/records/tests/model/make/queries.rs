//! Random queries of a table, most of them valid.

use records::Kind;
use serde_json::{Value, json};

use super::{invalidate, texts, values, world};
use crate::plain::Table;
use crate::rng::Rng;
use crate::world::{Caller, Case, Column};

const COMPARISONS: &[&str] = &[
    "equal",
    "equal",
    "notEqual",
    "lessThan",
    "lessThanEqual",
    "greaterThan",
    "greaterThanEqual",
    "between",
    "notBetween",
    "isNull",
    "isNotNull",
];
const TEXTS: &[&str] = &[
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "contains",
    "notContains",
    "search",
    "search",
    "notSearch",
];
const SHAPES: &[&str] = &[
    "equal",
    "notEqual",
    "contains",
    "notContains",
    "crosses",
    "notCrosses",
    "intersects",
    "notIntersects",
    "overlaps",
    "notOverlaps",
    "touches",
    "notTouches",
    "distanceEqual",
    "distanceNotEqual",
    "distanceGreaterThan",
    "distanceLessThan",
    "isNull",
    "isNotNull",
];

pub(crate) fn case(rng: &mut Rng, table: &Table) -> Case {
    let mut queries: Vec<Value> = (0..rng.below(4)).map(|_| filter(rng, table, 0)).collect();
    if rng.percent(60) {
        for _ in 0..rng.between(1, 3) {
            queries.push(order(rng, table));
        }
    } else if rng.percent(4) {
        queries.push(json!({"method": "orderRandom"}));
    }
    if rng.percent(60) {
        let limit = *rng.pick(&[1, 2, 3, 5, 10, 25, 100, 5000]);
        queries.push(json!({"method": "limit", "values": [limit]}));
    }
    if rng.percent(25) {
        let offset = *rng.pick(&[0, 1, 2, 5, 20, 1000]);
        queries.push(json!({"method": "offset", "values": [offset]}));
    }
    if rng.percent(30) {
        let id = if table.rows.is_empty() || rng.percent(3) {
            "nobody"
        } else {
            &rng.pick(&table.rows).id
        };
        let method = *rng.pick(&["cursorAfter", "cursorBefore"]);
        queries.push(json!({"method": method, "values": [id]}));
    }
    if rng.percent(20) {
        queries.push(select(rng, table));
    }
    if rng.percent(10) {
        invalidate::one(rng, &mut queries);
    }
    Case {
        caller: caller(rng),
        queries,
        total: rng.percent(75),
    }
}

pub(super) fn caller(rng: &mut Rng) -> Caller {
    if rng.percent(35) {
        return Caller::Server;
    }
    let mut roles: Vec<String> = rng
        .some(world::ROLES, 25)
        .into_iter()
        .cloned()
        .map(str::to_owned)
        .collect();
    // Some users are members of many teams.
    if rng.percent(10) {
        roles.extend((0..100).map(|number| format!("team:t{number}")));
    }
    let user = rng.percent(60).then(|| "ada".to_owned());
    Caller::Client { user, roles }
}

fn order(rng: &mut Rng, table: &Table) -> Value {
    let method = *rng.pick(&["orderAsc", "orderDesc"]);
    match rng.below(8) {
        0 => json!({"method": method, "attribute": rng.pick(&["$id", "$sequence", "$createdAt", "$updatedAt"])}),
        1 => json!({"method": method, "attribute": ""}),
        2 => json!({"method": method}),
        _ => {
            let sortable = |column: &&Column| !column.spec.array && !column.spec.encrypt;
            let columns: Vec<_> = table.world.columns.iter().filter(sortable).collect();
            if columns.is_empty() {
                json!({"method": method, "attribute": "$id"})
            } else {
                json!({"method": method, "attribute": rng.pick(&columns).key})
            }
        }
    }
}

fn select(rng: &mut Rng, table: &Table) -> Value {
    let mut names: Vec<String> = rng
        .some(&table.world.columns, 40)
        .iter()
        .map(|column| column.key.to_string())
        .collect();
    if names.is_empty() || rng.percent(20) {
        names.push((*rng.pick(&["*", "$id", "$permissions", "$createdAt"])).to_owned());
    }
    json!({"method": "select", "values": names})
}

fn filter(rng: &mut Rng, table: &Table, depth: usize) -> Value {
    if depth < 3 && rng.percent(25) {
        let inner: Vec<Value> = (0..rng.between(2, 4)).map(|_| filter(rng, table, depth + 1)).collect();
        return json!({"method": rng.pick(&["and", "or"]), "values": inner});
    }
    if rng.percent(15) {
        return system_filter(rng, table);
    }
    let column = rng.pick(&table.world.columns);
    let kind = &column.spec.kind;
    let method = match (column.spec.array, is_shape(kind)) {
        (true, _) => *rng.pick(&["contains", "contains", "notContains", "isNull", "isNotNull"]),
        (_, true) => *rng.pick(SHAPES),
        _ if is_text(kind) && rng.percent(55) => *rng.pick(TEXTS),
        _ => *rng.pick(COMPARISONS),
    };
    let values: Vec<Value> = match method {
        "isNull" | "isNotNull" => Vec::new(),
        method if method.starts_with("distance") => {
            let far = *rng.pick(&[0.0, 1.0, 2.0, std::f64::consts::SQRT_2, 0.5, 111_195.0, 300_000.0]);
            vec![json!([values::shape(rng), far, rng.percent(50)])]
        }
        _ if is_shape(kind) => vec![values::shape(rng)],
        "between" | "notBetween" => vec![operand(rng, table, column), operand(rng, table, column)],
        "equal" | "contains" | "notContains" => {
            let count = *rng.pick(&[1, 1, 1, 2, 3, 20]);
            (0..count).map(|_| operand(rng, table, column)).collect()
        }
        _ => vec![operand(rng, table, column)],
    };
    json!({"method": method, "attribute": column.key, "values": values})
}

/// A value to compare with: often that of a row, or a similar one.
fn operand(rng: &mut Rng, table: &Table, column: &Column) -> Value {
    let fresh = values::one(rng, &column.spec.kind);
    let fresh = if fresh.as_str().is_some_and(|text| text.chars().count() > 100) {
        json!("")
    } else {
        fresh
    };
    if table.world.rows.is_empty() || rng.percent(25) {
        return fresh;
    }
    let row = rng.pick(&table.world.rows);
    let known = match row.data.get(column.key.as_str()) {
        Some(Value::Array(items)) if column.spec.array && !items.is_empty() => rng.pick(items).clone(),
        Some(value) if !column.spec.array => value.clone(),
        _ => Value::Null,
    };
    match known {
        Value::Null => fresh,
        Value::String(text) if is_text(&column.spec.kind) => json!(texts::like(rng, &text)),
        known => known,
    }
}

fn system_filter(rng: &mut Rng, table: &Table) -> Value {
    let Some(row) = (!table.rows.is_empty()).then(|| rng.pick(&table.rows)) else {
        return json!({"method": "isNotNull", "attribute": "$id"});
    };
    let instant = json!(row.created);
    let choice = rng.below(6);
    match choice {
        2 if !table.numbered => json!({"method": "isNotNull", "attribute": "$sequence"}),
        0 => json!({"method": "equal", "attribute": "$id", "values": [row.id, "nobody"]}),
        1 => {
            let method = *rng.pick(&["startsWith", "contains", "endsWith", "lessThan", "notEqual"]);
            json!({"method": method, "attribute": "$id", "values": [texts::like(rng, &row.id)]})
        }
        2 => {
            let method = *rng.pick(&["equal", "lessThan", "greaterThanEqual", "notEqual"]);
            json!({"method": method, "attribute": "$sequence", "values": [row.seq.to_string()]})
        }
        3 => json!({"method": "between", "attribute": "$createdAt", "values": [instant, "2026-01-01T00:00:09.000Z"]}),
        4 => json!({"method": rng.pick(&["createdBefore", "createdAfter", "updatedAfter"]), "values": [instant]}),
        _ => {
            json!({"method": rng.pick(&["lessThanEqual", "greaterThan"]), "attribute": "$updatedAt", "values": [instant]})
        }
    }
}

fn is_shape(kind: &Kind) -> bool {
    matches!(kind, Kind::Point | Kind::Line | Kind::Polygon)
}

fn is_text(kind: &Kind) -> bool {
    kind.size().is_some()
}

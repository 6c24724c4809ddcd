//! Random queries of a table, most of them valid.

use records::Kind;
use serde_json::{Value, json};

use super::{spoil, texts, values, world};
use crate::chance::Chance;
use crate::plain::Table;
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

pub(crate) fn case(chance: &mut Chance, table: &Table) -> Case {
    let mut queries: Vec<Value> = (0..chance.below(4)).map(|_| filter(chance, table, 0)).collect();
    if chance.percent(60) {
        for _ in 0..chance.between(1, 3) {
            queries.push(order(chance, table));
        }
    } else if chance.percent(4) {
        queries.push(json!({"method": "orderRandom"}));
    }
    if chance.percent(60) {
        let limit = *chance.pick(&[1, 2, 3, 5, 10, 25, 100, 5000]);
        queries.push(json!({"method": "limit", "values": [limit]}));
    }
    if chance.percent(25) {
        let offset = *chance.pick(&[0, 1, 2, 5, 20, 1000]);
        queries.push(json!({"method": "offset", "values": [offset]}));
    }
    if chance.percent(30) {
        let id = if table.rows.is_empty() || chance.percent(3) {
            "nobody"
        } else {
            &chance.pick(&table.rows).id
        };
        let method = *chance.pick(&["cursorAfter", "cursorBefore"]);
        queries.push(json!({"method": method, "values": [id]}));
    }
    if chance.percent(20) {
        queries.push(select(chance, table));
    }
    if chance.percent(10) {
        spoil::one(chance, &mut queries);
    }
    Case {
        caller: caller(chance),
        queries,
        total: chance.percent(75),
    }
}

pub(super) fn caller(chance: &mut Chance) -> Caller {
    if chance.percent(35) {
        return Caller::Server;
    }
    let mut roles: Vec<String> = chance
        .some(world::ROLES, 25)
        .into_iter()
        .cloned()
        .map(str::to_owned)
        .collect();
    // Some users are members of many teams.
    if chance.percent(10) {
        roles.extend((0..100).map(|number| format!("team:t{number}")));
    }
    let user = chance.percent(60).then(|| "ada".to_owned());
    Caller::Client { user, roles }
}

fn order(chance: &mut Chance, table: &Table) -> Value {
    let method = *chance.pick(&["orderAsc", "orderDesc"]);
    match chance.below(8) {
        0 => json!({"method": method, "attribute": chance.pick(&["$id", "$sequence", "$createdAt", "$updatedAt"])}),
        1 => json!({"method": method, "attribute": ""}),
        2 => json!({"method": method}),
        _ => {
            let sortable = |column: &&Column| !column.spec.array && !column.spec.encrypt;
            let columns: Vec<_> = table.world.columns.iter().filter(sortable).collect();
            if columns.is_empty() {
                json!({"method": method, "attribute": "$id"})
            } else {
                json!({"method": method, "attribute": chance.pick(&columns).key})
            }
        }
    }
}

fn select(chance: &mut Chance, table: &Table) -> Value {
    let mut names: Vec<String> = chance
        .some(&table.world.columns, 40)
        .iter()
        .map(|column| column.key.to_string())
        .collect();
    if names.is_empty() || chance.percent(20) {
        names.push((*chance.pick(&["*", "$id", "$permissions", "$createdAt"])).to_owned());
    }
    json!({"method": "select", "values": names})
}

fn filter(chance: &mut Chance, table: &Table, depth: usize) -> Value {
    if depth < 3 && chance.percent(25) {
        let inner: Vec<Value> = (0..chance.between(2, 4))
            .map(|_| filter(chance, table, depth + 1))
            .collect();
        return json!({"method": chance.pick(&["and", "or"]), "values": inner});
    }
    if chance.percent(15) {
        return of_our_own(chance, table);
    }
    let column = chance.pick(&table.world.columns);
    let kind = &column.spec.kind;
    let method = match (column.spec.array, is_shape(kind)) {
        (true, _) => *chance.pick(&["contains", "contains", "notContains", "isNull", "isNotNull"]),
        (_, true) => *chance.pick(SHAPES),
        _ if is_text(kind) && chance.percent(55) => *chance.pick(TEXTS),
        _ => *chance.pick(COMPARISONS),
    };
    let values: Vec<Value> = match method {
        "isNull" | "isNotNull" => Vec::new(),
        method if method.starts_with("distance") => {
            let far = *chance.pick(&[0.0, 1.0, 2.0, std::f64::consts::SQRT_2, 0.5, 111_195.0, 300_000.0]);
            vec![json!([values::shape(chance), far, chance.percent(50)])]
        }
        _ if is_shape(kind) => vec![values::shape(chance)],
        "between" | "notBetween" => vec![asked(chance, table, column), asked(chance, table, column)],
        "equal" | "contains" | "notContains" => {
            let count = *chance.pick(&[1, 1, 1, 2, 3, 20]);
            (0..count).map(|_| asked(chance, table, column)).collect()
        }
        _ => vec![asked(chance, table, column)],
    };
    json!({"method": method, "attribute": column.key, "values": values})
}

/// A value to compare with: often that of a row, or a similar one.
fn asked(chance: &mut Chance, table: &Table, column: &Column) -> Value {
    let fresh = values::one(chance, &column.spec.kind);
    let fresh = if fresh.as_str().is_some_and(|text| text.chars().count() > 100) {
        json!("")
    } else {
        fresh
    };
    if table.world.rows.is_empty() || chance.percent(25) {
        return fresh;
    }
    let row = chance.pick(&table.world.rows);
    let known = match row.data.get(column.key.as_str()) {
        Some(Value::Array(items)) if column.spec.array && !items.is_empty() => chance.pick(items).clone(),
        Some(value) if !column.spec.array => value.clone(),
        _ => Value::Null,
    };
    match known {
        Value::Null => fresh,
        Value::String(text) if is_text(&column.spec.kind) => json!(texts::like(chance, &text)),
        known => known,
    }
}

fn of_our_own(chance: &mut Chance, table: &Table) -> Value {
    let Some(row) = (!table.rows.is_empty()).then(|| chance.pick(&table.rows)) else {
        return json!({"method": "isNotNull", "attribute": "$id"});
    };
    let instant = json!(row.created);
    let choice = chance.below(6);
    match choice {
        2 if !table.numbered => json!({"method": "isNotNull", "attribute": "$sequence"}),
        0 => json!({"method": "equal", "attribute": "$id", "values": [row.id, "nobody"]}),
        1 => {
            let method = *chance.pick(&["startsWith", "contains", "endsWith", "lessThan", "notEqual"]);
            json!({"method": method, "attribute": "$id", "values": [texts::like(chance, &row.id)]})
        }
        2 => {
            let method = *chance.pick(&["equal", "lessThan", "greaterThanEqual", "notEqual"]);
            json!({"method": method, "attribute": "$sequence", "values": [row.seq.to_string()]})
        }
        3 => json!({"method": "between", "attribute": "$createdAt", "values": [instant, "2026-01-01T00:00:09.000Z"]}),
        4 => json!({"method": chance.pick(&["createdBefore", "createdAfter", "updatedAfter"]), "values": [instant]}),
        _ => {
            json!({"method": chance.pick(&["lessThanEqual", "greaterThan"]), "attribute": "$updatedAt", "values": [instant]})
        }
    }
}

fn is_shape(kind: &Kind) -> bool {
    matches!(kind, Kind::Point | Kind::Line | Kind::Polygon)
}

fn is_text(kind: &Kind) -> bool {
    kind.size().is_some()
}

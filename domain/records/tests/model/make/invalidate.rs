//! Invalid queries: all engines and the model must refuse the same ones, with the same message.

use serde_json::{Value, json};

use crate::rng::Rng;

/// Makes the queries invalid, or at least unusual.
pub(super) fn one(rng: &mut Rng, queries: &mut Vec<Value>) {
    const METHODS: &[&str] = &[
        "equal",
        "lessThan",
        "between",
        "startsWith",
        "contains",
        "search",
        "crosses",
        "distanceLessThan",
        "isNull",
        "and",
        "or",
        "limit",
        "select",
        "regex",
        "",
    ];
    let values = [
        json!(1),
        json!(1.5),
        json!(true),
        json!("text"),
        json!(""),
        json!("2024-02-29"),
        json!(null),
        json!([]),
        json!([1, 2]),
        json!([[1, 2], [3, 4]]),
        json!({}),
        json!({"method": "isNull", "attribute": "$id"}),
        json!(-1),
        json!(0),
        json!(u64::MAX),
        json!(1e300),
        json!("a\u{0}b"),
    ];
    let at = rng.below(queries.len());
    let Some(query) = queries.get_mut(at) else {
        queries.push(json!({"method": rng.pick(METHODS), "attribute": "name", "values": [rng.pick(&values)]}));
        return;
    };
    match rng.below(7) {
        0 => query["attribute"] = json!(rng.pick(&["nothing", "$permissions", "a.b", "_id", "$tableId"])),
        1 => query["method"] = json!(rng.pick(METHODS)),
        2 => query["values"] = json!([rng.pick(&values)]),
        3 => query["values"] = json!([]),
        4 => query["values"] = json!([rng.pick(&values), rng.pick(&values)]),
        5 => {
            if let Some(inner) = query["values"].as_array_mut() {
                inner.push(rng.pick(&values).clone());
            }
        }
        // Of several limits, offsets and cursors the first one counts.
        _ => queries.push(queries[at].clone()),
    }
}

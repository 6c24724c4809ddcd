//! Random columns and indexes.

use records::columns::Spec;
use records::indexes::{IndexKind, IndexSpec};
use records::{Key, Kind};
use serde_json::json;

use super::values;
use crate::rng::Rng;
use crate::world::Column;

/// Keys that need quoting in SQL, or that collide with internal names.
const KEYS: &[&str] = &[
    "name",
    "Order",
    "group",
    "select",
    "ctid",
    "rowid",
    "oid",
    "seq",
    "role",
    "rank",
    "a-b",
    "z9",
    "limit",
    "Total",
    "user",
    "text",
    "value",
    "id",
    "created_at",
    "NULL0",
    "x",
];

pub(super) fn columns(rng: &mut Rng) -> Vec<Column> {
    let count = rng.between(2, 8);
    let start = rng.below(KEYS.len());
    let keys = KEYS.iter().cycle().skip(start).take(count);
    keys.map(|key| Column {
        key: Key::parse(*key).expect("a key"),
        spec: spec(rng),
    })
    .collect()
}

fn spec(rng: &mut Rng) -> Spec {
    let kind = kind(rng);
    let shape = matches!(kind, Kind::Point | Kind::Line | Kind::Polygon);
    let array = !shape && rng.percent(25);
    let required = rng.percent(if shape { 60 } else { 25 });
    let encrypt = matches!(kind, Kind::String { size } if size >= 150) && rng.percent(20);
    let default = (!array && !required && rng.percent(25)).then(|| values::one(rng, &kind));
    Spec {
        kind,
        required,
        array,
        default,
        encrypt,
    }
}

fn kind(rng: &mut Rng) -> Kind {
    match rng.below(20) {
        0..=4 => Kind::String {
            size: *rng.pick(&[1, 4, 32, 200, 100_000]),
        },
        5 => Kind::Varchar { size: 32 },
        6 => Kind::Text,
        7 => rng.pick(&[Kind::Mediumtext, Kind::Longtext]).clone(),
        8 => rng.pick(&[Kind::Email, Kind::Ip, Kind::Url]).clone(),
        9 => Kind::Enum {
            elements: ["low", "High", "a\"b", "ä", "%"].map(str::to_owned).to_vec(),
        },
        10 | 11 => Kind::Integer {
            min: i64::MIN,
            max: i64::MAX,
        },
        12 => Kind::Integer { min: -5, max: 5 },
        13 | 14 => Kind::Float {
            min: f64::MIN,
            max: f64::MAX,
        },
        15 => Kind::Boolean,
        16 => Kind::Datetime,
        17 => Kind::Point,
        18 => Kind::Line,
        _ => Kind::Polygon,
    }
}

/// Random valid indexes: of each type, if a column allows it.
pub(super) fn indexes(rng: &mut Rng, columns: &[Column]) -> Vec<IndexSpec> {
    let mut made: Vec<IndexSpec> = Vec::new();
    for column in columns {
        let key = column.key.to_string();
        if column.spec.encrypt {
            continue;
        }
        let kind = match &column.spec.kind {
            Kind::Point | Kind::Line | Kind::Polygon if column.spec.required => IndexKind::Spatial,
            Kind::Point | Kind::Line | Kind::Polygon => continue,
            _ if column.spec.array => IndexKind::Key,
            kind if kind.size().is_some() && rng.percent(60) => IndexKind::Fulltext,
            _ => *rng.pick(&[IndexKind::Key, IndexKind::Key, IndexKind::Unique]),
        };
        if rng.percent(55) {
            made.push(index(rng, kind, vec![key], columns));
        }
    }
    let plain = |column: &&Column| !column.spec.array && !column.spec.encrypt && !column.spec.kind.is_shape();
    let plain: Vec<String> = columns
        .iter()
        .filter(plain)
        .map(|column| column.key.to_string())
        .collect();
    if plain.len() >= 2 && rng.percent(50) {
        let first = rng.below(plain.len() - 1);
        let kind = if rng.percent(30) {
            IndexKind::Unique
        } else {
            IndexKind::Key
        };
        made.push(index(rng, kind, plain[first..first + 2].to_vec(), columns));
    }
    made
}

fn index(rng: &mut Rng, kind: IndexKind, keys: Vec<String>, columns: &[Column]) -> IndexSpec {
    let of = |key: &String| columns.iter().find(|column| column.key.as_str() == key);
    let sorted = matches!(kind, IndexKind::Key | IndexKind::Unique);
    let length = |key: &String| {
        let column = of(key)?;
        let long = column.spec.kind.size().is_some_and(|size| size > 200);
        (sorted && long && !column.spec.array).then_some(64)
    };
    let order = |key: &String| {
        if of(key).is_some_and(|column| column.spec.array) || !sorted {
            String::new()
        } else {
            (*rng.pick(&["ASC", "DESC"])).to_owned()
        }
    };
    let spec = json!({
        "kind": kind,
        "columns": keys,
        "lengths": keys.iter().map(length).collect::<Vec<Option<u32>>>(),
        "orders": keys.iter().map(order).collect::<Vec<String>>(),
        "folded": kind == IndexKind::Unique && rng.percent(20),
    });
    serde_json::from_value(spec).expect("an index")
}

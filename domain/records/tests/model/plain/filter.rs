//! Conditions of database.md §8: valid combinations with columns, and evaluation.

use geometry::{Relation, Shape, distance};
use records::Kind;
use serde_json::Value as Json;

use super::row::Attribute;
use super::{BAD_QUERY, Refused, Row, Table, Value, search};

pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Test {
        attribute: Attribute,
        method: String,
        values: Vec<Value>,
        /// Distance, and whether it is in metres.
        distance: (f64, bool),
    },
}

fn bad<T>() -> Result<T, Refused> {
    Err(vec![BAD_QUERY])
}

/// Type of an attribute in conditions.
enum Sort<'a> {
    /// Encrypted: cannot be queried.
    Sealed,
    List(&'a Kind),
    Text {
        searchable: bool,
    },
    Shape,
    Sequence,
    /// Numbers, dates, booleans.
    Plain(&'a Kind),
}

const COMPARISONS: &[&str] = &[
    "equal",
    "notEqual",
    "lessThan",
    "lessThanEqual",
    "greaterThan",
    "greaterThanEqual",
    "between",
    "notBetween",
];
const TEXTS: &[&str] = &[
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "contains",
    "notContains",
];
const SUGAR: &[(&str, &str, &str)] = &[
    ("createdBefore", "$createdAt", "lessThan"),
    ("createdAfter", "$createdAt", "greaterThan"),
    ("createdBetween", "$createdAt", "between"),
    ("updatedBefore", "$updatedAt", "lessThan"),
    ("updatedAfter", "$updatedAt", "greaterThan"),
    ("updatedBetween", "$updatedAt", "between"),
];
const RELATIONS: &[(&str, Relation)] = &[
    ("equal", Relation::Equal),
    ("notEqual", Relation::Equal),
    ("contains", Relation::Contains),
    ("notContains", Relation::Contains),
    ("crosses", Relation::Crosses),
    ("notCrosses", Relation::Crosses),
    ("intersects", Relation::Intersects),
    ("notIntersects", Relation::Intersects),
    ("overlaps", Relation::Overlaps),
    ("notOverlaps", Relation::Overlaps),
    ("touches", Relation::Touches),
    ("notTouches", Relation::Touches),
];

impl Filter {
    pub(crate) fn read(table: &Table, query: &Json) -> Result<Self, Refused> {
        let mut method = query["method"].as_str().unwrap_or_default();
        let mut attribute = query["attribute"].as_str().unwrap_or_default();
        let given = query["values"].as_array().cloned().unwrap_or_default();
        if given.len() > 500 {
            return bad();
        }
        if method == "and" || method == "or" {
            let inner: Vec<_> = given
                .iter()
                .map(|one| Self::read(table, one))
                .collect::<Result<_, _>>()?;
            return match (inner.len(), method) {
                (0 | 1, _) => bad(),
                (_, "and") => Ok(Self::All(inner)),
                _ => Ok(Self::Any(inner)),
            };
        }
        if let Some((_, of, short)) = SUGAR.iter().find(|(name, ..)| *name == method) {
            (attribute, method) = (of, short);
        }
        let Some(attribute) = table.attribute(attribute) else {
            return bad();
        };
        Self::test(table, attribute, method, &given)
    }

    fn test(table: &Table, attribute: Attribute, method: &str, given: &[Json]) -> Result<Self, Refused> {
        let count = match method {
            "isNull" | "isNotNull" => given.is_empty(),
            "between" | "notBetween" => given.len() == 2,
            "equal" | "contains" | "notContains" => !given.is_empty(),
            _ => given.len() == 1,
        };
        let sort = sort(table, attribute);
        let fits = match sort {
            Sort::Sealed => false,
            _ if matches!(method, "isNull" | "isNotNull") => true,
            Sort::List(_) => matches!(method, "contains" | "notContains"),
            Sort::Text { searchable } => {
                COMPARISONS.contains(&method)
                    || TEXTS.contains(&method)
                    || (searchable && matches!(method, "search" | "notSearch"))
            }
            Sort::Shape => relation(method).is_some() || method.starts_with("distance"),
            Sort::Sequence | Sort::Plain(_) => COMPARISONS.contains(&method),
        };
        if !count || !fits {
            return bad();
        }
        let mut distance = (0.0, false);
        let mut values = Vec::new();
        for given in given {
            let mut given = given;
            if method.starts_with("distance") {
                let Some(parts) = given.as_array() else { return bad() };
                let Some(far) = parts.get(1).and_then(Json::as_f64) else {
                    return bad();
                };
                distance = (far, parts.get(2).and_then(Json::as_bool).unwrap_or(false));
                given = &parts[0];
            }
            match value(&sort, given) {
                Some(value) => values.push(value),
                None => return bad(),
            }
        }
        let method = method.to_owned();
        Ok(Self::Test {
            attribute,
            method,
            values,
            distance,
        })
    }

    /// Whether a row matches. A null value matches neither a comparison nor its negation.
    pub(crate) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::All(inner) => inner.iter().all(|one| one.holds(row)),
            Self::Any(inner) => inner.iter().any(|one| one.holds(row)),
            Self::Test {
                attribute,
                method,
                values,
                distance,
            } => {
                let value = row.get(*attribute);
                match method.as_str() {
                    "isNull" => value.is_null(),
                    "isNotNull" => !value.is_null(),
                    _ if value.is_null() => false,
                    method => of_value(method, &value, values, *distance),
                }
            }
        }
    }
}

fn sort(table: &Table, attribute: Attribute) -> Sort<'_> {
    match attribute {
        Attribute::Id => Sort::Text { searchable: false },
        Attribute::Sequence => Sort::Sequence,
        Attribute::CreatedAt | Attribute::UpdatedAt => Sort::Plain(&Kind::Datetime),
        Attribute::Column(index) => {
            let column = &table.world.columns[index];
            match &column.spec.kind {
                _ if column.spec.encrypt => Sort::Sealed,
                kind if column.spec.array => Sort::List(kind),
                Kind::Point | Kind::Line | Kind::Polygon => Sort::Shape,
                kind @ (Kind::Integer { .. } | Kind::Float { .. } | Kind::Boolean | Kind::Datetime) => {
                    Sort::Plain(kind)
                }
                _ => Sort::Text {
                    searchable: search::is_indexed(&table.world, column.key.as_str()),
                },
            }
        }
    }
}

/// The value in a query; none if it has the wrong type.
fn value(sort: &Sort<'_>, given: &Json) -> Option<Value> {
    let value = match sort {
        Sort::List(kind) | Sort::Plain(kind) => Value::of(kind, given)?,
        Sort::Text { .. } | Sort::Sealed => Value::of(&Kind::Text, given)?,
        Sort::Shape => Value::Shape(Shape::any(given).ok()?),
        Sort::Sequence => {
            let digits = given.as_str()?;
            let number = digits
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| digits.parse().ok())??;
            Value::Integer(Some(number).filter(|number| *number >= 1)?)
        }
    };
    Some(value).filter(|value| !value.is_null())
}

fn relation(method: &str) -> Option<Relation> {
    RELATIONS
        .iter()
        .find(|(name, _)| *name == method)
        .map(|(_, relation)| *relation)
}

fn of_value(method: &str, value: &Value, with: &[Value], far: (f64, bool)) -> bool {
    // `notEqual`, `notContains`, … are the negations of `equal`, `contains`, ….
    if let Some(rest) = method.strip_prefix("not") {
        let positive = rest[..1].to_ascii_lowercase() + &rest[1..];
        return !of_value(&positive, value, with, far);
    }
    match value {
        Value::List(items) => items.iter().any(|item| with.iter().any(|one| equal(item, one))),
        Value::Shape(shape) => {
            let given = |one: &Value| match one {
                Value::Shape(given) => of_shape(method, shape, given, far),
                _ => false,
            };
            with.iter().any(given)
        }
        Value::Text(text) if TEXTS.contains(&method) || method == "search" => {
            let given = |one: &Value| match one {
                Value::Text(given) => of_text(method, text, given),
                _ => false,
            };
            with.iter().any(given)
        }
        value => compare(method, value, with),
    }
}

fn equal(one: &Value, other: &Value) -> bool {
    one.compared(other).is_some_and(std::cmp::Ordering::is_eq)
}

fn compare(method: &str, value: &Value, with: &[Value]) -> bool {
    let order = |index: usize| value.compared(&with[index]).expect("values of one column");
    match method {
        "equal" => with.iter().any(|one| equal(value, one)),
        "lessThan" => order(0).is_lt(),
        "lessThanEqual" => order(0).is_le(),
        "greaterThan" => order(0).is_gt(),
        "greaterThanEqual" => order(0).is_ge(),
        "between" => order(0).is_ge() && order(1).is_le(),
        other => panic!("{other} is no comparison"),
    }
}

/// Matching of texts, ignoring the case of ASCII letters only.
fn of_text(method: &str, text: &str, given: &str) -> bool {
    if method == "search" {
        return search::finds(text, given);
    }
    let (text, given) = (text.to_ascii_lowercase(), given.to_ascii_lowercase());
    match method {
        "startsWith" => text.starts_with(&given),
        "endsWith" => text.ends_with(&given),
        _ => text.contains(&given),
    }
}

fn of_shape(method: &str, stored: &Shape, given: &Shape, (far, meters): (f64, bool)) -> bool {
    match method {
        "distanceEqual" => distance(stored, given, meters) == far,
        "distanceNotEqual" => distance(stored, given, meters) != far,
        "distanceGreaterThan" => distance(stored, given, meters) > far,
        "distanceLessThan" => distance(stored, given, meters) < far,
        _ => relation(method).is_some_and(|relation| relation.holds(stored, given)),
    }
}

//! Parser of query texts.

use serde::Deserialize;
use serde_json::Value;

use super::test::Operands;
use super::{Cursor, Error, Filter, MAX_DEPTH, MAX_LENGTH, MAX_QUERIES, MAX_VALUES, Order, Queries, Rule, Test};

/// JSON form of a query.
#[derive(Deserialize)]
struct RawQuery {
    method: String,
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    values: Option<Value>,
}

pub(super) fn all<T: AsRef<str>>(texts: &[T]) -> Result<Queries, Error> {
    if texts.len() > MAX_QUERIES {
        return Err(Error::of_request(Rule::Count));
    }
    let mut queries = Queries::default();
    for (index, text) in texts.iter().enumerate() {
        let text = text.as_ref();
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(Error {
                query: Some(index),
                rule: Rule::Length,
            });
        }
        let tree: Value = serde_json::from_str(text).map_err(|_| Error::at(index, "Syntax error"))?;
        add(&mut queries, index, read(index, tree)?)?;
    }
    Ok(queries)
}

/// Reads one query; a single value becomes a list.
fn read(index: usize, tree: Value) -> Result<(String, String, Vec<Value>), Error> {
    if !tree.is_object() {
        return Err(Error::at(index, format!("Must be an object, got {}", sort_of(&tree))));
    }
    let written: RawQuery =
        serde_json::from_value(tree).map_err(|_| Error::at(index, "\"method\" and \"attribute\" must be strings"))?;
    let values = match written.values {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(other) => {
            return Err(Error::at(
                index,
                format!("\"values\" must be an array, got {}", sort_of(&other)),
            ));
        }
    };
    if values.len() > MAX_VALUES {
        return Err(Error::at(
            index,
            format!("Query on attribute has greater than {MAX_VALUES} values"),
        ));
    }
    Ok((written.method, written.attribute.unwrap_or_default(), values))
}

/// Adds one query to the parsed queries.
fn add(queries: &mut Queries, index: usize, query: (String, String, Vec<Value>)) -> Result<(), Error> {
    let (method, attribute, values) = query;
    match method.as_str() {
        "limit" => {
            let limit = number(index, &method, &values, 1)?;
            queries.limit.get_or_insert(limit);
        }
        "offset" => {
            let offset = number(index, &method, &values, 0)?;
            queries.offset.get_or_insert(offset);
        }
        "cursorAfter" => {
            let id = cursor(index, values)?;
            queries.cursor.get_or_insert(Cursor::After(id));
        }
        "cursorBefore" => {
            let id = cursor(index, values)?;
            queries.cursor.get_or_insert(Cursor::Before(id));
        }
        "orderAsc" | "orderDesc" => {
            queries.orders.push(Order::By {
                query: index,
                attribute,
                descending: method == "orderDesc",
            });
        }
        "orderRandom" => queries.orders.push(Order::Random),
        "select" => select(queries.select.get_or_insert_default(), index, values)?,
        _ => queries.filters.push(filter(index, (method, attribute, values), 0)?),
    }
    Ok(())
}

fn filter(index: usize, query: (String, String, Vec<Value>), depth: usize) -> Result<Filter, Error> {
    let (method, attribute, values) = query;
    if method == "and" || method == "or" {
        if depth >= MAX_DEPTH {
            return Err(Error::at(
                index,
                format!("\"and\" and \"or\" may lie {MAX_DEPTH} deep in each other"),
            ));
        }
        if values.len() < 2 {
            let name = if method == "and" { "And" } else { "Or" };
            return Err(Error::at(index, format!("{name} queries require at least two queries")));
        }
        let inner = values
            .into_iter()
            .map(|value| filter(index, read(index, value)?, depth + 1));
        let inner = inner.collect::<Result<_, _>>()?;
        return Ok(if method == "and" {
            Filter::And(inner)
        } else {
            Filter::Or(inner)
        });
    }
    if let Some((attribute, test)) = sugar(&method) {
        return test_of(index, test, attribute.to_owned(), values);
    }
    if matches!(method.as_str(), "exists" | "notExists" | "elemMatch") {
        let rule = format!("{method} is for schemaless databases only; this list has fixed attributes");
        return Err(Error::at(index, rule));
    }
    let known = match method.as_str() {
        "containsAny" => Some((Test::Contains, Operands::Some)),
        "containsAll" => return contains_all(index, attribute, values),
        _ => Test::find(&method),
    };
    let Some((test, operands)) = known else {
        return Err(Error::at(index, format!("Invalid query method: {method}")));
    };
    if attribute.is_empty() {
        return Err(Error::at(index, format!("{method} queries require an attribute")));
    }
    test_of(index, (test, operands), attribute, values)
}

/// `containsAll`: one comparison per value. Attributes of related rows must each equal a value, as in Appwrite.
fn contains_all(index: usize, attribute: String, mut values: Vec<Value>) -> Result<Filter, Error> {
    if attribute.is_empty() {
        return Err(Error::at(index, "containsAll queries require an attribute"));
    }
    let test = if attribute.contains('.') {
        Test::Equal
    } else {
        Test::Contains
    };
    let one = |value| test_of(index, (test, Operands::Some), attribute.clone(), vec![value]);
    match values.pop() {
        None => Err(Error::at(index, "ContainsAll queries require at least one value")),
        Some(only) if values.is_empty() => one(only),
        Some(last) => {
            let each = values.into_iter().chain([last]).map(one);
            Ok(Filter::And(each.collect::<Result<_, _>>()?))
        }
    }
}

/// Aliases of date comparisons used by some SDK versions.
fn sugar(method: &str) -> Option<(&'static str, (Test, Operands))> {
    Some(match method {
        "createdBefore" => ("$createdAt", (Test::LessThan, Operands::One)),
        "createdAfter" => ("$createdAt", (Test::GreaterThan, Operands::One)),
        "createdBetween" => ("$createdAt", (Test::Between, Operands::Two)),
        "updatedBefore" => ("$updatedAt", (Test::LessThan, Operands::One)),
        "updatedAfter" => ("$updatedAt", (Test::GreaterThan, Operands::One)),
        "updatedBetween" => ("$updatedAt", (Test::Between, Operands::Two)),
        _ => return None,
    })
}

fn test_of(
    index: usize,
    (test, operands): (Test, Operands),
    attribute: String,
    values: Vec<Value>,
) -> Result<Filter, Error> {
    let count = values.len();
    let wants = |what: &str| {
        Err(Error::at(
            index,
            format!("{} queries require {what}", capital(test.name())),
        ))
    };
    match operands {
        Operands::Nothing if count > 0 => return wants("no value"),
        Operands::One if count != 1 => return wants("exactly one value"),
        Operands::Two if count != 2 => return wants("exactly two values"),
        Operands::Some if count == 0 => return wants("at least one value"),
        Operands::Geometry if !(count == 1 && values[0].is_array()) => return wants("one geometry"),
        Operands::Distance if !is_distance(&values) => return wants("[[geometry, distance, meters]]"),
        _ => {}
    }
    // Geometries are lists, and `contains` accepts a list.
    let lists = matches!(operands, Operands::Geometry | Operands::Distance)
        || matches!(test, Test::Equal | Test::NotEqual | Test::Contains | Test::NotContains);
    if values
        .iter()
        .any(|value| value.is_null() || value.is_object() || (value.is_array() && !lists))
    {
        return Err(Error::at(
            index,
            format!("Query value is invalid for attribute \"{attribute}\""),
        ));
    }
    Ok(Filter::Test {
        query: index,
        attribute,
        test,
        values,
    })
}

fn is_distance(values: &[Value]) -> bool {
    let [Value::Array(parts)] = values else { return false };
    matches!(parts.as_slice(), [Value::Array(_), distance, rest @ ..]
        if distance.is_number() && rest.len() <= 1 && rest.iter().all(Value::is_boolean))
}

fn number(index: usize, method: &str, values: &[Value], min: u64) -> Result<u64, Error> {
    match values {
        [value] => value
            .as_u64()
            .filter(|number| *number >= min && i64::try_from(*number).is_ok()),
        _ => None,
    }
    .ok_or_else(|| {
        let what = if min == 0 {
            "a number of 0 or more"
        } else {
            "a number of 1 or more"
        };
        Error::at(index, format!("Invalid {method}: Value must be {what}"))
    })
}

fn cursor(index: usize, mut values: Vec<Value>) -> Result<String, Error> {
    match (values.pop(), values.is_empty()) {
        (Some(Value::String(id)), true) if crate::id::is_valid(&id) => Ok(id),
        _ => Err(Error::at(index, "Invalid cursor: Value must be one valid id")),
    }
}

fn select(selected: &mut Vec<String>, index: usize, values: Vec<Value>) -> Result<(), Error> {
    if values.is_empty() {
        return Err(Error::at(index, "No attributes selected"));
    }
    for value in values {
        let Value::String(name) = value else {
            return Err(Error::at(index, "Selected attributes must be strings"));
        };
        if selected.contains(&name) {
            return Err(Error::at(index, "Duplicate attributes selected"));
        }
        selected.push(name);
    }
    Ok(())
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;

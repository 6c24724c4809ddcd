//! Valid requests, built from the declarations of endpoints.

use std::collections::HashMap;
use std::sync::Arc;

use api::endpoint::Declaration;
use http::Method;
use testkit::{Value, json};

use super::Fixture;

/// The declarations of all endpoints.
pub(crate) fn declarations(fixture: &Fixture) -> Vec<Arc<Declaration>> {
    let endpoints = fixture.server.running.router.endpoints().iter();
    endpoints.map(|endpoint| Arc::clone(&endpoint.declaration)).collect()
}

/// The path with its parameters replaced by ids, which belong to someone other than the caller.
pub(crate) fn fill(declaration: &Declaration, ids: &HashMap<&'static str, String>) -> String {
    let mut path = declaration.path.to_owned();
    while let Some((before, rest)) = path.split_once('{') {
        let (name, after) = rest.split_once('}').expect("a closing brace");
        let field = declaration.fields.iter().find(|field| field.name == name);
        let choices = field.and_then(|field| field.schema["enum"].as_array());
        let choice = choices.and_then(|choices| choices[0].as_str());
        // One parameter name can have different meanings: the fixture's id is used only if it is one of the allowed
        // values.
        let fits = |id: &&str| choices.is_none_or(|choices| choices.iter().any(|choice| choice == id));
        let id = ids.get(name).map(String::as_str).filter(fits).or(choice);
        let id = id.unwrap_or_else(|| panic!("{}: the fixture has no {name}; add one to it", declaration.path));
        path = format!("{before}{id}{after}");
    }
    path
}

/// A valid body, so that only the caller can be the reason of a refusal.
pub(crate) fn body(declaration: &Declaration) -> Option<Value> {
    if declaration.method == Method::GET {
        return None;
    }
    let in_path = |name: &str| declaration.path.contains(&format!("{{{name}}}"));
    let fields = declaration.fields.iter().filter(|field| !in_path(field.name));
    let values = fields.map(|field| (field.name.to_owned(), sample(field.name, &field.schema)));
    Some(Value::Object(values.collect()))
}

fn sample(name: &str, schema: &Value) -> Value {
    if let Some(choice) = schema["enum"].get(0) {
        return choice.clone();
    }
    match (name, schema["type"].as_str().unwrap_or_default()) {
        ("email", _) => json!("someone@example.com"),
        ("phone" | "number", _) => json!("+15555550100"),
        ("url", _) => json!("http://localhost/"),
        ("userId", _) => json!("joan"),
        (id, "string") if id.ends_with("Id") => json!("new"),
        ("roles", _) => json!(["reader"]),
        ("scopes", _) => json!(["users.read"]),
        (_, "string") if schema["format"] == "datetime" => json!("2030-01-01T00:00:00.000+00:00"),
        (_, "boolean") => json!(true),
        (_, "integer") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        (_, "array") => json!([]),
        (_, "object") => json!({}),
        _ => json!("long enough 1"),
    }
}

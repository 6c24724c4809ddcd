//! Puts a value into a JSON document, making whatever is missing on the way.

use serde_json::{Map, Value};

use crate::expressions::{Step, Wanted};

/// Puts a value at a place; `email` fills members that must be the person's address. Nothing takes away.
pub(crate) fn put(root: &mut Value, steps: &[Step], value: Option<Value>, email: Option<&str>) {
    let Some((first, rest)) = steps.split_first() else {
        if let Some(value) = value {
            *root = value;
        }
        return;
    };
    match first {
        Step::Key(key) => put_at(root, key, rest, value, email),
        Step::Each(filters) => {
            let entry = entry(root, 0);
            for (member, wanted) in filters {
                let wanted = match wanted {
                    Wanted::True => Value::Bool(true),
                    Wanted::Text(text) => text.as_str().into(),
                    Wanted::Email => email.into(),
                };
                members(entry).entry(member.clone()).or_insert(wanted);
            }
            put(entry, rest, value, email);
        }
    }
}

fn put_at(root: &mut Value, key: &str, rest: &[Step], value: Option<Value>, email: Option<&str>) {
    // A number is the index of a list, unless there is an object already.
    if let (Ok(at), false) = (key.parse::<usize>(), root.is_object()) {
        if at < 16 {
            put(entry(root, at), rest, value, email);
        }
        return;
    }
    let object = members(root);
    if rest.is_empty() && value.is_none() {
        object.remove(key);
    } else {
        put(object.entry(key).or_insert(Value::Null), rest, value, email);
    }
}

fn members(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(object) => object,
        _ => unreachable!("it was just made an object"),
    }
}

fn entry(value: &mut Value, at: usize) -> &mut Value {
    if !value.is_array() {
        *value = Value::Array(Vec::new());
    }
    match value {
        Value::Array(entries) => {
            while entries.len() <= at {
                entries.push(Value::Null);
            }
            &mut entries[at]
        }
        _ => unreachable!("it was just made a list"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expressions::places;

    #[test]
    fn a_place_is_made_and_filled() {
        let mut root = json!({});
        for (path, value) in [
            ("/data/0/id", json!(7)),
            ("/emails/*[primary && kind == 'work']/email", json!("a@b.c")),
        ] {
            put(&mut root, &places(path)[0].steps, Some(value), None);
        }
        assert_eq!(
            root,
            json!({ "data": [{ "id": 7 }], "emails": [{ "primary": true, "kind": "work", "email": "a@b.c" }] })
        );
        put(&mut root, &places("/data/0/id")[0].steps, None, None);
        assert_eq!(root["data"], json!([{}]));
    }
}

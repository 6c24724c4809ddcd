//! Checks replies against Appwrite's response models: SDKs of typed languages fail on any difference.

use kernel::Timestamp;
use testkit::{Reply, Value};

/// Additional fields of our replies, which Appwrite's later API has or older clients ignore: model and field.
const BEYOND: &[(&str, &str)] = &[
    ("project", "labels"),
    ("project", "development"),
    ("projectSettings", "development"),
    ("membership", "userPhone"),
    ("membership", "userAccessedAt"),
    ("user", "emailCanonical"),
    ("user", "emailIsCanonical"),
    ("user", "emailIsFree"),
    ("user", "emailIsDisposable"),
    ("user", "emailIsCorporate"),
    // Without the version and the salt, hashes could not be moved to another server.
    ("algoSha", "version"),
    ("algoScrypt", "salt"),
    ("columnIndex", "caseInsensitive"),
    ("index", "caseInsensitive"),
];

/// Fails the test if a reply does not match a model.
#[track_caller]
pub(crate) fn assert_is(reply: &Reply, model: &str) {
    let wrong = differences(&reply.body, model);
    assert!(wrong.is_empty(), "no {model}: {wrong:#?}\n{}", reply.body);
}

/// Differences between a value and a model.
pub(crate) fn differences(value: &Value, model: &str) -> Vec<String> {
    let models: Value = serde_json::from_str(include_str!("../facts/models.json")).expect("the models");
    let mut wrong = Vec::new();
    check_model(&models, value, model, model, &mut wrong);
    wrong
}

fn check_model(models: &Value, value: &Value, model: &str, at: &str, wrong: &mut Vec<String>) {
    let Some(fields) = models[model].as_object() else {
        return wrong.push(format!("{at}: no model is named {model}"));
    };
    let Some(object) = value.as_object() else {
        return wrong.push(format!("{at}: {value} is no object"));
    };
    let open = fields.contains_key("*");
    for (name, rule) in fields.iter().filter(|(name, _)| *name != "*") {
        let at = format!("{at}.{name}");
        match object.get(name) {
            None => wrong.push(format!("{at} is missing")),
            Some(Value::Null) if rule["required"] == false => {}
            Some(value) if rule["array"] == true => match value.as_array() {
                Some(items) => items.iter().for_each(|item| check(models, item, rule, &at, wrong)),
                None => wrong.push(format!("{at}: {value} is no list")),
            },
            Some(value) => check(models, value, rule, &at, wrong),
        }
    }
    let known = |name: &str| open || fields.contains_key(name) || BEYOND.contains(&(model, name));
    wrong.extend(
        object
            .keys()
            .filter(|name| !known(name))
            .map(|name| format!("{at}.{name} is unknown")),
    );
}

fn check(models: &Value, value: &Value, rule: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(several) = rule["type"].as_array() {
        let fits = several.iter().filter_map(Value::as_str).any(|model| {
            let mut inner = Vec::new();
            check_model(models, value, model, at, &mut inner);
            inner.is_empty()
        });
        // Where several models are allowed, an absent value is an empty object, or PHP's empty list.
        let is_empty = value.as_object().is_some_and(|map| map.is_empty()) || value == &Value::Array(Vec::new());
        if !fits && !is_empty {
            wrong.push(format!("{at}: {value} is none of {several:?}"));
        }
        return;
    }
    let fits = match rule["type"].as_str().unwrap_or_default() {
        "string" | "enum" => value.is_string(),
        "integer" => value.is_i64(),
        "double" => value.is_number(),
        "boolean" => value.is_boolean(),
        "json" => value.is_object(),
        "array" => value.is_array(),
        "datetime" => value.as_str().is_some_and(|text| text.is_empty() || is_datetime(text)),
        model => return check_model(models, value, model, at, wrong),
    };
    if !fits {
        wrong.push(format!("{at}: {value} is no {}", rule["type"]));
    }
}

/// Whether a text has exactly the form `2026-11-21T12:00:00.000+00:00`.
fn is_datetime(text: &str) -> bool {
    text.len() == 29 && text.ends_with("+00:00") && Timestamp::parse(text).is_some_and(|time| time.to_string() == text)
}

//! A project's settings of an OAuth2 provider, by the provider's parameter names: changing, storing and showing them.
//!
//! The provider's record defines its parameters and where each is stored (`oauth::SettingsShape`). Secrets can be
//! written, but are never shown.

use oauth::{SettingsShape, Stored};
use serde_json::{Map, Value};

use crate::Result;
use crate::error::Error;

/// Maximum length of one setting, in characters; enough for a private key in PEM.
const MAX_TEXT: usize = 8192;

/// Maximum number of entries of a setting that is a list.
const MAX_ENTRIES: usize = 10;

/// Merges `given` into `stored`, and returns the secret to be stored. Values that are null or missing stay the same.
pub fn merge(shape: &SettingsShape, stored: &str, given: &Map<String, Value>) -> Result<String> {
    let changes = shape.parameters().into_iter().filter(|name| *name != shape.id_param);
    let mut changed = Vec::new();
    for name in changes {
        match given.get(name) {
            None | Some(Value::Null) => {}
            Some(value) => changed.push((name, checked(name, value)?)),
        }
    }
    if shape.stored == Stored::Plain {
        let secret = changed.into_iter().next().map(|(_, value)| value);
        return Ok(secret.map_or_else(
            || stored.to_owned(),
            |value| value.as_str().unwrap_or_default().to_owned(),
        ));
    }
    if changed.is_empty() {
        return Ok(stored.to_owned());
    }
    let mut object = read(shape, stored);
    for (name, value) in changed {
        if let Some(key) = shape.stored_key(name) {
            object.insert(key.to_owned(), value);
        }
    }
    Ok(Value::Object(object).to_string())
}

/// The new app ID, if one is given.
pub fn app_id(shape: &SettingsShape, given: &Map<String, Value>) -> Result<Option<String>> {
    match given.get(&shape.id_param) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let id = checked(&shape.id_param, value)?;
            Ok(Some(id.as_str().unwrap_or_default().to_owned()))
        }
    }
}

/// The settings without secrets; these, and settings that were never set, are empty.
pub fn show(shape: &SettingsShape, app_id: &str, stored: &str) -> Map<String, Value> {
    let object = match shape.stored {
        Stored::Plain => Map::new(),
        Stored::Json | Stored::PlainOrJson => read(shape, stored),
    };
    let mut view = Map::new();
    for name in shape.parameters() {
        let value = if name == shape.id_param {
            app_id.into()
        } else if is_secret(shape, name) {
            "".into()
        } else {
            let key = shape.stored_key(name).unwrap_or(name);
            object.get(key).cloned().unwrap_or_else(|| unset(shape, name, key))
        };
        view.insert(name.to_owned(), value);
    }
    view
}

/// Whether a parameter is secret. Without a declared secret all of them are (Apple's key).
fn is_secret(shape: &SettingsShape, name: &str) -> bool {
    match &shape.secret_param {
        Some(secret) => secret == name,
        None => true,
    }
}

/// Default of an unset parameter, in the type that clients expect: OpenID Connect's `prompt` is a list, `max_age` a
/// number.
fn unset(shape: &SettingsShape, name: &str, key: &str) -> Value {
    match name {
        "prompt" => Value::Array(Vec::new()),
        "maxAge" => Value::Null,
        _ => shape.defaults.get(key).map(String::as_str).unwrap_or_default().into(),
    }
}

/// The stored object, with current keys. A secret that was stored as plain text becomes the object's only entry.
fn read(shape: &SettingsShape, stored: &str) -> Map<String, Value> {
    let secret_key = shape.secret_param.as_deref().and_then(|name| shape.stored_key(name));
    match (serde_json::from_str(stored), secret_key) {
        (Ok(Value::Object(object)), _) => object
            .into_iter()
            .map(|(key, value)| (shape.aliases.get(&key).cloned().unwrap_or(key), value))
            .collect(),
        (_, Some(key)) if !stored.is_empty() => Map::from_iter([(key.to_owned(), stored.into())]),
        _ => Map::new(),
    }
}

fn checked(name: &str, value: &Value) -> Result<Value> {
    let fits = |text: &str| text.chars().count() <= MAX_TEXT && !text.contains('\0');
    match value {
        Value::String(text) if fits(text) => Ok(text.trim().into()),
        Value::Number(number) if number.is_u64() => Ok(value.clone()),
        Value::Array(entries) if entries.len() <= MAX_ENTRIES => {
            let texts = entries.iter().all(|entry| entry.as_str().is_some_and(fits));
            texts.then(|| value.clone()).ok_or_else(|| unfit(name))
        }
        _ => Err(unfit(name)),
    }
}

fn unfit(name: &str) -> Error {
    Error::SettingInvalid(format!(
        "Invalid `{name}` param: Value must be a valid string and no longer than {MAX_TEXT} chars"
    ))
}

#[cfg(test)]
mod tests {
    use oauth::Registry;
    use serde_json::json;

    use super::*;

    fn given(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).expect("an object")
    }

    #[test]
    fn null_keeps_values_and_secrets_are_not_readable() {
        let registry = Registry::builtin();
        let shape = &registry.get("keycloak").expect("keycloak").settings;
        let first =
            given(json!({"clientId": "app", "clientSecret": "s", "endpoint": "id.example.com", "realmName": "r"}));
        let stored = merge(shape, "", &first).expect("valid");
        let stored = merge(
            shape,
            &stored,
            &given(json!({"clientSecret": null, "realmName": "other"})),
        )
        .expect("valid");
        let object: Value = serde_json::from_str(&stored).expect("JSON");
        assert_eq!(
            object,
            json!({"clientSecret": "s", "keycloakDomain": "id.example.com", "keycloakRealm": "other"})
        );
        let view = Value::Object(show(shape, "app", &stored));
        assert_eq!(
            view,
            json!({"clientId": "app", "clientSecret": "", "endpoint": "id.example.com", "realmName": "other"})
        );
    }

    #[test]
    fn every_provider_takes_its_own_parameters() {
        let registry = Registry::builtin();
        for provider in registry.iter() {
            let shape = &provider.settings;
            let all = shape
                .parameters()
                .into_iter()
                .map(|name| (name.to_owned(), json!("v")))
                .collect();
            let stored = merge(shape, "", &all).expect("valid");
            assert!(!stored.is_empty(), "{}", provider.id);
            let view = show(shape, "v", &stored);
            assert_eq!(view.len(), shape.parameters().len(), "{}", provider.id);
            let secret = shape.secret_param.as_deref();
            assert!(secret.is_none_or(|secret| view[secret] == json!("")), "{}", provider.id);
        }
    }

    #[test]
    fn apples_key_is_secret_as_a_whole_and_googles_may_be_stored_alone() {
        let registry = Registry::builtin();
        let apple = &registry.get("apple").expect("apple").settings;
        let stored = merge(apple, "", &given(json!({"keyId": "k", "teamId": "t", "p8File": "p"}))).expect("valid");
        assert_eq!(
            Value::Object(show(apple, "com.example", &stored)),
            json!({"serviceId": "com.example", "keyId": "", "p8File": "", "teamId": ""})
        );
        let google = &registry.get("google").expect("google").settings;
        let stored = merge(google, "alone", &given(json!({"prompt": ["consent"]}))).expect("valid");
        let object: Value = serde_json::from_str(&stored).expect("JSON");
        assert_eq!(object, json!({"clientSecret": "alone", "prompt": ["consent"]}));
        assert!(merge(google, "", &given(json!({"prompt": {"a": 1}}))).is_err());
    }
}

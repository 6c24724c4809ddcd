//! Sample replies of each provider: `replies.json`, with placeholders in braces for values that differ by login.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Sample replies of one provider; missing fields are as in the standards.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Sample {
    /// Example of a user ID, for its format.
    pub(crate) uid: String,
    /// Non-standard parameters of the callback.
    pub(crate) callback: Map<String, Value>,
    /// Parameters of the callback if the person denies the request.
    pub(crate) denied: Map<String, Value>,
    /// Token reply.
    pub(crate) token: Option<Value>,
    /// Members of the token reply that are missing in the reply to a refresh.
    pub(crate) refresh_without: Vec<String>,
    /// Members that are added or replaced in the reply to a refresh.
    pub(crate) refresh_with: Map<String, Value>,
    /// Claims of the id_token in addition to `iss`, `aud`, `exp`, `iat` and `nonce`.
    pub(crate) id_token: Option<Value>,
    /// Replies of userinfo calls, by role.
    pub(crate) userinfo: BTreeMap<String, Value>,
    /// Error reply of the token endpoint.
    pub(crate) token_error: Option<TokenErrorSample>,
    /// Error reply for an expired or unknown access token.
    pub(crate) userinfo_error: Option<Refusal>,
}

/// Error reply of the token endpoint, with placeholders for `error` and `description`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenErrorSample {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// The provider's names of the standard error codes.
    #[serde(default)]
    pub(crate) names: BTreeMap<String, String>,
}

/// Error reply of other endpoints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Parses the embedded file.
pub(crate) fn load() -> BTreeMap<String, Sample> {
    // A test parses it too, so it is valid here.
    serde_json::from_str(include_str!("../replies.json")).unwrap_or_default()
}

/// Values of the placeholders. If a known placeholder has no value, the object member or array entry that contains it
/// is removed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Placeholders(BTreeMap<&'static str, Option<Value>>);

impl Placeholders {
    /// Sets the value of a placeholder.
    pub(crate) fn set(&mut self, name: &'static str, value: Option<Value>) {
        self.0.insert(name, value);
    }

    /// Returns a sample with its placeholders filled, or `None` if it is removed completely.
    pub(crate) fn fill(&self, sample: &Value) -> Option<Value> {
        match sample {
            Value::String(text) => self.text(text),
            Value::Object(members) => {
                let filled = |(name, value): (&String, &Value)| Some((name.clone(), self.fill(value)?));
                Some(Value::Object(members.iter().filter_map(filled).collect()))
            }
            Value::Array(entries) => Some(Value::Array(
                entries
                    .iter()
                    .filter(|entry| !self.lacks_email(entry))
                    .filter_map(|entry| self.fill(entry))
                    .collect(),
            )),
            plain => Some(plain.clone()),
        }
    }

    fn text(&self, text: &str) -> Option<Value> {
        if let Some(value) = placeholder(text).and_then(|name| self.0.get(name)) {
            return value.clone();
        }
        let mut filled = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let end = rest[open..].find('}').map_or(rest.len(), |close| open + close + 1);
            filled.push_str(&rest[..open]);
            match placeholder(&rest[open..end]).and_then(|name| self.0.get(name)) {
                Some(value) => filled.push_str(&crate::reply::plain(value.as_ref()?)),
                None => filled.push_str(&rest[open..end]),
            }
            rest = &rest[end..];
        }
        filled.push_str(rest);
        Some(filled.into())
    }

    /// Whether an array entry describes only an e-mail address that the person does not have. An entry that also
    /// contains the user ID is kept.
    fn lacks_email(&self, entry: &Value) -> bool {
        let text = entry.to_string();
        entry.is_object() && self.0.get("email") == Some(&None) && text.contains("{email}") && !text.contains("{uid")
    }
}

fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_file_can_be_read() {
        let samples: BTreeMap<String, Sample> = serde_json::from_str(include_str!("../replies.json")).unwrap();
        assert!(samples.len() > 40);
    }

    #[test]
    fn a_placeholder_without_a_value_removes_its_member() {
        let mut placeholders = Placeholders::default();
        placeholders.set("uid", Some(json!("7")));
        placeholders.set("email", None);
        let sample = json!({ "id": "{uid}", "mail": "{email}", "url": "/u/{uid}/{x}", "old": "old-{email}",
            "emails": [{ "value": "{email}", "primary": true }], "data": [{ "id": "{uid}", "email": "{email}" }] });
        assert_eq!(
            placeholders.fill(&sample).unwrap(),
            json!({ "id": "7", "url": "/u/7/{x}", "emails": [], "data": [{ "id": "7" }] })
        );
    }
}

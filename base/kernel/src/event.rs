//! Events: the action of an act, its subject, and the roles that may receive it. Event names, channels and vocabularies
//! are derived from it on delivery.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// One segment of the path to an event's subject: a noun, and the id of an instance; no id means all instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The noun in the plural, as in event names: `users`, `tables`.
    pub noun: Cow<'static, str>,
    /// The id.
    pub id: Option<String>,
}

/// An event, written to the change log in the transaction of the act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Subject: nouns and ids from the outermost inwards, in the vocabulary of tables and rows.
    pub subject: Vec<Segment>,
    /// Action: `create`, `update`, `upsert` or `delete`.
    pub action: Cow<'static, str>,
    /// The changed attribute, if not the whole subject: `name`, `mfa.recovery-codes`.
    pub attribute: Option<Cow<'static, str>>,
    /// Whether the request used the vocabulary of collections and documents, which the payload then uses too.
    pub legacy: bool,
    /// The subject after the act (before it, for a deletion), in the JSON of the API's replies.
    pub payload: Payload,
    /// Id of the actor; none for the server itself.
    pub actor: Option<String>,
    /// The roles that may receive it, as a JSON list; none if they follow from the subject.
    pub readers: Option<String>,
}

/// Nouns with two names: the current one, and the one of collections and documents.
const VOCABULARIES: [(&str, &str); 3] = [
    ("tables", "collections"),
    ("rows", "documents"),
    ("columns", "attributes"),
];

/// The name of a noun in the vocabulary of collections and documents.
pub fn legacy_noun(noun: &str) -> &str {
    let pair = VOCABULARIES.iter().find(|(today, _)| *today == noun);
    pair.map_or(noun, |(_, legacy)| legacy)
}

impl Event {
    /// An event about a subject, given as nouns and ids from the outermost inwards.
    pub fn new<'i>(
        subject: impl IntoIterator<Item = (&'static str, &'i str)>,
        action: &'static str,
        payload: impl Into<Payload>,
    ) -> Self {
        let segment = |(noun, id): (&'static str, &str)| Segment {
            noun: Cow::Borrowed(noun),
            id: Some(id.to_owned()),
        };
        Self {
            subject: subject.into_iter().map(segment).collect(),
            action: Cow::Borrowed(action),
            attribute: None,
            legacy: false,
            payload: payload.into(),
            actor: None,
            readers: None,
        }
    }

    /// Its name in the vocabulary of the request: `users.<id>.sessions.<id>.create`.
    pub fn name(&self) -> String {
        self.name_in(self.legacy)
    }

    /// Its name in either vocabulary.
    pub fn name_in(&self, legacy: bool) -> String {
        let mut name = String::with_capacity(96);
        for Segment { noun, id } in &self.subject {
            name.push_str(if legacy { legacy_noun(noun) } else { noun });
            name.push('.');
            if let Some(id) = id {
                name.push_str(id);
                name.push('.');
            }
        }
        name.push_str(&self.action);
        if let Some(attribute) = &self.attribute {
            name.push('.');
            name.push_str(attribute);
        }
        name
    }
}

/// Pattern of an event that an endpoint declares: `users.[userId].update.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Nouns, each with the name of the parameter with its id.
    segments: Vec<(&'static str, Option<&'static str>)>,
    action: &'static str,
    attribute: Option<&'static str>,
    legacy: bool,
}

const ACTIONS: [&str; 5] = ["create", "update", "upsert", "delete", "ping"];

impl Pattern {
    /// Parses a pattern: nouns and `[placeholders]`, an action, an optional attribute. None if it is invalid.
    pub fn parse(text: &'static str) -> Option<Self> {
        let mut segments = Vec::new();
        let mut legacy = false;
        let mut rest = text;
        loop {
            let (word, after) = rest.split_once('.').unwrap_or((rest, ""));
            if let Some(action) = ACTIONS.iter().find(|action| **action == word) {
                return Some(Self {
                    segments,
                    action,
                    attribute: Some(after).filter(|after| !after.is_empty()),
                    legacy,
                });
            }
            let today = VOCABULARIES.iter().find(|(_, legacy)| *legacy == word);
            legacy |= today.is_some();
            let noun = today.map_or(word, |(today, _)| today);
            match after.strip_prefix('[').and_then(|after| after.split_once(']')) {
                Some((parameter, after)) => {
                    segments.push((noun, Some(parameter)));
                    rest = after.strip_prefix('.')?;
                }
                None if after.is_empty() || word.is_empty() || word.contains(['[', ']']) => return None,
                None => {
                    segments.push((noun, None));
                    rest = after;
                }
            }
        }
    }

    /// The event of this pattern, with ids from parameters. A missing parameter stays a placeholder, which a test of
    /// all endpoints' events detects.
    pub fn event(&self, subjects: &[(&str, &str)], payload: Payload, actor: Option<String>) -> Event {
        let id_of = |parameter: &str| {
            let found = subjects.iter().find(|(name, _)| *name == parameter);
            found.map_or_else(|| format!("[{parameter}]"), |(_, id)| (*id).to_owned())
        };
        let segment = |(noun, parameter): &(&'static str, Option<&'static str>)| Segment {
            noun: Cow::Borrowed(noun),
            id: parameter.map(id_of),
        };
        Event {
            subject: self.segments.iter().map(segment).collect(),
            action: Cow::Borrowed(self.action),
            attribute: self.attribute.map(Cow::Borrowed),
            legacy: self.legacy,
            payload,
            actor,
            readers: None,
        }
    }
}

/// Serialized JSON: written once for the reply and passed on without parsing.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(Box<str>);

impl Payload {
    /// Wraps a text that must be valid JSON.
    pub fn written(json: impl Into<Box<str>>) -> Self {
        Self(json.into())
    }

    /// The JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parsed JSON.
    pub fn tree(&self) -> serde_json::Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<serde_json::Value> for Payload {
    fn from(tree: serde_json::Value) -> Self {
        Self(tree.to_string().into())
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|raw| Self(raw.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(pattern: &'static str, subjects: &[(&str, &str)], legacy: bool) -> String {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        let event = pattern.event(subjects, serde_json::Value::Null.into(), None);
        event.name_in(legacy)
    }

    #[test]
    fn a_pattern_gives_names_in_both_vocabularies() {
        let ids = [("databaseId", "d.1"), ("collectionId", "c"), ("documentId", "x")];
        let pattern = "databases.[databaseId].collections.[collectionId].documents.[documentId].update";
        assert_eq!(
            name(pattern, &ids, true),
            "databases.d.1.collections.c.documents.x.update"
        );
        assert_eq!(name(pattern, &ids, false), "databases.d.1.tables.c.rows.x.update");
        let user = [("userId", "ada")];
        for (pattern, expected) in [
            (
                "users.[userId].update.mfa.recovery-codes",
                "users.ada.update.mfa.recovery-codes",
            ),
            ("users.[userId].sessions.delete", "users.ada.sessions.delete"),
            ("users.[userId].create", "users.ada.create"),
        ] {
            assert_eq!(name(pattern, &user, false), expected);
        }
        assert_eq!(name("users.[userId].create", &[], false), "users.[userId].create");
        for nonsense in ["", "users", "users.[userId]", "users.[userId.create", "users..x"] {
            assert_eq!(Pattern::parse(nonsense), None, "{nonsense}");
        }
    }
}

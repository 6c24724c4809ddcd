//! Events: what an act did, to what, and who may be told. The names, channels and vocabularies that subscribers know are
//! made of this where an event is delivered.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// One step on the way to what an event is about: a noun, and the id of one of its kind; no id means all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The noun in the plural, as names of events have it: `users`, `tables`.
    pub noun: Cow<'static, str>,
    /// The id.
    pub id: Option<String>,
}

/// One thing that happened, written to the change log in the transaction that made it happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Subject: nouns and ids from the outermost inwards, in the vocabulary of tables and rows.
    pub subject: Vec<Segment>,
    /// Action: `create`, `update`, `upsert` or `delete`.
    pub action: Cow<'static, str>,
    /// The part that it was done to, where it is not the whole: `name`, `mfa.recovery-codes`.
    pub attribute: Option<Cow<'static, str>>,
    /// Whether it was asked for in the vocabulary of collections and documents, which its payload has then.
    pub legacy: bool,
    /// The thing as it is after the act (as it was, for a deletion), in the shape that leaves the server.
    pub payload: Payload,
    /// The id of who did it; none for the server itself.
    pub actor: Option<String>,
    /// The roles that may be told, as a JSON list; none where the subject alone says who they are.
    pub readers: Option<String>,
}

/// The nouns that have two names: today's, and the one of collections and documents.
const VOCABULARIES: [(&str, &str); 3] = [
    ("tables", "collections"),
    ("rows", "documents"),
    ("columns", "attributes"),
];

/// A noun as the vocabulary of collections and documents has it.
pub fn legacy_noun(noun: &str) -> &str {
    let pair = VOCABULARIES.iter().find(|(today, _)| *today == noun);
    pair.map_or(noun, |(_, legacy)| legacy)
}

impl Event {
    /// Something that was done to a thing, named by nouns and ids from the outermost inwards.
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

    /// Its name in the vocabulary that it was asked for in: `users.<id>.sessions.<id>.create`.
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

/// The form of an event that an endpoint declares: `users.[userId].update.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Nouns, each with the name of the parameter that holds its id.
    segments: Vec<(&'static str, Option<&'static str>)>,
    action: &'static str,
    attribute: Option<&'static str>,
    legacy: bool,
}

const ACTIONS: [&str; 4] = ["create", "update", "upsert", "delete"];

impl Pattern {
    /// Reads a pattern: nouns and `[placeholders]`, an action, perhaps an attribute. None where it is no such thing.
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

    /// The event of this form about the things that parameters name. One that nobody names stays a placeholder, which a test
    /// of every endpoint's events notices.
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

/// JSON that is written already: it is made once, for the answer, and passed on without being read.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(Box<str>);

impl Payload {
    /// Takes what is known to be JSON.
    pub fn written(json: impl Into<Box<str>>) -> Self {
        Self(json.into())
    }

    /// The JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The JSON as a tree.
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

//! Evaluation of expressions and conditions on the provider's replies.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Condition, Expr, Filter, FilterValue, Is, Path, Source, Step, Term, Test};

/// Maximum number of matches of a path.
const MAX_MATCHES: usize = 1000;

/// Replies of a provider in one sign-in.
#[derive(Default)]
pub struct Documents {
    replies: BTreeMap<String, Value>,
    form: BTreeMap<String, Value>,
}

/// Prints names only: replies contain tokens and personal data.
impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.replies.keys()).finish()
    }
}

impl Documents {
    /// Adds a reply under its role, including `token` and `id_token`.
    pub fn add(&mut self, role: &str, reply: Value) {
        self.replies.insert(role.to_owned(), reply);
    }

    /// Adds a parameter of the callback. A value that is not a JSON object is stored as text.
    pub fn add_form(&mut self, name: &str, value: &str) {
        let value = match serde_json::from_str(value) {
            Ok(object @ Value::Object(_)) => object,
            _ => Value::String(value.to_owned()),
        };
        self.form.insert(name.to_owned(), value);
    }

    /// One reply.
    pub fn reply(&self, role: &str) -> Option<&Value> {
        self.replies.get(role)
    }

    fn root(&self, source: &Source) -> Option<&Value> {
        match source {
            Source::Profile => self.reply("userinfo").or_else(|| self.reply("id_token")),
            Source::Reply(role) => self.reply(role),
            Source::Form(name) => self.form.get(name),
        }
    }
}

impl Expr {
    /// The text, or none if no alternative has a value. `email` is the address already read, for filters.
    pub fn eval(&self, documents: &Documents, email: Option<&str>) -> Option<String> {
        self.alternatives.iter().find_map(|terms| {
            let mut text = String::new();
            let mut found = false;
            for term in terms {
                match term {
                    Term::Text(literal) => text.push_str(literal),
                    Term::Path(path) => {
                        if let Some(part) = path.texts(documents, email).next() {
                            found = true;
                            text.push_str(&part);
                        }
                    }
                }
            }
            let text = text.trim();
            (found && !text.is_empty()).then(|| text.to_owned())
        })
    }
}

impl Condition {
    /// Whether the condition is true for this address.
    pub fn eval(&self, documents: &Documents, email: Option<&str>) -> bool {
        self.alternatives
            .iter()
            .any(|tests| tests.iter().all(|test| test.eval(documents, email)))
    }
}

impl Test {
    fn eval(&self, documents: &Documents, email: Option<&str>) -> bool {
        let Self::Path(path, is) = self else { return true };
        let mut values = path.values(documents, email).into_iter();
        match is {
            Is::Value(expected) => values.any(|value| same(value, expected)),
            Is::Not(unwanted) => values.len() > 0 && !values.any(|value| same(value, unwanted)),
            Is::Email => values.any(|value| is_address(value, email)),
            Is::IncludesEmail => values.any(|value| entries(value).any(|entry| is_address(entry, email))),
            Is::Includes(text) => values.any(|value| entries(value).any(|entry| entry.as_str() == Some(text))),
            Is::Present => values.any(|value| !value.as_str().is_some_and(str::is_empty)),
            Is::Missing => values.next().is_none(),
        }
    }
}

impl Path {
    fn texts<'a>(&'a self, documents: &'a Documents, email: Option<&'a str>) -> impl Iterator<Item = String> + 'a {
        self.values(documents, email).into_iter().filter_map(|value| {
            let text = text(value)?;
            let text = match &self.before {
                Some(mark) => text
                    .split_once(mark.as_str())
                    .map_or(text.as_str(), |(before, _)| before)
                    .to_owned(),
                None => text,
            };
            Some(text).filter(|text| !text.is_empty())
        })
    }

    /// All values at the path except null.
    fn values<'a>(&'a self, documents: &'a Documents, email: Option<&str>) -> Vec<&'a Value> {
        let Some(root) = documents.root(&self.source) else {
            return Vec::new();
        };
        walk(root, root, &self.steps, email)
    }
}

pub(super) fn walk<'a>(root: &'a Value, start: &'a Value, steps: &[Step], email: Option<&str>) -> Vec<&'a Value> {
    let mut current = vec![start];
    for step in steps {
        let mut next = Vec::new();
        for value in current {
            match step {
                Step::Key(key) => next.extend(child(value, key)),
                Step::Each(filters) => next.extend(
                    entries(value)
                        .filter(|entry| filters.iter().all(|filter| filter.admits(root, entry, email)))
                        .take(MAX_MATCHES),
                ),
            }
        }
        next.truncate(MAX_MATCHES);
        current = next;
    }
    current.retain(|value| !value.is_null());
    current
}

fn child<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object.get(key),
        Value::Array(array) => array.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The entries of an array. Any other value counts as an array of one entry, since some providers unwrap a list with a
/// single entry.
fn entries(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(array) => array.iter(),
        other => std::slice::from_ref(other).iter(),
    }
}

impl Filter {
    fn admits(&self, root: &Value, entry: &Value, email: Option<&str>) -> bool {
        let Some(value) = child(entry, &self.key) else {
            return false;
        };
        match &self.expected {
            FilterValue::True => value == &Value::Bool(true),
            FilterValue::Text(text) => value.as_str() == Some(text),
            FilterValue::Email => is_address(value, email),
            FilterValue::Pointer(steps) => walk(root, root, steps, None).contains(&value),
        }
    }
}

/// Compares JSON values, numbers by value: `1` equals `1.0`, and neither equals `true` or `"1"`.
fn same(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => value == expected,
    }
}

fn is_address(value: &Value, email: Option<&str>) -> bool {
    matches!((value.as_str(), email), (Some(value), Some(email)) if value.trim().eq_ignore_ascii_case(email))
}

/// A string or an integer as text. Floating-point numbers are rejected, since a rounded number must not become a user's
/// id.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) if number.is_u64() || number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

//! Inverse evaluation of expressions: builds replies from which a record reads a given profile. With it, the
//! development identity provider imitates any provider, including those defined by an operator.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Condition, Documents, Expr, Filter, FilterValue, Is, Path, Source, Step, Term, Test};
use crate::provider::Provider;
use crate::tokens::Profile;

/// Imitated replies of a provider about a user, containing the values that its record reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imitation {
    /// The replies of the userinfo calls by role, the claims of the id_token as `id_token`, and fields of the token reply
    /// as `token`.
    pub replies: BTreeMap<String, Value>,
    /// Parameters of the callback whose values are JSON objects (Apple's `user`).
    pub form: BTreeMap<String, Value>,
    /// Default source of a path.
    profile: String,
    email: String,
}

impl Provider {
    /// Replies from which this record reads the profile. Values that the provider cannot return are missing:
    /// [`Provider::read`] returns the resulting profile.
    pub fn imitate(&self, user: &Profile) -> Imitation {
        let profile = if self.userinfo.is_empty() {
            "id_token"
        } else {
            "userinfo"
        };
        let email = user.email.clone().unwrap_or_default();
        let mut imitation = Imitation {
            profile: profile.into(),
            email: email.clone(),
            ..Imitation::default()
        };
        for call in &self.userinfo {
            imitation.replies.insert(call.role.clone(), json!({}));
        }
        imitation.text(&self.uid, &user.uid);
        if let (Some(expr), false) = (&self.email, email.is_empty()) {
            imitation.text(expr, &email);
        }
        if let (Some(expr), Some(name)) = (&self.display_name, &user.name) {
            imitation.text(expr, name);
        }
        if let Some(condition) = &self.email_verified {
            imitation.truth(condition, user.email_verified && !email.is_empty());
        }
        if let Some(condition) = &self.refuse {
            imitation.truth(condition, false);
        }
        imitation
    }

    /// Profile that the record reads from an imitation, without a request.
    pub fn read(&self, imitation: &Imitation) -> Option<Profile> {
        let mut documents = Documents::default();
        for (role, reply) in &imitation.replies {
            documents.add(role, reply.clone());
        }
        for (name, value) in &imitation.form {
            documents.add_form(name, &value.to_string());
        }
        crate::profile::read(self, &documents).ok()
    }
}

impl Imitation {
    /// Writes a text to the first path that the expression reads. A name of two parts is split at its first space.
    fn text(&mut self, expr: &Expr, text: &str) {
        let Some(terms) = expr.alternatives.first() else { return };
        let paths: Vec<&Path> = terms
            .iter()
            .filter_map(|term| if let Term::Path(path) = term { Some(path) } else { None })
            .collect();
        let (first, rest) = match paths.len() {
            0 | 1 => (text, ""),
            _ => text.split_once(' ').unwrap_or((text, "")),
        };
        for (path, part) in paths.into_iter().zip([first, rest]) {
            let mark = path
                .before
                .as_deref()
                .map(|mark| format!("{mark}development"))
                .unwrap_or_default();
            self.write(path, format!("{part}{mark}").into());
        }
    }

    /// Writes values that make the first alternative of the condition true, or all alternatives false.
    fn truth(&mut self, condition: &Condition, truth: bool) {
        let alternatives = if truth { 1 } else { condition.alternatives.len() };
        for test in condition.alternatives.iter().take(alternatives).flatten() {
            let Test::Path(path, is) = test else { continue };
            let email = Value::String(self.email.clone());
            let value = match (is, truth) {
                (Is::Value(value), true) | (Is::Not(value), false) => value.clone(),
                (Is::Value(Value::Bool(value)), false) => Value::Bool(!value),
                (Is::Email, true) => email,
                (Is::IncludesEmail, true) => json!([email]),
                (Is::Includes(text), true) => json!([text]),
                (Is::Present, true) | (Is::Not(_), true) => "2020-01-01T00:00:00Z".into(),
                (Is::Missing, false) => Value::Bool(false),
                // A null value makes all of these false.
                _ => Value::Null,
            };
            // `is present` does not overwrite a value already written by an expression, such as the address.
            let written = self
                .root(&path.source)
                .is_some_and(|root| !super::eval::walk(root, root, &path.steps, Some(&self.email)).is_empty());
            if !(matches!(is, Is::Present) && truth && written) {
                self.write(path, value);
            }
        }
    }

    fn root(&self, source: &Source) -> Option<&Value> {
        match source {
            Source::Profile => self.replies.get(&self.profile),
            Source::Reply(role) => self.replies.get(role),
            Source::Form(name) => self.form.get(name),
        }
    }

    fn write(&mut self, path: &Path, value: Value) {
        let email = self.email.clone();
        let root = match &path.source {
            Source::Profile => self.replies.entry(self.profile.clone()).or_default(),
            Source::Reply(role) => self.replies.entry(role.clone()).or_default(),
            Source::Form(name) => self.form.entry(name.clone()).or_default(),
        };
        put(root, &path.steps, value, &email);
    }
}

fn put(target: &mut Value, steps: &[Step], value: Value, email: &str) {
    let Some((step, rest)) = steps.split_first() else {
        *target = value;
        return;
    };
    match step {
        // An integer key is an array index.
        Step::Key(key) if key.parse::<usize>().is_ok() && !target.is_object() => {
            let index = key.parse().unwrap_or(0);
            put(entry(target, index), rest, value, email);
        }
        Step::Key(key) => {
            if !target.is_object() {
                *target = Value::Object(Map::new());
            }
            put(&mut target[key.as_str()], rest, value, email);
        }
        Step::Each(filters) => {
            let first = entry(target, 0);
            for Filter { key, expected } in filters {
                let fitting = match expected {
                    FilterValue::True => Value::Bool(true),
                    FilterValue::Text(text) => text.as_str().into(),
                    FilterValue::Email | FilterValue::Pointer(_) => email.into(),
                };
                put(first, &[Step::Key(key.clone())], fitting, email);
            }
            put(first, rest, value, email);
        }
    }
}

fn entry(target: &mut Value, index: usize) -> &mut Value {
    if !target.is_array() {
        *target = Value::Array(Vec::new());
    }
    // Limits the index, which the record sets, to bound the size of the array.
    let index = index.min(100);
    match target {
        Value::Array(entries) => {
            while entries.len() <= index {
                entries.push(Value::Null);
            }
            &mut entries[index]
        }
        other => other,
    }
}

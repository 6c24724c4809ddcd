//! Parsing and validation of the texts of a record; errors contain the key.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::expression::{Condition, Expr};
use crate::template::Template;

pub(crate) type Texts = BTreeMap<String, String>;

/// A violated rule of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) key: String,
    pub(crate) rule: String,
}

pub(crate) fn problem(key: &str, rule: impl Into<String>) -> Problem {
    Problem {
        key: key.to_owned(),
        rule: rule.into(),
    }
}

/// A text, or a list, which is equivalent to the texts joined by `or`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    One(String),
    Many(Vec<String>),
}

/// Parses texts of one record; knows the allowed template variables.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) names: Vec<String>,
    pub(crate) roles: Vec<String>,
    /// Parameters of the callback with arbitrary values, which must not determine the host that receives a secret.
    pub(crate) unrestricted_params: Vec<String>,
}

impl Reader {
    pub(crate) fn template(&self, key: &str, text: &str) -> Result<Template, Problem> {
        let template = Template::parse(text).map_err(|rule| problem(key, rule))?;
        for name in template.names() {
            if !self.names.iter().any(|known| known == name) {
                let known = self.names.join(", ");
                return Err(problem(
                    key,
                    format!("`{{{name}}}` is neither a setting nor one of {known}"),
                ));
            }
        }
        for source in template.exprs().flat_map(Expr::sources) {
            self.known_role(key, source)?;
        }
        Ok(template)
    }

    pub(crate) fn templates(&self, key: &str, texts: &Texts) -> Result<BTreeMap<String, Template>, Problem> {
        let read =
            |(name, text): (&String, &String)| Ok((name.clone(), self.template(&format!("{key}.{name}"), text)?));
        texts.iter().map(read).collect()
    }

    /// Parses a URL; none if the text is empty, `discovery` or `from discovery`.
    pub(crate) fn url(&self, key: &str, text: &str) -> Result<Option<Template>, Problem> {
        if matches!(text, "" | "discovery" | "from discovery") {
            return Ok(None);
        }
        let template = self.template(key, text)?;
        if let Some(name) = template.names().find(|name| {
            self.unrestricted_params
                .iter()
                .any(|unrestricted_params| unrestricted_params == name)
        }) {
            return Err(problem(
                key,
                format!("takes `{{{name}}}` from the callback, which needs an `allow` list for that"),
            ));
        }
        if !text.starts_with("https://") && !text.starts_with("http://") && !text.starts_with('{') {
            return Err(problem(
                key,
                "must begin with https://, or with a setting in braces that does",
            ));
        }
        Ok(Some(template))
    }

    pub(crate) fn known_role(&self, key: &str, role: &str) -> Result<(), Problem> {
        if self.roles.iter().any(|known| known == role) {
            Ok(())
        } else {
            Err(problem(
                key,
                format!("`{role}:` names no userinfo call; known are {}", self.roles.join(", ")),
            ))
        }
    }

    pub(crate) fn expr(&self, key: &str, text: Option<Text>, usual: &str) -> Result<Option<Expr>, Problem> {
        let text = joined(text, usual);
        if text.is_empty() {
            return Ok(None);
        }
        let expr = Expr::parse(&text).map_err(|rule| problem(key, rule))?;
        expr.sources().try_for_each(|role| self.known_role(key, role))?;
        Ok(Some(expr))
    }

    pub(crate) fn condition(&self, key: &str, text: Option<Text>, usual: &str) -> Result<Option<Condition>, Problem> {
        let text = joined(text, usual);
        if text.is_empty() {
            return Ok(None);
        }
        let condition = Condition::parse(&text).map_err(|rule| problem(key, rule))?;
        condition.sources().try_for_each(|role| self.known_role(key, role))?;
        Ok(Some(condition))
    }
}

pub(crate) fn joined(text: Option<Text>, usual: &str) -> String {
    match text {
        None => usual.to_owned(),
        Some(Text::One(text)) => text,
        Some(Text::Many(texts)) => texts.join(" or "),
    }
}

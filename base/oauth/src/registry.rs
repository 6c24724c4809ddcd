//! All providers: the built-in ones, and changes and additions of an operator's files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use toml::{Table, Value};

use crate::provider::Provider;
use crate::reader::Problem;
use crate::record::Record;

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// Tables of a built-in record that are merged key by key; every other key is replaced as a whole.
const MERGED: [&str; 5] = ["settings", "tenant", "native", "probe", "client_jwt"];

/// An unusable file, and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file or folder cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The path.
        file: String,
        /// Error of the operating system.
        reason: String,
    },
    /// It is not valid TOML.
    #[error("{file}: {reason}")]
    Syntax {
        /// The path.
        file: String,
        /// Error of the parser, with line and column.
        reason: String,
    },
    /// A record breaks a rule.
    #[error("{file}: provider `{provider}`: `{key}` {rule}")]
    Rule {
        /// The path.
        file: String,
        /// The provider's id.
        provider: String,
        /// The key.
        key: String,
        /// The rule.
        rule: String,
    },
}

type Providers = BTreeMap<String, Arc<Provider>>;

/// The providers by id. Clones share them. The built-in ones are parsed on first use, so that a server without OAuth
/// sign-ins does not pay for them.
#[derive(Debug, Clone)]
pub struct Registry(Option<Arc<Providers>>);

impl Registry {
    /// The built-in providers.
    pub fn builtin() -> Self {
        Self(None)
    }

    fn providers(&self) -> &Providers {
        static BUILTIN: OnceLock<Providers> = OnceLock::new();
        match &self.0 {
            Some(own) => own,
            // Errors are ignored here, because a test parses every built-in file.
            None => BUILTIN.get_or_init(|| {
                let providers = builtin_tables().filter_map(|(file, table)| provider(file, table).ok());
                providers
                    .map(|provider| (provider.id.clone(), Arc::new(provider)))
                    .collect()
            }),
        }
    }

    /// The built-in providers, changed by a file, or by every `*.toml` of a folder in the order of their names.
    pub fn load(path: Option<&Path>) -> Result<Self, LoadError> {
        let Some(path) = path else { return Ok(Self::builtin()) };
        let mut changes = Vec::new();
        for file in files(path)? {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(&file).map_err(|error| LoadError::Unreadable {
                file: name.clone(),
                reason: error.to_string(),
            })?;
            changes.push((name, text));
        }
        Self::merged(&changes)
    }

    /// The built-in providers, changed by these texts; each has a name for error messages.
    pub fn merged(changes: &[(String, String)]) -> Result<Self, LoadError> {
        let mut providers = Self::builtin().providers().clone();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (file, text) in changes {
            for table in tables(file, text)? {
                let id = table.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                if let Some(other) = seen.insert(id.clone(), file) {
                    let rule = format!("is given twice, here and in {other}");
                    return Err(LoadError::Rule {
                        file: file.clone(),
                        provider: id,
                        key: "id".into(),
                        rule,
                    });
                }
                let base = FILES.iter().find(|(name, _)| *name == id).and_then(parse);
                let table = base.map_or_else(|| table.clone(), |(_, base)| merge(base, table.clone()));
                let provider = provider(file, table)?;
                providers.insert(id, Arc::new(provider));
            }
        }
        Ok(Self(Some(Arc::new(providers))))
    }

    /// The provider with this id; ids are case-sensitive.
    pub fn get(&self, id: &str) -> Option<&Arc<Provider>> {
        self.providers().get(id)
    }

    /// All providers, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.providers().values()
    }

    /// Whether a provider is built in, changed or not.
    pub fn is_builtin(id: &str) -> bool {
        FILES.iter().any(|(name, _)| *name == id)
    }
}

fn builtin_tables() -> impl Iterator<Item = (&'static str, Table)> {
    FILES.iter().filter_map(parse)
}

fn parse((name, text): &(&'static str, &str)) -> Option<(&'static str, Table)> {
    Some((*name, text.parse().ok()?))
}

fn files(path: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |error: std::io::Error| LoadError::Unreadable {
        file: path.display().to_string(),
        reason: error.to_string(),
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|extension| extension == "toml") && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The records of a file: one at the top level, or any number of `[[provider]]`.
fn tables(file: &str, text: &str) -> Result<Vec<Table>, LoadError> {
    let syntax = |reason: String| LoadError::Syntax {
        file: file.to_owned(),
        reason,
    };
    let mut top: Table = text
        .parse()
        .map_err(|error: toml::de::Error| syntax(error.to_string().trim_end().to_owned()))?;
    // Version of the format; only version 1 exists.
    let schema = top.remove("schema");
    if schema.is_some_and(|schema| schema.as_integer() != Some(1)) {
        return Err(syntax("`schema` must be 1".into()));
    }
    let records = match top.remove("provider") {
        None => vec![Value::Table(top)],
        Some(Value::Array(records)) if top.is_empty() => records,
        Some(Value::Array(_)) => {
            let stray = top.keys().next().cloned().unwrap_or_default();
            return Err(syntax(format!("`{stray}` stands outside of every [[provider]]")));
        }
        Some(_) => return Err(syntax("`provider` must be written as [[provider]]".into())),
    };
    records
        .into_iter()
        .map(|record| match record {
            Value::Table(table) if table.contains_key("id") => Ok(table),
            _ => Err(syntax("a record has no `id`".into())),
        })
        .collect()
}

fn provider(file: &str, table: Table) -> Result<Provider, LoadError> {
    let id = table.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let rule = |Problem { key, rule }| LoadError::Rule {
        file: file.to_owned(),
        provider: id.clone(),
        key,
        rule,
    };
    let record: Record = table
        .try_into()
        .map_err(|error: toml::de::Error| rule(explain(&error)))?;
    record.into_provider().map_err(rule)
}

/// Splits the parser's message into key and rule; its last line is ``in `settings.stored` ``.
fn explain(error: &toml::de::Error) -> Problem {
    let text = error.to_string();
    let mut lines = text.lines();
    let rule = lines.next().unwrap_or_default().trim().to_owned();
    let location = lines.find_map(|line| line.trim().strip_prefix("in `")?.strip_suffix('`').map(str::to_owned));
    if let Some((_, rest)) = rule.split_once("unknown field `")
        && let Some((field, known)) = rest.split_once('`')
    {
        let key = location.map_or_else(|| field.to_owned(), |location| format!("{location}.{field}"));
        return Problem {
            key,
            rule: format!("is no key of a provider's record{}", known.replace(", `_", "")),
        };
    }
    Problem {
        key: location.unwrap_or_default(),
        rule: format!("is wrong: {rule}"),
    }
}

/// Merges a user's record into a built-in one.
fn merge(mut base: Table, changes: Table) -> Table {
    for (key, value) in changes {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) if MERGED.contains(&key.as_str()) => old.extend(new),
            (Some(Value::Array(old)), Value::Array(new)) if key == "userinfo" => merge_calls(old, new),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
    base
}

/// Calls are matched by `role`; one with a new role is appended.
fn merge_calls(old: &mut Vec<Value>, new: Vec<Value>) {
    let role = |call: &Value| {
        call.get("role")
            .and_then(Value::as_str)
            .unwrap_or("userinfo")
            .to_owned()
    };
    for call in new {
        match (old.iter_mut().find(|known| role(known) == role(&call)), call) {
            (Some(Value::Table(known)), Value::Table(call)) => known.extend(call),
            (_, call) => old.push(call),
        }
    }
}

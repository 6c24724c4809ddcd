//! Facts about Appwrite's API; `facts/README.md` names their source.

use std::collections::BTreeSet;

/// One SDK method as Appwrite declares it.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) id: String,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) aliases: BTreeSet<&'static str>,
    pub(crate) scopes: BTreeSet<&'static str>,
    /// Rate limits, formatted as `10 in 3600 s by KEY`.
    pub(crate) limits: BTreeSet<String>,
    pub(crate) event: Option<String>,
    /// Label, and resource path without ids: `database/table`. Unknown for endpoints that only the OpenAPI documents
    /// list; those have no status either.
    pub(crate) audit: Option<(&'static str, String)>,
    pub(crate) model: Option<&'static str>,
    pub(crate) status: Option<u16>,
}

/// All facts about endpoints.
pub(crate) fn endpoints() -> Vec<Fact> {
    let mut lines = include_str!("../facts/endpoints.tsv").lines();
    let names: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let target = |name: &str| names.iter().position(|own| *own == name).expect("a column");
    let columns = [
        "service",
        "sdk_method",
        "method",
        "path",
        "aliases",
        "scopes",
        "rate_limit",
        "rate_seconds",
    ];
    let first = columns.map(target);
    let last = ["rate_key", "event", "audit", "audit_resource", "model", "wire_status"].map(target);
    lines
        .map(|line| {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let [service, name, method, path, aliases, scopes, calls, seconds] = first.map(|at| cells[at]);
            let [key, event, audit, resource, model, status] = last.map(|at| cells[at]);
            let keys = key.split(';').map(str::trim).filter(|key| !key.is_empty());
            Fact {
                id: if name.is_empty() {
                    String::new()
                } else {
                    format!("{service}.{name}")
                },
                method,
                path,
                aliases: list(aliases),
                scopes: list(scopes),
                limits: keys.map(|key| format!("{calls} in {seconds} s by {key}")).collect(),
                event: event_of(service, event),
                audit: (!audit.is_empty()).then(|| (audit, kinds(resource))),
                model: Some(model).filter(|model| !model.is_empty() && *model != "none"),
                status: status.parse().ok(),
            }
        })
        .collect()
}

fn list(cell: &'static str) -> BTreeSet<&'static str> {
    cell.split([',', ' ']).filter(|item| !item.is_empty()).collect()
}

/// The event of an endpoint. An event emitted by a handler is marked with `code:`; it is used if there is no label, in
/// the vocabulary of the service.
fn event_of(service: &str, cell: &str) -> Option<String> {
    let label = cell
        .split([',', ' '])
        .find(|event| !event.is_empty() && !event.starts_with("code:"));
    let Some(on_its_way) = cell
        .strip_prefix("code:")
        .filter(|event| event.starts_with("databases."))
    else {
        return label.map(str::to_owned);
    };
    let vocabulary = [("collection", "table"), ("document", "row"), ("attribute", "column")];
    let summary = vocabulary
        .iter()
        .fold(on_its_way.to_owned(), |event, (theirs, ours)| match service {
            "tablesDB" => event.replace(theirs, ours),
            _ => event,
        });
    Some(summary)
}

/// The path of a resource without its ids.
pub(crate) fn kinds(resource: &str) -> String {
    let kinds: Vec<&str> = resource.split('/').step_by(2).collect();
    kinds.join("/")
}

/// One parameter of an endpoint as Appwrite declares it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    /// Rule of the parameter: `Text(max 128)`, `integer 0..2000`, `one of [a, b]`, `array<…>(max 100)`.
    pub(crate) rule: &'static str,
}

/// All facts about parameters.
pub(crate) fn parameters() -> Vec<Parameter> {
    let lines = include_str!("../facts/parameters.tsv").lines().skip(1);
    lines
        .map(|line| {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let [method, path, name, required, rule] = cells[..] else {
                panic!("five cells in {line}");
            };
            Parameter {
                method,
                path,
                name,
                required: required == "yes",
                rule,
            }
        })
        .collect()
}

impl Parameter {
    /// Maximum length of a text, in characters.
    pub(crate) fn longest(&self) -> Option<&'static str> {
        let inner = self.rule.strip_prefix("Text(max ")?;
        inner.split([',', ')']).next()
    }

    /// Minimum and maximum of a number.
    pub(crate) fn bounds(&self) -> Option<(String, String)> {
        let range = self
            .rule
            .strip_prefix("integer ")
            .or_else(|| self.rule.strip_prefix("double "))?;
        let (least, most) = range.split('|').next()?.split_once("..")?;
        let number = |text: &str| text.parse::<f64>().ok().map(|number| number.to_string());
        Some((number(least)?, number(most)?))
    }

    /// Allowed values of the parameter, or of the items of a list.
    pub(crate) fn choices(&self) -> Option<impl Iterator<Item = &'static str>> {
        let rule = self.rule.strip_prefix("array<").unwrap_or(self.rule);
        let (vocabulary, _) = rule.strip_prefix("one of [")?.split_once(']')?;
        Some(vocabulary.split(", "))
    }

    /// Maximum number of items of a list.
    pub(crate) fn most_items(&self) -> Option<&'static str> {
        let (_, most) = self.rule.strip_prefix("array<")?.rsplit_once(">(max ")?;
        most.split(')').next()
    }
}

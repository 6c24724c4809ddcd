//! What Appwrite's API is; `facts/README.md` says where it comes from.

use std::collections::BTreeSet;

/// One method of an SDK, as Appwrite has it.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) id: String,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) aliases: BTreeSet<&'static str>,
    pub(crate) scopes: BTreeSet<&'static str>,
    /// Calls, seconds, key.
    pub(crate) limits: BTreeSet<String>,
    pub(crate) event: Option<&'static str>,
    /// The label, and what stands before the id of the resource.
    pub(crate) audit: Option<(&'static str, &'static str)>,
    pub(crate) model: Option<&'static str>,
    pub(crate) status: Option<u16>,
}

/// Every fact about our services.
pub(crate) fn endpoints() -> Vec<Fact> {
    let mut lines = include_str!("../facts/endpoints.tsv").lines();
    let names: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let place = |name: &str| names.iter().position(|own| *own == name).expect("a column");
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
    let first = columns.map(place);
    let last = ["rate_key", "event", "audit", "audit_resource", "model", "wire_status"].map(place);
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
                // What a handler emits on its way, beside the label, is marked so.
                event: list(event).into_iter().find(|event| !event.starts_with("code:")),
                audit: (!audit.is_empty()).then(|| (audit, resource.split('/').next().unwrap_or_default())),
                model: Some(model).filter(|model| !model.is_empty() && *model != "none"),
                status: status.parse().ok(),
            }
        })
        .collect()
}

fn list(cell: &'static str) -> BTreeSet<&'static str> {
    cell.split([',', ' ']).filter(|item| !item.is_empty()).collect()
}

//! Compares the parameters of our endpoints with Appwrite's: all that an SDK sends must be accepted, within the same
//! limits.

mod common;

use std::collections::BTreeSet;

use api::endpoint::Declaration;
use common::facts::{self, Parameter};
use kernel::param::Field;
use testkit::{Server, Value};

const KEPT: &str = "an update keeps what is not sent";
/// Intended differences: the end of the path, the parameter, the property that differs, and the reason.
const INTENDED: &[(&str, &str, &str, &str)] = &[
    ("/oauth2/{provider}", "provider", "choices", PROVIDERS),
    ("/projects/{projectId}/oauth2", "provider", "choices", PROVIDERS),
    (
        "/{type}/{locale}",
        "locale",
        "choices",
        "the list of languages is checked by the handler",
    ),
    (
        "/flags/{code}",
        "code",
        "choices",
        "territories that are no states have flags too",
    ),
    (
        "/screenshots",
        "output",
        "choices",
        "AVIF, GIF and HEIC are not written",
    ),
    (
        "/platforms",
        "type",
        "choices",
        "the platforms of newer SDKs are taken at the old path too",
    ),
    ("/sessions/token", "secret", "length", SECRET),
    ("/sessions/magic-url", "secret", "length", SECRET),
    ("/sessions/phone", "secret", "length", SECRET),
    (
        "/documents/{documentId}",
        "data",
        "need",
        "an upsert within a transaction, or of permissions alone, has none",
    ),
    ("/databases/{databaseId}", "name", "need", KEPT),
    ("/tablesdb/{databaseId}", "name", "need", KEPT),
    ("/collections/{collectionId}", "name", "need", KEPT),
    ("/tables/{tableId}", "name", "need", KEPT),
    ("/queue/databases", "name", "absence", "there is one queue of databases"),
    (
        "/queue/failed/{name}",
        "name",
        "choices",
        "queues of services that are not built",
    ),
    ("/keys", "scopes", "choices", SCOPES),
    ("/keys/{keyId}", "scopes", "choices", SCOPES),
    ("/jwts", "scopes", "choices", SCOPES),
];

const SCOPES: &str = "those of newer SDKs too; the handler refuses those that no key may hold";
const PROVIDERS: &str = "providers are data that an operator may add to: the handler knows them";
const SECRET: &str = "tokens of newer SDKs are signed, and longer";

/// Differences between Appwrite's parameter and ours: the property, and both values.
fn differences(fact: &Parameter, field: &Field) -> Vec<(&'static str, String)> {
    let schema = &field.schema;
    let mut found = Vec::new();
    let mut compare = |what, ours: String, theirs: String| {
        if ours != theirs {
            found.push((what, format!("ours {ours}, Appwrite's {theirs}")));
        }
    };
    compare("need", field.required.to_string(), fact.required.to_string());
    if let Some(longest) = fact.longest() {
        compare("length", schema["maxLength"].to_string(), longest.to_owned());
    }
    if let Some((least, most)) = fact.bounds() {
        let number = |value: &Value| value.as_f64().map(|number| number.to_string());
        let ours = (number(&schema["minimum"]), number(&schema["maximum"]));
        compare(
            "bounds",
            format!("{ours:?}"),
            format!("{:?}", (Some(least), Some(most))),
        );
    }
    if let Some(choices) = fact.choices() {
        let theirs: BTreeSet<String> = choices.map(str::to_lowercase).collect();
        let one = schema.get("items").unwrap_or(schema);
        let list = one["enum"].as_array().into_iter().flatten();
        let ours: BTreeSet<String> = list.filter_map(Value::as_str).map(str::to_lowercase).collect();
        compare("choices", format!("{ours:?}"), format!("{theirs:?}"));
    }
    if let Some(most) = fact.most_items() {
        compare("items", schema["maxItems"].to_string(), most.to_owned());
    }
    found
}

/// One difference: parameter, property, and both values.
struct Difference {
    fact: Parameter,
    what: &'static str,
    how: String,
}

impl Difference {
    fn is(&self, (end, name, what, _): &(&str, &str, &str, &str)) -> bool {
        self.fact.path.ends_with(end) && self.fact.name == *name && self.what == *what
    }
}

#[tokio::test]
async fn every_sdk_parameter_is_accepted_within_the_same_bounds() {
    let server = Server::start().await;
    let endpoints = server.running.router.endpoints();
    let mut found = Vec::new();
    let mut compared = 0;
    for fact in facts::parameters() {
        let known = |declaration: &&Declaration| {
            fact.method == declaration.method.as_str() && fact.path == declaration.path && !declaration.id.is_empty()
        };
        let Some(declaration) = endpoints.iter().map(|endpoint| &*endpoint.declaration).find(known) else {
            continue;
        };
        compared += 1;
        let differences = match declaration.fields.iter().find(|field| field.name == fact.name) {
            Some(field) => differences(&fact, field),
            // A path parameter without a field is read elsewhere: a project's id by the guard.
            None if fact.path.contains(&format!("{{{}}}", fact.name)) => continue,
            None => vec![("absence", fact.rule.to_owned())],
        };
        found.extend(
            differences
                .into_iter()
                .map(|(what, how)| Difference { fact, what, how }),
        );
    }
    let unexplained = found
        .iter()
        .filter(|one| !INTENDED.iter().any(|intended| one.is(intended)));
    let summary: Vec<String> = unexplained
        .map(|Difference { fact, what, how }| {
            let (method, path, name) = (fact.method, fact.path, fact.name);
            format!("{method} {path}: {what} of `{name}`: {how}")
        })
        .collect();
    assert!(
        summary.is_empty(),
        "{} of {compared}:\n{}",
        summary.len(),
        summary.join("\n")
    );
    let stale = INTENDED
        .iter()
        .filter(|intended| !found.iter().any(|one| one.is(intended)));
    assert_eq!(stale.count(), 0, "some no longer differ");
    assert!(compared > 1000, "only {compared} parameters were compared");
}

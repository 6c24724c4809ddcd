//! Compares our endpoint declarations with Appwrite's, which the SDKs rely on, and checks the OpenAPI document.

mod common;

use std::collections::BTreeSet;
use std::fmt::Debug;

use api::endpoint::Declaration;
use common::facts::{self, Fact};
use testkit::{Server, Value};

/// Intended differences: the endpoint, the property that differs, and the reason.
const INTENDED: &[(&str, &str, &str)] = &[
    ("POST /v1/account", "model", ACCOUNT),
    ("GET /v1/account", "model", ACCOUNT),
    ("PATCH /v1/account/name", "model", ACCOUNT),
    ("PATCH /v1/account/password", "model", ACCOUNT),
    ("PATCH /v1/account/email", "model", ACCOUNT),
    ("PATCH /v1/account/phone", "model", ACCOUNT),
    ("PATCH /v1/account/prefs", "model", ACCOUNT),
    ("PATCH /v1/account/mfa", "model", ACCOUNT),
    ("PUT /v1/account/mfa/authenticators/{type}", "model", ACCOUNT),
    ("PATCH /v1/account/status", "model", ACCOUNT),
    ("GET /v1/health/db", "model", STATUSES),
    ("GET /v1/health/cache", "model", STATUSES),
    ("GET /v1/health/pubsub", "model", STATUSES),
    (
        "GET /v1/health/version",
        "scopes",
        "a key's checks may ask for the version as for everything else",
    ),
    (
        "GET /v1/health/version",
        "model",
        "Appwrite writes the object by hand; ours has a name",
    ),
    (
        "PUT /v1/databases/{databaseId}/collections/{collectionId}",
        "audit",
        "Appwrite's label writes collections, so that its own list of logs misses it",
    ),
    (
        "GET /v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}",
        "model",
        TYPED,
    ),
    (
        "GET /v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}",
        "model",
        TYPED,
    ),
    ("PATCH /v1/tablesdb/transactions/{transactionId}", "event", STAGED),
    ("PATCH /v1/databases/transactions/{transactionId}", "event", STAGED),
    (
        "PATCH /v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}/relationship",
        "aliases",
        TWO_PATHS,
    ),
    (
        "PATCH /v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}/relationship",
        "aliases",
        TWO_PATHS,
    ),
    ("POST /v1/account/sessions/email", "limits", PER_CALLER),
    ("PUT /v1/account/recovery", "limits", PER_CALLER),
    ("PUT /v1/account/verifications/email", "limits", PER_CALLER),
    ("PATCH /v1/account/email", "limits", ORACLE),
    ("PATCH /v1/account/phone", "limits", ORACLE),
    (
        "DELETE /v1/users/{userId}",
        "event",
        "the act itself emits it, whichever way a user goes",
    ),
    (
        "PATCH /v1/projects/{projectId}/team",
        "audit",
        "a project that changes hands leaves a trace",
    ),
];

const PER_CALLER: &str = "one caller's wrong guesses must not lock the account's owner out";
const ORACLE: &str = "they check the password, so that they could be used to guess it";

const TWO_PATHS: &str = "SDKs of 2.x change relationships at the path of all other types";
const TYPED: &str = "columns of today's types have models too";

const STAGED: &str = "a commit emits the events of what was staged";

const ACCOUNT: &str = "users see themselves without their password's hash: the model `account`, as Appwrite answers";
const STATUSES: &str = "the answer is the list `{total, statuses}`, as Appwrite's code sends it; its label is older";

struct Differences(Vec<(String, &'static str, String)>);

impl Differences {
    fn compare<T: PartialEq + Debug>(&mut self, at: &str, what: &'static str, ours: &T, theirs: &T) {
        if ours != theirs {
            self.0
                .push((at.to_owned(), what, format!("ours {ours:?}, Appwrite's {theirs:?}")));
        }
    }
}

fn compare(all: &mut Differences, declaration: &Declaration, facts: &[&Fact]) {
    let at = format!("{} {}", declaration.method, declaration.path);
    let fact = facts[0];
    let ids: Vec<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    if !ids.contains(&declaration.id) {
        all.0.push((
            at.clone(),
            "name",
            format!("ours {}, Appwrite's {ids:?}", declaration.id),
        ));
    }
    let aliases: BTreeSet<&str> = declaration.aliases.iter().copied().collect();
    let scopes: BTreeSet<&str> = declaration.scopes.iter().map(|scope| scope.as_str()).collect();
    let limits = declaration.limits.iter();
    let limits: BTreeSet<String> = limits
        .map(|limit| format!("{} in {} s by {}", limit.calls, limit.seconds, limit.key))
        .collect();
    all.compare(&at, "aliases", &aliases, &fact.aliases);
    all.compare(&at, "scopes", &scopes, &fact.scopes);
    all.compare(&at, "limits", &limits, &fact.limits);
    all.compare(&at, "event", &declaration.event.map(str::to_owned), &fact.event);
    let audit = declaration
        .audit
        .map(|audit| (audit.event, facts::kinds(audit.resource)));
    // One of the two resources may be more specific than the other.
    let within = |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
    let summary = |ours: &str, theirs: &str| within(ours, theirs) || within(theirs, ours);
    let same = match (&audit, &fact.audit) {
        (Some((label, ours)), Some((event, theirs))) => label == event && summary(ours, theirs),
        (ours, theirs) => ours == theirs || (theirs.is_none() && fact.status.is_none()),
    };
    if !same {
        all.compare(&at, "audit", &audit, &fact.audit);
    }
    all.compare(&at, "model", &declaration.model, &fact.model);
    let status = declaration.status.as_u16();
    all.compare(&at, "status", &status, &fact.status.unwrap_or(status));
}

#[tokio::test]
async fn every_endpoint_matches_the_sdk_specification() {
    let server = Server::start().await;
    let facts = facts::endpoints();
    let mut found = Differences(Vec::new());
    let mut compared = 0;
    for endpoint in server.running.router.endpoints() {
        let declaration = &endpoint.declaration;
        let same = |fact: &&Fact| fact.method == declaration.method.as_str() && fact.path == declaration.path;
        let rows: Vec<&Fact> = facts.iter().filter(same).collect();
        if !rows.is_empty() {
            compared += 1;
            compare(&mut found, declaration, &rows);
        }
    }
    let is_intended = |at: &str, what: &str| INTENDED.iter().any(|(known, kind, _)| *known == at && *kind == what);
    let unexplained: Vec<_> = found.0.iter().filter(|(at, what, _)| !is_intended(at, what)).collect();
    assert!(
        unexplained.is_empty(),
        "{} of {compared}: {unexplained:#?}",
        unexplained.len()
    );
    let stale = INTENDED
        .iter()
        .filter(|(at, what, _)| !found.0.iter().any(|(known, kind, _)| known == at && kind == what));
    assert_eq!(
        stale.collect::<Vec<_>>(),
        Vec::<&(&str, &str, &str)>::new(),
        "no longer differ"
    );
    assert!(compared > 80, "only {compared} endpoints were compared");
}

/// Services that have all endpoints of Appwrite's.
const COMPLETE_SERVICES: &[&str] = &[
    "account",
    "users",
    "teams",
    "locale",
    "avatars",
    "databases",
    "tablesdb",
];

#[tokio::test]
async fn complete_services_have_all_endpoints() {
    let server = Server::start().await;
    let declared: BTreeSet<(&str, &str)> = server
        .running
        .router
        .endpoints()
        .iter()
        .flat_map(|endpoint| {
            let declaration = &endpoint.declaration;
            let paths = std::iter::once(&declaration.path).chain(&declaration.aliases);
            paths.map(|path| (declaration.method.as_str(), *path))
        })
        .collect();
    let facts = facts::endpoints();
    let of_whole = |path: &str| COMPLETE_SERVICES.contains(&path.split('/').nth(2).unwrap_or_default());
    let wanted: BTreeSet<(&str, &str)> = facts
        .iter()
        .filter(|fact| of_whole(fact.path))
        .flat_map(|fact| {
            std::iter::once(&fact.path)
                .chain(&fact.aliases)
                .map(|path| (fact.method, *path))
        })
        .collect();
    assert!(wanted.len() > 200, "only {} paths", wanted.len());
    let missing: Vec<_> = wanted.difference(&declared).copied().collect();
    assert_eq!(missing, Vec::new());
}

#[tokio::test]
async fn the_openapi_document_is_complete() {
    let server = Server::start().await;
    let reply = server.guest("console").get("/v1/openapi.json").await;
    reply.assert_status(200);
    let document = &reply.body;
    assert_eq!(document["openapi"], "3.0.0");

    let mut references = Vec::new();
    collect_references(document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }

    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(
                operation["summary"].as_str().is_some_and(|text| text.ends_with('.')),
                "{id} is not described"
            );
            let responses = operation["responses"].as_object().expect("responses");
            let done = responses
                .keys()
                .filter(|status| status.starts_with(['1', '2', '3']))
                .count();
            assert_eq!(done, 1, "{id}");
            assert!(
                responses.contains_key("default") && responses.contains_key("503"),
                "{id}"
            );
            let limited = operation["x-rate-limit"]
                .as_array()
                .is_some_and(|limits| !limits.is_empty());
            assert_eq!(responses.contains_key("429"), limited, "{id}");
            let parameters = operation["parameters"].as_array().expect("parameters");
            let in_path: BTreeSet<&str> = parameters
                .iter()
                .filter(|one| one["in"] == "path")
                .filter_map(|one| one["name"].as_str())
                .collect();
            let named: BTreeSet<&str> = path
                .split('{')
                .skip(1)
                .filter_map(|part| part.split('}').next())
                .collect();
            assert_eq!(in_path, named, "{method} {path}");
            assert!(parameters.iter().all(|one| one["schema"].is_object()), "{id}");
        }
    }
    assert!(ids.len() > 80, "only {} operations", ids.len());
    let initials = document["paths"]["/avatars/initials"]["get"]["parameters"].as_array();
    let width = initials.and_then(|all| all.iter().find(|one| one["name"] == "width"));
    assert_eq!(width.expect("a width")["schema"]["default"], 500);
}

fn collect_references(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|inner| collect_references(inner, into));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_references(inner, into)),
        _ => {}
    }
}

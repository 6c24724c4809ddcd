//! A list shows no more than the single thing would: what each caller finds in each declared list is what the same caller
//! gets one by one.

mod common;

use std::sync::Arc;

use api::endpoint::Declaration;
use common::calls::{declarations, fill};
use common::{CONSOLE, Fixture, SHOP};
use http::Method;
use testkit::{Actor, Value, json};

/// A list, and the endpoint of one of its things.
struct Pair {
    list: Arc<Declaration>,
    single: Arc<Declaration>,
}

/// Endpoints that read a list and one thing of it: `/v1/teams` and `/v1/teams/{teamId}`.
fn pairs(fixture: &Fixture) -> Vec<Pair> {
    let reads = |declaration: &&Arc<Declaration>| declaration.method == Method::GET;
    let all = declarations(fixture);
    let lists = all.iter().filter(reads);
    let single_of = |list: &Declaration| {
        let prefix = format!("{}/{{", list.path);
        let is_single = |one: &&Arc<Declaration>| {
            let rest = one.path.strip_prefix(&prefix);
            rest.is_some_and(|rest| rest.ends_with('}') && !rest.contains('/'))
        };
        all.iter().filter(reads).find(is_single).cloned()
    };
    lists
        .filter_map(|list| {
            let single = single_of(list)?;
            Some(Pair {
                list: Arc::clone(list),
                single,
            })
        })
        .collect()
}

/// The things of a list's reply: the only array of objects with an id or a key.
fn entries(body: &Value) -> Vec<&Value> {
    let members = body.as_object().into_iter().flatten();
    let mut lists = members.filter_map(|(_, value)| value.as_array());
    lists.next().into_iter().flatten().collect()
}

fn id_of(entry: &Value) -> Option<&str> {
    ["$id", "key"].iter().find_map(|name| entry[*name].as_str())
}

/// Members of a listed thing that differ from those of the single one, other than by being empty.
fn differences(listed: &Value, single: &Value, path: &str) -> Vec<String> {
    match (listed, single) {
        (Value::Object(listed), Value::Object(single)) => listed
            .iter()
            .flat_map(|(name, value)| {
                let other = single.get(name).unwrap_or(&Value::Null);
                differences(value, other, &format!("{path}.{name}"))
            })
            .collect(),
        (Value::Array(listed), Value::Array(single)) if listed.len() == single.len() => {
            let pairs = listed.iter().zip(single).enumerate();
            pairs
                .flat_map(|(index, (one, other))| differences(one, other, &format!("{path}[{index}]")))
                .collect()
        }
        _ if listed == single || *listed == json!("") || listed.is_null() => Vec::new(),
        _ => vec![format!("{path}: {listed} in the list, {single} by itself")],
    }
}

/// Secrets in a reply of a list: members of that name that are not empty.
fn secrets(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                let path = format!("{path}.{name}");
                let is_secret = name == "secret" && value.as_str().is_some_and(|secret| !secret.is_empty());
                let own = is_secret.then(|| path.clone());
                own.into_iter().chain(secrets(value, &path)).collect::<Vec<_>>()
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(|value| secrets(value, path)).collect(),
        _ => Vec::new(),
    }
}

async fn check_lists(fixture: &Fixture, (name, actor): &(String, Actor), ids_of_console: bool) -> Vec<String> {
    let ids = if ids_of_console {
        &fixture.ada_ids
    } else {
        &fixture.alan_ids
    };
    let mut failures = Vec::new();
    for Pair { list, single } in pairs(fixture) {
        let path = fill(&list, ids);
        let reply = actor.get(&path).await;
        if reply.status != 200 {
            continue;
        }
        failures.extend(
            secrets(&reply.body, &path)
                .into_iter()
                .map(|at| format!("{name}: a secret in {at}")),
        );
        for entry in entries(&reply.body) {
            let Some(id) = id_of(entry) else { continue };
            let by_itself = actor.get(&format!("{path}/{id}")).await;
            if by_itself.status == 200 {
                let differing = differences(entry, &by_itself.body, id);
                failures.extend(differing.into_iter().map(|what| format!("{name}: {path}: {what}")));
            } else {
                let (status, path) = (by_itself.status, single.path);
                failures.push(format!("{name}: {id} is in the list of {path}, and {status} by itself"));
            }
        }
    }
    failures
}

/// A console user with these roles in ada's organization.
async fn member(fixture: &Fixture, name: &str, roles: &[&str]) -> (String, Actor) {
    let actor = fixture.server.console_user(name).await;
    let id = actor.get("/v1/account").await.text("$id").to_owned();
    common::join(&fixture.server, CONSOLE, "searchers", &id, roles).await;
    (format!("a member with {roles:?}"), actor)
}

#[tokio::test]
async fn a_list_shows_what_each_caller_gets_one_by_one() {
    let fixture = Fixture::new().await;
    fixture
        .ada
        .post("/v1/projects/shop/keys", json!({"name": "k", "scopes": ["users.read"]}))
        .await
        .assert_status(201);
    let expire = json!({"name": "d", "expire": "2030-01-01T00:00:00.000+00:00"});
    fixture
        .ada
        .post("/v1/projects/shop/dev-keys", expire)
        .await
        .assert_status(201);
    let at_console = [
        ("the owner".to_owned(), fixture.ada.clone()),
        ("the owner of another organization".to_owned(), fixture.grace.clone()),
        member(&fixture, "nora", &[]).await,
        member(&fixture, "anne", &["analyst"]).await,
        member(&fixture, "dora", &["developer"]).await,
    ];
    let mut failures = Vec::new();
    for caller in &at_console {
        failures.extend(check_lists(&fixture, caller, true).await);
    }
    let readers = common::key_scopes()
        .into_iter()
        .filter(|scope| scope.as_str().ends_with(".read"));
    let at_shop = [
        ("a guest".to_owned(), fixture.server.guest(SHOP)),
        ("the team's owner".to_owned(), fixture.alan.clone()),
        ("a member without rights".to_owned(), fixture.mary.clone()),
        ("another user".to_owned(), fixture.joan.clone()),
        (
            "a key with all scopes".to_owned(),
            fixture.key(SHOP, &common::key_scopes()),
        ),
        (
            "a key that reads".to_owned(),
            fixture.key(SHOP, &readers.collect::<Vec<_>>()),
        ),
        (
            "the owner in admin mode".to_owned(),
            fixture.ada.clone().administering(SHOP),
        ),
    ];
    for caller in &at_shop {
        failures.extend(check_lists(&fixture, caller, false).await);
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(pairs(&fixture).len() > 20, "only {} pairs", pairs(&fixture).len());
}

#[tokio::test]
async fn members_without_a_role_see_no_project() {
    let fixture = Fixture::new().await;
    for (name, roles) in [("nora", &[][..]), ("anne", &["analyst"])] {
        let (_, actor) = member(&fixture, name, roles).await;
        let list = actor.get("/v1/projects").await;
        assert_eq!(
            list.assert_status(200).body,
            json!({"total": 0, "projects": []}),
            "{roles:?}"
        );
        actor.get("/v1/projects/shop").await.assert(404, "project_not_found");
    }
    let (_, developer) = member(&fixture, "dora", &["developer"]).await;
    assert_eq!(developer.get("/v1/projects").await.body["total"], 1);
}

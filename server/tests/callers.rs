//! Calls every declared endpoint without a project, on the console project and on another one, as callers of every kind:
//! whatever the answer, it is never a failure of the server.

mod common;

use api::endpoint::Declaration;
use common::calls::{body, declarations, fill};
use common::{BANK, CONSOLE, Fixture, SHOP};
use http::Method;
use kernel::Scope;
use testkit::{Actor, Reply};

/// Headers that a caller of a kind sends.
struct Caller {
    name: String,
    actor: Actor,
}

fn caller(name: impl Into<String>, actor: Actor) -> Caller {
    Caller {
        name: name.into(),
        actor,
    }
}

async fn call(caller: &Caller, declaration: &Declaration, fixture: &Fixture) -> Reply {
    let path = fill(declaration, &fixture.alan_ids);
    caller
        .actor
        .send(declaration.method.clone(), &path, body(declaration))
        .await
}

/// Asserts that no endpoint answers a caller with a 5xx.
async fn assert_no_failure(fixture: &Fixture, callers: &[Caller], is_tried: impl Fn(&Declaration) -> bool) {
    let mut failures = Vec::new();
    for declaration in declarations(fixture) {
        if !is_tried(&declaration) {
            continue;
        }
        for caller in callers {
            let reply = call(caller, &declaration, fixture).await;
            let is_failure = reply.status >= 500 && reply.status != 501;
            if is_failure {
                failures.push(format!(
                    "{} {} by {}: {} {}",
                    declaration.method, declaration.path, caller.name, reply.status, reply.body
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}: {failures:#?}", failures.len());
}

fn everything(_: &Declaration) -> bool {
    true
}

#[tokio::test]
async fn no_project_and_the_console_project_are_never_a_failure() {
    let fixture = Fixture::new().await;
    let ada = |project: &str| fixture.ada.clone().with_header("x-appwrite-project", project);
    let callers = [
        caller("a guest without a project", fixture.server.guest("")),
        caller("a guest of the console", fixture.server.guest(CONSOLE)),
        caller("a guest of an unknown project", fixture.server.guest("nowhere")),
        caller("a developer without a project", ada("")),
        caller("a developer on the console", ada(CONSOLE)),
        caller("a developer on a project of others", ada(BANK)),
        caller(
            "a developer in admin mode on the console",
            fixture.ada.clone().administering(CONSOLE),
        ),
    ];
    assert_no_failure(&fixture, &callers, everything).await;
}

#[tokio::test]
async fn endpoints_of_projects_say_that_the_project_is_missing() {
    let fixture = Fixture::new().await;
    let of_projects = |declaration: &Declaration| declaration.in_projects_only;
    let mut seen = 0;
    for declaration in declarations(&fixture)
        .iter()
        .filter(|declaration| of_projects(declaration))
    {
        for (project, says) in [("", "names no project"), (CONSOLE, "console project")] {
            let guest = caller("a guest", fixture.server.guest(project));
            let reply = call(&guest, declaration, &fixture).await;
            let message = reply.body["message"].as_str().unwrap_or_default().to_owned();
            assert!(
                message.contains(says),
                "{} {}: {}",
                declaration.method,
                declaration.path,
                reply.body
            );
            reply.assert(401, "general_access_forbidden");
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} requests were tried");
}

#[tokio::test]
async fn a_single_scope_is_never_a_failure() {
    let fixture = Fixture::new().await;
    let keys: Vec<Caller> = common::key_scopes()
        .into_iter()
        .map(|scope: Scope| caller(format!("a key with {scope}"), fixture.key(SHOP, &[scope])))
        .collect();
    // Reads only, so that the fixture is the same for each of them; writes are fuzzed.
    assert_no_failure(&fixture, &keys, |declaration| declaration.method == Method::GET).await;
}

#[tokio::test]
async fn blocked_and_deleted_users_are_never_a_failure() {
    let fixture = Fixture::new().await;
    let server = fixture.key(SHOP, &common::key_scopes());
    let blocked = server
        .patch("/v1/users/mary/status", testkit::json!({"status": false}))
        .await;
    blocked.assert_status(200);
    server.delete("/v1/users/joan").await.assert_status(204);
    let callers = [
        caller("a blocked user", fixture.mary.clone()),
        caller("a deleted user", fixture.joan.clone()),
    ];
    assert_no_failure(&fixture, &callers, everything).await;
}

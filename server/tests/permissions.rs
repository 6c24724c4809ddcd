//! Calls every declared endpoint as each caller that it must refuse. These follow from the declaration: its scopes, and
//! the ids in its path.

mod common;

use api::endpoint::Declaration;
use common::calls::{body, declarations, fill};
use common::{BANK, CONSOLE, Fixture, SHOP};
use http::Method;
use kernel::{Scope, Scopes};
use testkit::{Actor, Reply};

/// Authentication state of a caller, which determines the expected refusals.
enum Access {
    /// Presents credentials that are invalid here.
    Invalid,
    /// Has these scopes, like every caller of its kind.
    Has(Scopes),
    /// A user who has no access to the entity in the path.
    None,
    /// A user who may read the entity in the path, but not change it.
    ReadOnly,
}

struct Caller {
    name: &'static str,
    actor: Actor,
    access: Access,
    query: &'static str,
}

fn caller(name: &'static str, actor: Actor, access: Access) -> Caller {
    Caller {
        name,
        actor,
        access,
        query: "",
    }
}

/// Whether a path has the id of an entity that has an owner.
fn names_entities(declaration: &Declaration) -> bool {
    let owned = [
        "projectId",
        "teamId",
        "userId",
        "sessionId",
        "identityId",
        "membershipId",
        "targetId",
    ];
    // Endpoints for guests are authorized by a secret in the request, not by ownership.
    !Scopes::guest().has_any(&declaration.scopes)
        && owned.iter().any(|id| declaration.path.contains(&format!("{{{id}}}")))
}

fn is_of_console(declaration: &Declaration) -> bool {
    declaration.service() == "projects"
}

impl Caller {
    fn must_be_refused(&self, declaration: &Declaration) -> bool {
        let lacks = |scopes: Scopes| !scopes.has_any(&declaration.scopes);
        declaration.scopes.is_empty()
            || match &self.access {
                Access::Invalid => true,
                Access::Has(scopes) => lacks(*scopes),
                _ if declaration.for_servers => true,
                Access::None => lacks(Scopes::user()) || names_entities(declaration),
                Access::ReadOnly => {
                    let only_reads = declaration.method == Method::GET && declaration.service() == "teams";
                    lacks(Scopes::user()) || (names_entities(declaration) && !only_reads)
                }
            }
    }
}

/// Callers of the shop's endpoints.
fn callers_at_shop(fixture: &Fixture, declaration: &Declaration) -> Vec<Caller> {
    let server = &fixture.server;
    let guest = || server.guest(SHOP);
    let others: Vec<Scope> = common::key_scopes()
        .into_iter()
        .filter(|scope| !declaration.scopes.contains(scope))
        .collect();
    let bobs = guest().with_header("x-appwrite-session", &fixture.session_of_bob);
    let foreign = common::ephemeral_key(server, BANK, &common::key_scopes());
    let mut callers = vec![
        caller("a guest", guest(), Access::Has(Scopes::guest())),
        caller("a member without rights", fixture.mary.clone(), Access::ReadOnly),
        caller("another user", fixture.joan.clone(), Access::None),
        caller("a user of another project", bobs, Access::Has(Scopes::guest())),
        caller(
            "a key without the scope",
            fixture.key(SHOP, &others),
            Access::Has(Scopes::key(others)),
        ),
        caller(
            "a key of another project",
            guest().with_header("x-appwrite-key", &fixture.key_of_bank),
            Access::Invalid,
        ),
        caller(
            "an ephemeral key of another project",
            guest().with_header("x-appwrite-key", &foreign),
            Access::Has(Scopes::guest()),
        ),
        caller(
            "an expired key",
            guest().with_header("x-appwrite-key", &fixture.expired_key),
            Access::Invalid,
        ),
        caller(
            "a developer of another organization in admin mode",
            fixture.grace.clone().administering(SHOP),
            Access::Invalid,
        ),
        caller(
            "a developer who does not say so",
            fixture.grace.clone().with_header("x-appwrite-project", SHOP),
            Access::Has(Scopes::guest()),
        ),
        caller(
            "a user who says to be a developer",
            fixture.joan.clone().administering(SHOP),
            Access::Has(Scopes::guest()),
        ),
    ];
    if is_of_console(declaration) {
        // Projects are administered by console users; users and keys of a project have no access.
        let all = fixture.key(SHOP, &common::key_scopes());
        callers.push(caller("a key of the project itself", all, Access::Invalid));
        callers.push(caller(
            "a user of the project itself",
            fixture.alan.clone(),
            Access::Invalid,
        ));
    }
    callers
}

/// Callers of the console's endpoints.
fn callers_at_console(fixture: &Fixture, declaration: &Declaration) -> Vec<Caller> {
    let server = &fixture.server;
    let guest = || server.guest(CONSOLE);
    let alans = guest().with_header("x-appwrite-session", &fixture.session_of_alan);
    let foreign = common::ephemeral_key(server, SHOP, &common::key_scopes());
    let mut callers = vec![
        caller("a guest", guest(), Access::Has(Scopes::guest())),
        caller(
            "a developer of another organization",
            fixture.grace.clone(),
            Access::None,
        ),
        caller("a user of a project", alans, Access::Has(Scopes::guest())),
        caller(
            "a project's key",
            guest().with_header("x-appwrite-key", &fixture.key_of_bank),
            Access::Invalid,
        ),
        caller(
            "a project's ephemeral key",
            guest().with_header("x-appwrite-key", &foreign),
            Access::Has(Scopes::guest()),
        ),
    ];
    if !is_of_console(declaration) || declaration.path.contains("{projectId}") {
        // Owning another organization grants no rights on this one.
        callers.push(Caller {
            query: "?teamId=compilers",
            ..caller(
                "a developer who names an organization of their own",
                fixture.grace.clone(),
                Access::None,
            )
        });
    }
    callers
}

async fn call(caller: &Caller, declaration: &Declaration, path: &str) -> Reply {
    let path = format!("{path}{}", caller.query);
    caller
        .actor
        .send(declaration.method.clone(), &path, body(declaration))
        .await
}

fn is_refusal(reply: &Reply) -> bool {
    matches!(reply.status, 401 | 403 | 404)
}

#[tokio::test]
async fn unauthorized_calls_are_refused_and_change_nothing() {
    let fixture = Fixture::new().await;
    let (mut tried, mut failures) = (0, Vec::new());
    for declaration in declarations(&fixture) {
        let shop = (callers_at_shop(&fixture, &declaration), &fixture.alan_ids);
        let console = (callers_at_console(&fixture, &declaration), &fixture.ada_ids);
        let before = fixture.snapshot().await;
        let mut replies = Vec::new();
        for (project, (callers, ids)) in [(SHOP, shop), (CONSOLE, console)] {
            let path = fill(&declaration, ids);
            for caller in callers.iter().filter(|caller| caller.must_be_refused(&declaration)) {
                let reply = call(caller, &declaration, &path).await;
                tried += 1;
                let description = format!("{} at {project}: {} {}", caller.name, reply.status, reply.body);
                if !is_refusal(&reply) {
                    failures.push(format!("{} {path} by {description}", declaration.method));
                }
                replies.push(description);
            }
        }
        if fixture.snapshot().await != before {
            failures.push(format!(
                "{} {} had an effect: {replies:#?}",
                declaration.method, declaration.path
            ));
        }
    }
    assert!(failures.is_empty(), "{} of {tried}: {failures:#?}", failures.len());
    assert!(tried > 500, "only {tried} refusals were tried");
}

/// Control of the test above: the entities exist, and callers with access can read them.
#[tokio::test]
async fn authorized_callers_can_read() {
    let fixture = Fixture::new().await;
    let server_key = fixture.key(SHOP, &common::key_scopes());
    let mut failures = Vec::new();
    for declaration in declarations(&fixture) {
        let is_identified = declaration.path.contains("Id}") && !declaration.navigated;
        if declaration.method != Method::GET || !is_identified {
            continue;
        }
        let (rightful, ids) = match declaration.service() {
            "account" => (&fixture.alan, &fixture.alan_ids),
            "projects" => (&fixture.ada, &fixture.ada_ids),
            _ => (&server_key, &fixture.alan_ids),
        };
        let mut ids = ids.clone();
        if is_of_console(&declaration) {
            ids.extend(["keyId", "platformId"].map(|id| (id, fixture.alan_ids[id].clone())));
        }
        if declaration.path.contains("{attemptId}") || declaration.path.contains("{targetId}") {
            continue;
        }
        let mut path = fill(&declaration, &ids);
        if path.ends_with("/aggregate") {
            path += "?functions[0]=count";
        }
        let reply = rightful.get(&path).await;
        if reply.status != 200 {
            failures.push(format!("{}: {} {}", declaration.path, reply.status, reply.body));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[tokio::test]
async fn every_endpoint_requires_a_scope_and_is_routed() {
    let fixture = Fixture::new().await;
    let nowhere = fixture.server.guest("nowhere");
    for declaration in declarations(&fixture) {
        assert!(
            !declaration.scopes.is_empty(),
            "{} may be called by nobody",
            declaration.path
        );
        let paths = std::iter::once(declaration.path).chain(declaration.aliases.iter().copied());
        for path in paths {
            let mut at = Declaration::clone(&declaration);
            at.path = path;
            let path = fill(&at, &fixture.alan_ids);
            let reply = nowhere.send(declaration.method.clone(), &path, None).await;
            // The project is looked up after the route: an unknown project shows that the route exists.
            reply.assert(404, "project_not_found");
        }
    }
}

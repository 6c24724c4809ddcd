//! Calls every declared endpoint as each caller that it must refuse. These follow from the declaration: its scopes, and
//! the ids in its path.

mod common;

use api::endpoint::Declaration;
use common::calls::{body, declarations, fill};
use common::{BANK, CONSOLE, SHOP, World};
use http::Method;
use kernel::{Scope, Scopes};
use testkit::{Actor, Reply};

/// Authentication state of a caller, which determines the expected refusals.
enum Standing {
    /// Presents credentials that are invalid here.
    Nobody,
    /// Has these scopes, like every caller of its kind.
    Has(Scopes),
    /// A user who has no access to the entity in the path.
    Stranger,
    /// A user who may read the entity in the path, but not change it.
    Onlooker,
}

struct Caller {
    name: &'static str,
    actor: Actor,
    standing: Standing,
    query: &'static str,
}

fn caller(name: &'static str, actor: Actor, standing: Standing) -> Caller {
    Caller {
        name,
        actor,
        standing,
        query: "",
    }
}

/// Whether a path has the id of an entity that has an owner.
fn names_belongings(declaration: &Declaration) -> bool {
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
            || match &self.standing {
                Standing::Nobody => true,
                Standing::Has(scopes) => lacks(*scopes),
                _ if declaration.for_servers => true,
                Standing::Stranger => lacks(Scopes::user()) || names_belongings(declaration),
                Standing::Onlooker => {
                    let only_reads = declaration.method == Method::GET && declaration.service() == "teams";
                    lacks(Scopes::user()) || (names_belongings(declaration) && !only_reads)
                }
            }
    }
}

/// Callers of the shop's endpoints.
fn callers_at_shop(world: &World, declaration: &Declaration) -> Vec<Caller> {
    let server = &world.server;
    let guest = || server.guest(SHOP);
    let others: Vec<Scope> = common::key_scopes()
        .into_iter()
        .filter(|scope| !declaration.scopes.contains(scope))
        .collect();
    let bobs = guest().with_header("x-appwrite-session", &world.session_of_bob);
    let foreign = common::ephemeral_key(server, BANK, &common::key_scopes());
    let mut callers = vec![
        caller("a guest", guest(), Standing::Has(Scopes::guest())),
        caller("a member without rights", world.mary.clone(), Standing::Onlooker),
        caller("another user", world.joan.clone(), Standing::Stranger),
        caller("a user of another project", bobs, Standing::Has(Scopes::guest())),
        caller(
            "a key without the scope",
            world.key(SHOP, &others),
            Standing::Has(Scopes::key(others)),
        ),
        caller(
            "a key of another project",
            guest().with_header("x-appwrite-key", &world.key_of_bank),
            Standing::Nobody,
        ),
        caller(
            "an ephemeral key of another project",
            guest().with_header("x-appwrite-key", &foreign),
            Standing::Has(Scopes::guest()),
        ),
        caller(
            "an expired key",
            guest().with_header("x-appwrite-key", &world.expired_key),
            Standing::Nobody,
        ),
        caller(
            "a developer of another organization in admin mode",
            world.grace.clone().administering(SHOP),
            Standing::Nobody,
        ),
        caller(
            "a developer who does not say so",
            world.grace.clone().with_header("x-appwrite-project", SHOP),
            Standing::Has(Scopes::guest()),
        ),
        caller(
            "a user who says to be a developer",
            world.joan.clone().administering(SHOP),
            Standing::Has(Scopes::guest()),
        ),
    ];
    if is_of_console(declaration) {
        // Projects are administered by console users; users and keys of a project have no access.
        let all = world.key(SHOP, &common::key_scopes());
        callers.push(caller("a key of the project itself", all, Standing::Nobody));
        callers.push(caller(
            "a user of the project itself",
            world.alan.clone(),
            Standing::Nobody,
        ));
    }
    callers
}

/// Callers of the console's endpoints.
fn callers_at_console(world: &World, declaration: &Declaration) -> Vec<Caller> {
    let server = &world.server;
    let guest = || server.guest(CONSOLE);
    let alans = guest().with_header("x-appwrite-session", &world.session_of_alan);
    let foreign = common::ephemeral_key(server, SHOP, &common::key_scopes());
    let mut callers = vec![
        caller("a guest", guest(), Standing::Has(Scopes::guest())),
        caller(
            "a developer of another organization",
            world.grace.clone(),
            Standing::Stranger,
        ),
        caller("a user of a project", alans, Standing::Has(Scopes::guest())),
        caller(
            "a project's key",
            guest().with_header("x-appwrite-key", &world.key_of_bank),
            Standing::Nobody,
        ),
        caller(
            "a project's ephemeral key",
            guest().with_header("x-appwrite-key", &foreign),
            Standing::Has(Scopes::guest()),
        ),
    ];
    if !is_of_console(declaration) || declaration.path.contains("{projectId}") {
        // Owning another organization grants no rights on this one.
        callers.push(Caller {
            query: "?teamId=compilers",
            ..caller(
                "a developer who names an organization of their own",
                world.grace.clone(),
                Standing::Stranger,
            )
        });
    }
    callers
}

async fn try_it(caller: &Caller, declaration: &Declaration, path: &str) -> Reply {
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
async fn everybody_who_may_not_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for declaration in declarations(&world) {
        let shop = (callers_at_shop(&world, &declaration), &world.of_alan);
        let console = (callers_at_console(&world, &declaration), &world.of_ada);
        let before = world.snapshot().await;
        let mut replies = Vec::new();
        for (door, (callers, ids)) in [(SHOP, shop), (CONSOLE, console)] {
            let path = fill(&declaration, ids);
            for caller in callers.iter().filter(|caller| caller.must_be_refused(&declaration)) {
                let reply = try_it(caller, &declaration, &path).await;
                tried += 1;
                let said = format!("{} at {door}: {} {}", caller.name, reply.status, reply.body);
                if !is_refusal(&reply) {
                    wrong.push(format!("{} {path} by {said}", declaration.method));
                }
                replies.push(said);
            }
        }
        if world.snapshot().await != before {
            wrong.push(format!(
                "{} {} had an effect: {replies:#?}",
                declaration.method, declaration.path
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}: {wrong:#?}", wrong.len());
    assert!(tried > 500, "only {tried} refusals were tried");
}

/// Control of the test above: the entities exist, and callers with access can read them.
#[tokio::test]
async fn those_who_may_read_can() {
    let world = World::new().await;
    let server_key = world.key(SHOP, &common::key_scopes());
    let mut wrong = Vec::new();
    for declaration in declarations(&world) {
        let is_identified = declaration.path.contains("Id}") && !declaration.navigated;
        if declaration.method != Method::GET || !is_identified {
            continue;
        }
        let (rightful, ids) = match declaration.service() {
            "account" => (&world.alan, &world.of_alan),
            "projects" => (&world.ada, &world.of_ada),
            _ => (&server_key, &world.of_alan),
        };
        let mut ids = ids.clone();
        if is_of_console(&declaration) {
            ids.extend(["keyId", "platformId"].map(|id| (id, world.of_alan[id].clone())));
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
            wrong.push(format!("{}: {} {}", declaration.path, reply.status, reply.body));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_endpoint_demands_something_and_can_be_reached() {
    let world = World::new().await;
    let nowhere = world.server.guest("nowhere");
    for declaration in declarations(&world) {
        assert!(
            !declaration.scopes.is_empty(),
            "{} may be called by nobody",
            declaration.path
        );
        let paths = std::iter::once(declaration.path).chain(declaration.aliases.iter().copied());
        for path in paths {
            let mut at = Declaration::clone(&declaration);
            at.path = path;
            let path = fill(&at, &world.of_alan);
            let reply = nowhere.send(declaration.method.clone(), &path, None).await;
            // The project is looked up after the route: an unknown project shows that the route exists.
            reply.assert(404, "project_not_found");
        }
    }
}

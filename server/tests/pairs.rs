//! Concurrent changes of the same entity: two changes that run at the same time must have the result of a serial order.
//!
//! For each pair of endpoints that change the same kind of entity, new entities are changed by the two in either order,
//! and then by both concurrently, a few times (`FERRITE_TEST_PAIR_ROUNDS`, default 3). A lost update shows as a third
//! result. The list of changes is compared with the declarations: every `PATCH` and `PUT` endpoint is in it or in the
//! list of exemptions, which states the reason.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Fixture, SHOP};
use db::Json;
use kernel::Scope;
use projects::ProjectId;
use testkit::{Actor, Method, PASSWORD, Value, json};

/// Caller of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    /// The user of the account, or the owner of the team.
    User,
    /// A server key of the project.
    Key,
    /// The console user who owns the project.
    Developer,
}

/// A call that changes an entity. In path and body `{id}`, `{n}` and `{member}` stand for its id, number and membership
/// id.
#[derive(Debug, Clone)]
struct Change {
    id: &'static str,
    by: By,
    method: Method,
    path: &'static str,
    body: Value,
}

fn change(id: &'static str, by: By, method: Method, path: &'static str, body: Value) -> Change {
    Change {
        id,
        by,
        method,
        path,
        body,
    }
}

/// The initial password, the one that a server sets, and the one that the user sets.
const PASSWORDS: [&str; 3] = [PASSWORD, "set by the server", "set by the user"];

fn of_users() -> Vec<Change> {
    use By::{Key, User};
    let (patch, put, post, delete) = (Method::PATCH, Method::PUT, Method::POST, Method::DELETE);
    let own = |id, path, body| change(id, User, patch.clone(), path, body);
    let server = |id, path, body| change(id, Key, patch.clone(), path, body);
    vec![
        server("users.updateName", "/v1/users/{id}/name", json!({"name": "by key"})),
        server(
            "users.updateEmail",
            "/v1/users/{id}/email",
            json!({"email": "key-{id}@example.org"}),
        ),
        server(
            "users.updatePhone",
            "/v1/users/{id}/phone",
            json!({"number": "+1555{n}"}),
        ),
        server("users.updateStatus", "/v1/users/{id}/status", json!({"status": false})),
        server("users.updateMFA", "/v1/users/{id}/mfa", json!({"mfa": true})),
        server(
            "users.updatePrefs",
            "/v1/users/{id}/prefs",
            json!({"prefs": {"by": "key"}}),
        ),
        server(
            "users.updatePassword",
            "/v1/users/{id}/password",
            json!({"password": PASSWORDS[1]}),
        ),
        server(
            "users.updateEmailVerification",
            "/v1/users/{id}/verification",
            json!({"emailVerification": true}),
        ),
        server(
            "users.updatePhoneVerification",
            "/v1/users/{id}/verification/phone",
            json!({"phoneVerification": true}),
        ),
        server(
            "users.updateTarget",
            "/v1/users/{id}/targets/{id}",
            json!({"name": "by key"}),
        ),
        change(
            "users.updateLabels",
            Key,
            put.clone(),
            "/v1/users/{id}/labels",
            json!({"labels": ["vip"]}),
        ),
        change(
            "users.deleteSessions",
            Key,
            delete.clone(),
            "/v1/users/{id}/sessions",
            Value::Null,
        ),
        change("users.createSession", Key, post, "/v1/users/{id}/sessions", json!({})),
        change(
            "users.deleteTarget",
            Key,
            delete.clone(),
            "/v1/users/{id}/targets/{id}",
            Value::Null,
        ),
        change("users.delete", Key, delete, "/v1/users/{id}", Value::Null),
        own("account.updateName", "/v1/account/name", json!({"name": "by user"})),
        own(
            "account.updatePrefs",
            "/v1/account/prefs",
            json!({"prefs": {"by": "user"}}),
        ),
        own(
            "account.updateEmail",
            "/v1/account/email",
            json!({"email": "user-{id}@example.org", "password": PASSWORD}),
        ),
        own(
            "account.updatePhone",
            "/v1/account/phone",
            json!({"phone": "+1666{n}", "password": PASSWORD}),
        ),
        own(
            "account.updatePassword",
            "/v1/account/password",
            json!({"password": PASSWORDS[2], "oldPassword": PASSWORD}),
        ),
        own("account.updateMFA", "/v1/account/mfa", json!({"mfa": true})),
        own("account.updateStatus", "/v1/account/status", json!({})),
        own("account.updateSession", "/v1/account/sessions/current", json!({})),
    ]
}

fn of_teams() -> Vec<Change> {
    use By::{Key, User};
    let (patch, put, post, delete) = (Method::PATCH, Method::PUT, Method::POST, Method::DELETE);
    let member = "/v1/teams/{id}/memberships/{member}";
    vec![
        change(
            "teams.updateName",
            User,
            put.clone(),
            "/v1/teams/{id}",
            json!({"name": "other"}),
        ),
        change(
            "teams.updatePrefs",
            User,
            put,
            "/v1/teams/{id}/prefs",
            json!({"prefs": {"a": 1}}),
        ),
        change(
            "teams.updateMembership",
            User,
            patch,
            member,
            json!({"roles": ["writer"]}),
        ),
        change("teams.deleteMembership", User, delete.clone(), member, Value::Null),
        change(
            "teams.createMembership",
            Key,
            post,
            "/v1/teams/{id}/memberships",
            json!({"userId": "joan", "roles": ["reader"]}),
        ),
        change("users.delete", Key, delete, "/v1/users/m{id}", Value::Null),
    ]
}

fn of_projects() -> Vec<Change> {
    let patch = |id, path, body| change(id, By::Developer, Method::PATCH, path, body);
    let of = |id, path, body| change(id, By::Developer, Method::PATCH, path, body);
    vec![
        patch(
            "projects.update",
            "/v1/projects/shop",
            json!({"name": "Other", "description": "told"}),
        ),
        patch(
            "projects.updateServiceStatus",
            "/v1/projects/shop/service",
            json!({"service": "locale", "status": false}),
        ),
        patch(
            "projects.updateAPIStatus",
            "/v1/projects/shop/api",
            json!({"api": "graphql", "status": false}),
        ),
        patch(
            "projects.updateAuthDuration",
            "/v1/projects/shop/auth/duration",
            json!({"duration": 600}),
        ),
        patch(
            "projects.updateAuthLimit",
            "/v1/projects/shop/auth/limit",
            json!({"limit": 5000}),
        ),
        patch(
            "projects.updateAuthSessionsLimit",
            "/v1/projects/shop/auth/max-sessions",
            json!({"limit": 7}),
        ),
        patch(
            "projects.updateAuthPasswordDictionary",
            "/v1/projects/shop/auth/password-dictionary",
            json!({"enabled": true}),
        ),
        patch(
            "projects.updateAuthPasswordHistory",
            "/v1/projects/shop/auth/password-history",
            json!({"limit": 3}),
        ),
        patch(
            "projects.updatePersonalDataCheck",
            "/v1/projects/shop/auth/personal-data",
            json!({"enabled": true}),
        ),
        patch(
            "projects.updateSessionAlerts",
            "/v1/projects/shop/auth/session-alerts",
            json!({"alerts": true}),
        ),
        of(
            "projects.updateAuthStatus",
            "/v1/projects/shop/auth/anonymous",
            json!({"status": false}),
        ),
        patch(
            "projects.updateMockNumbers",
            "/v1/projects/shop/auth/mock-numbers",
            json!({"numbers": [{"phone": "+15550001111", "otp": "123456"}]}),
        ),
        change(
            "projects.updateLabels",
            By::Developer,
            Method::PUT,
            "/v1/projects/shop/labels",
            json!({"labels": ["big"]}),
        ),
    ]
}

/// Endpoint ids that are not tested in pairs, and the reason. A `*` matches any part of an id.
const EXEMPT: [(&str, &str); 17] = [
    (
        "account.updateMFAAuthenticator",
        "taken one at a time under the lock of a user's factors",
    ),
    (
        "account.updateMFAChallenge",
        "taken one at a time under the lock of a user's factors",
    ),
    (
        "account.updateMFARecoveryCodes",
        "taken one at a time under the lock of a user's factors",
    ),
    (
        "users.updateMFARecoveryCodes",
        "taken one at a time under the lock of a user's factors",
    ),
    (
        "users.createMFARecoveryCodes",
        "taken one at a time under the lock of a user's factors",
    ),
    (
        "account.update*Session",
        "a token is claimed by one caller; the session is new",
    ),
    (
        "account.updateRecovery",
        "a token is claimed by one caller, then as users.updatePassword",
    ),
    (
        "account.updateEmailVerification",
        "a token is claimed by one caller, then as users.updateEmailVerification",
    ),
    (
        "account.updatePhoneVerification",
        "a token is claimed by one caller, then as users.updatePhoneVerification",
    ),
    ("account.updatePushTarget", "by the same function as users.updateTarget"),
    ("teams.updateMembershipStatus", "services/teams/tests/invitations.rs"),
    (
        "project.*",
        "the same record as projects.*, by the same function (projects::project::update)",
    ),
    (
        "projects.update*",
        "the same record as those above, by the same function (projects::project::update)",
    ),
    (
        "tablesDB.*",
        "rows are compared with a model (domain/records/tests), tables change under their lock",
    ),
    ("databases.*", "as tablesDB.*"),
    ("", "a piece of an import: domain/records/tests/transfer.rs"),
    ("locale.*", "changes nothing"),
];

fn is_exempt(id: &str) -> bool {
    EXEMPT.iter().any(|(pattern, _)| match pattern.split_once('*') {
        Some((start, end)) => id.starts_with(start) && id.ends_with(end) && id.len() >= start.len() + end.len(),
        None => id == *pattern,
    })
}

#[tokio::test]
async fn every_changing_endpoint_is_in_a_pair_or_exempted() {
    let fixture = Fixture::new().await;
    let paired: BTreeSet<&str> = [of_users(), of_teams(), of_projects()]
        .iter()
        .flatten()
        .map(|one| one.id)
        .collect();
    let endpoints = fixture.server.running.router.endpoints();
    let declared = endpoints.iter().map(|endpoint| &endpoint.declaration);
    let changing = declared
        .clone()
        .filter(|one| matches!(one.method, Method::PATCH | Method::PUT));
    let missing: Vec<_> = changing
        .map(|one| one.id)
        .filter(|id| !paired.contains(id) && !is_exempt(id))
        .collect();
    assert!(missing.is_empty(), "in no pair, and without a reason: {missing:?}");
    let known: BTreeSet<&str> = declared.map(|one| one.id).collect();
    let unknown: Vec<_> = paired.iter().filter(|id| !known.contains(**id)).collect();
    assert!(unknown.is_empty(), "no such endpoint: {unknown:?}");
}

/// An entity created for one run: its id, its number, and its callers.
struct Noun {
    id: String,
    number: usize,
    member: String,
    actors: BTreeMap<&'static str, Actor>,
}

impl Noun {
    async fn apply(&self, change: &Change) {
        let fill = |text: &str| {
            text.replace("{id}", &self.id)
                .replace("{n}", &format!("{:07}", self.number))
                .replace("{member}", &self.member)
        };
        let body = (!change.body.is_null()).then(|| {
            let text = fill(&change.body.to_string());
            serde_json::from_str(&text).expect("JSON")
        });
        let name = match change.by {
            By::User => "user",
            By::Key => "key",
            By::Developer => "developer",
        };
        let reply = self.actors[name]
            .send(change.method.clone(), &fill(change.path), body)
            .await;
        assert!(reply.status < 500, "{}: {} {}", change.id, reply.status, reply.body);
    }
}

async fn add_user(fixture: &Fixture, key: &Actor, id: &str) -> Actor {
    let user = json!({"userId": id, "email": format!("{id}@example.com"), "password": PASSWORD, "name": "first"});
    key.post("/v1/users", user).await.assert_status(201);
    let session = key.post(&format!("/v1/users/{id}/sessions"), json!({})).await;
    session.assert_status(201);
    fixture
        .server
        .guest(SHOP)
        .with_header("x-appwrite-session", session.text("secret"))
}

async fn new_user(fixture: &Fixture, key: &Actor, number: usize) -> Noun {
    let id = format!("u{number}");
    let user = add_user(fixture, key, &id).await;
    let target = json!({"targetId": id, "providerType": "push", "identifier": id});
    key.post(&format!("/v1/users/{id}/targets"), target)
        .await
        .assert_status(201);
    Noun {
        id,
        number,
        member: String::new(),
        actors: BTreeMap::from([("user", user), ("key", key.clone())]),
    }
}

async fn new_team(fixture: &Fixture, key: &Actor, number: usize) -> Noun {
    let id = format!("t{number}");
    let user = add_user(fixture, key, &id).await;
    add_user(fixture, key, &format!("m{id}")).await;
    user.post("/v1/teams", json!({"teamId": id, "name": "first"}))
        .await
        .assert_status(201);
    let member = json!({"userId": format!("m{id}"), "roles": ["reader"]});
    let member = key.post(&format!("/v1/teams/{id}/memberships"), member).await;
    Noun {
        id,
        number,
        member: member.text("$id").to_owned(),
        actors: BTreeMap::from([("user", user), ("key", key.clone())]),
    }
}

/// Resets the record of the project: all runs share one project.
async fn new_project(fixture: &Fixture, _: &Actor, number: usize) -> Noun {
    let console = fixture.server.running.app.projects.database();
    let shop = ProjectId::trusted(SHOP);
    console
        .write(move |tx| {
            projects::project::update(tx, &shop, |record| {
                record.settings = Json(projects::Settings::default());
                record.labels = Json(Vec::new());
                record.name = "first".to_owned();
                record.description = String::new();
            })
        })
        .await
        .expect("the project as it was");
    Noun {
        id: SHOP.to_owned(),
        number,
        member: String::new(),
        actors: BTreeMap::from([("developer", fixture.ada.clone())]),
    }
}

/// A reply without the values that differ between runs: dates, hashes, and the entity's id and number.
fn plain(noun: &Noun, reply: &testkit::Reply) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                let keys: Vec<String> = fields.keys().cloned().collect();
                for key in keys {
                    let changes = key.starts_with('$') && key != "$permissions";
                    let is_date = ["At", "Update", "expire", "invited", "joined", "registration"]
                        .iter()
                        .any(|end| key.ends_with(end));
                    if changes || is_date || ["password", "hash", "hashOptions"].contains(&key.as_str()) {
                        fields.remove(&key);
                    }
                }
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => {
                items.iter_mut().for_each(strip);
                items.sort_by_key(ToString::to_string);
            }
            _ => {}
        }
    }
    let mut body = reply.body.clone();
    strip(&mut body);
    let text = format!("{} {body}", reply.status);
    text.replace(&noun.id, "ID")
        .replace(&format!("{:07}", noun.number), "N")
}

async fn state_of_user(fixture: &Fixture, key: &Actor, noun: &Noun) -> String {
    let path = format!("/v1/users/{}", noun.id);
    let (user, sessions) = (key.get(&path).await, key.get(&format!("{path}/sessions")).await);
    let mut state = format!("{}\n{}", plain(noun, &user), plain(noun, &sessions));
    let email = user.body["email"].as_str().unwrap_or_default().to_owned();
    for password in PASSWORDS {
        let opens = fixture.server.guest(SHOP).sign_in(&email, password).await.status == 201;
        state.push_str(&format!("\n{password} opens: {opens}"));
    }
    state
}

async fn state_of_team(_: &Fixture, key: &Actor, noun: &Noun) -> String {
    let path = format!("/v1/teams/{}", noun.id);
    let (team, prefs) = (key.get(&path).await, key.get(&format!("{path}/prefs")).await);
    let members = key.get(&format!("{path}/memberships")).await;
    [team, prefs, members]
        .iter()
        .map(|reply| plain(noun, reply))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn state_of_project(fixture: &Fixture, _: &Actor, noun: &Noun) -> String {
    plain(noun, &fixture.ada.get("/v1/projects/shop").await)
}

/// Runs every pair, and fails if a concurrent run has a result that neither serial order has.
async fn check_pairs(
    changes: &[Change],
    create_noun: impl AsyncFn(&Fixture, &Actor, usize) -> Noun,
    state: impl AsyncFn(&Fixture, &Actor, &Noun) -> String,
) {
    let fixture = Fixture::new().await;
    let scopes: Vec<Scope> = common::key_scopes();
    let key = fixture.key(SHOP, &scopes);
    let rounds: usize = std::env::var("FERRITE_TEST_PAIR_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let (mut number, mut lost) = (0, Vec::new());
    for (index, one) in changes.iter().enumerate() {
        for other in &changes[index + 1..] {
            let mut create = async || {
                number += 1;
                create_noun(&fixture, &key, number).await
            };
            let mut orders = Vec::new();
            for pair in [[one, other], [other, one]] {
                let noun = create().await;
                noun.apply(pair[0]).await;
                noun.apply(pair[1]).await;
                orders.push(state(&fixture, &key, &noun).await);
            }
            for _ in 0..rounds {
                let noun = create().await;
                tokio::join!(noun.apply(one), noun.apply(other));
                let found = state(&fixture, &key, &noun).await;
                if !orders.contains(&found) {
                    lost.push(format!(
                        "{} and {}:\n{found}\nis neither\n{}",
                        one.id,
                        other.id,
                        orders.join("\nnor\n")
                    ));
                    break;
                }
            }
        }
    }
    assert!(
        lost.is_empty(),
        "{} pairs lose a change:\n{}",
        lost.len(),
        lost.join("\n\n")
    );
}

#[tokio::test]
async fn concurrent_changes_of_a_user_are_both_stored() {
    check_pairs(&of_users(), new_user, state_of_user).await;
}

#[tokio::test]
async fn concurrent_changes_of_a_team_are_both_stored() {
    check_pairs(&of_teams(), new_team, state_of_team).await;
}

#[tokio::test]
async fn concurrent_changes_of_a_project_are_both_stored() {
    check_pairs(&of_projects(), new_project, state_of_project).await;
}

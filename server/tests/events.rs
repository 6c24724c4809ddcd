//! Calls every endpoint that emits an event, and checks that the change log has each declared event with its ids filled
//! in.

mod common;

use std::collections::BTreeSet;

use common::{CONSOLE, Fixture, SHOP};
use testkit::{Actor, PASSWORD, Value, json};

async fn done(reply: testkit::Reply) -> Value {
    assert!((200..300).contains(&reply.status), "{} {}", reply.status, reply.body);
    reply.body
}

/// Acts of a user on their account.
async fn account_calls(fixture: &Fixture) {
    let mut user = fixture.server.user(SHOP, "kay").await;
    for (path, body) in [
        ("name", json!({"name": "Kay"})),
        (
            "password",
            json!({"password": "another horse", "oldPassword": PASSWORD}),
        ),
        (
            "email",
            json!({"email": "kay@example.org", "password": "another horse"}),
        ),
        ("phone", json!({"phone": "+15555550100", "password": "another horse"})),
        ("prefs", json!({"prefs": {"a": 1}})),
    ] {
        done(user.patch(&format!("/v1/account/{path}"), body).await).await;
    }
    done(user.patch("/v1/account/sessions/current", json!({})).await).await;
    factors(fixture, &user).await;
    done(user.delete("/v1/account/sessions/current").await).await;
    done(user.sign_in("kay@example.org", "another horse").await).await;
    done(user.delete("/v1/account/sessions").await).await;
    done(user.sign_in("kay@example.org", "another horse").await).await;
    done(user.patch("/v1/account/status", json!({})).await).await;
    let identity = &fixture.alan_ids["identityId"];
    done(fixture.alan.delete(&format!("/v1/account/identities/{identity}")).await).await;
}

/// Acts of verification and password recovery.
async fn verification(fixture: &Fixture) {
    const URL: &str = "https://shop.example/";
    let (server, user) = (&fixture.server, fixture.server.user(SHOP, "ida").await);
    let secret = async |number: Option<&str>| match number {
        Some(number) => testkit::code_of(&server.sms_to(number).await),
        None => testkit::link_of(&server.mail_to("ida@example.com").await)["secret"].clone(),
    };
    done(user.post("/v1/account/verification", json!({"url": URL})).await).await;
    let proof = json!({"userId": "ida", "secret": secret(None).await});
    done(user.put("/v1/account/verification", proof).await).await;
    server.empty_inbox();
    let recovery = json!({"email": "ida@example.com", "url": URL});
    done(user.post("/v1/account/recovery", recovery).await).await;
    let proof = json!({"userId": "ida", "secret": secret(None).await, "password": "another horse"});
    done(user.put("/v1/account/recovery", proof).await).await;
    let phone = json!({"phone": "+15555550102", "password": "another horse"});
    done(user.patch("/v1/account/phone", phone).await).await;
    done(user.post("/v1/account/verification/phone", json!({})).await).await;
    let proof = json!({"userId": "ida", "secret": secret(Some("+15555550102")).await});
    done(user.put("/v1/account/verification/phone", proof).await).await;
    server.empty_inbox();
    let invitation = json!({"email": "ida@example.com", "roles": [], "url": URL});
    let invited = done(fixture.alan.post("/v1/teams/crew/memberships", invitation).await).await;
    let path = format!(
        "/v1/teams/crew/memberships/{}/status",
        invited["$id"].as_str().expect("an id")
    );
    let proof = json!({"userId": "ida", "secret": secret(None).await});
    done(user.patch(&path, proof).await).await;
}

/// Acts of a user on second factors and devices.
async fn factors(fixture: &Fixture, user: &Actor) {
    let device = json!({"targetId": "device", "identifier": "token"});
    done(user.post("/v1/account/targets/push", device.clone()).await).await;
    done(user.put("/v1/account/targets/device/push", device).await).await;
    done(user.delete("/v1/account/targets/device/push").await).await;
    let app = "/v1/account/mfa/authenticators/totp";
    let secret = done(user.post(app, json!({})).await).await["secret"].clone();
    let step = secrets::totp::step(fixture.server.clock.now());
    let code = |step| secrets::totp::code(secret.as_str().expect("a secret"), step);
    done(user.put(app, json!({"otp": code(step)})).await).await;
    done(user.post("/v1/account/mfa/recovery-codes", json!({})).await).await;
    let asked = user.post("/v1/account/mfa/challenges", json!({"factor": "totp"})).await;
    let answer = json!({"challengeId": done(asked).await["$id"], "otp": code(step + 1)});
    done(user.put("/v1/account/mfa/challenges", answer).await).await;
    done(user.delete(app).await).await;
}

/// Acts of a server on a user.
async fn project_calls(key: &Actor) {
    done(
        key.post("/v1/users", json!({"userId": "lin", "email": "lin@example.com"}))
            .await,
    )
    .await;
    for (path, body) in [
        ("name", json!({"name": "Lin"})),
        ("status", json!({"status": true})),
        ("mfa", json!({"mfa": false})),
        ("password", json!({"password": "another horse"})),
        ("email", json!({"email": "lin@example.org"})),
        ("phone", json!({"number": "+15555550101"})),
        ("verification", json!({"emailVerification": true})),
        ("verification/phone", json!({"phoneVerification": true})),
        ("prefs", json!({"prefs": {"a": 1}})),
    ] {
        done(key.patch(&format!("/v1/users/lin/{path}"), body).await).await;
    }
    done(key.put("/v1/users/lin/labels", json!({"labels": ["vip"]})).await).await;
    let session = done(key.post("/v1/users/lin/sessions", json!({})).await).await;
    let session = session["$id"].as_str().expect("an id");
    done(key.delete(&format!("/v1/users/lin/sessions/{session}")).await).await;
    done(key.post("/v1/users/lin/sessions", json!({})).await).await;
    done(key.delete("/v1/users/lin/sessions").await).await;
    done(key.post("/v1/users/lin/tokens", json!({})).await).await;
    let target = json!({"targetId": "lins", "providerType": "push", "identifier": "lins"});
    done(key.post("/v1/users/lin/targets", target).await).await;
    done(key.patch("/v1/users/lin/targets/lins", json!({"name": "Phone"})).await).await;
    done(key.delete("/v1/users/lin/targets/lins").await).await;
    done(key.patch("/v1/users/lin/mfa/recovery-codes", json!({})).await).await;
    done(key.put("/v1/users/lin/mfa/recovery-codes", json!({})).await).await;
    done(key.delete("/v1/users/lin").await).await;
}

/// Acts of an owner on a team.
async fn team_calls(fixture: &Fixture, key: &Actor) {
    let owner = &fixture.joan;
    done(owner.post("/v1/teams", json!({"teamId": "club", "name": "Club"})).await).await;
    done(owner.put("/v1/teams/club", json!({"name": "Clubs"})).await).await;
    done(owner.put("/v1/teams/club/prefs", json!({"prefs": {"a": 1}})).await).await;
    let member = key
        .post(
            "/v1/teams/club/memberships",
            json!({"userId": "mary", "roles": ["reader"]}),
        )
        .await;
    let member = done(member).await["$id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/teams/club/memberships/{member}");
    done(owner.patch(&path, json!({"roles": ["writer"]})).await).await;
    done(owner.delete(&path).await).await;
    done(owner.delete("/v1/teams/club").await).await;
}

/// Acts of a server on databases, in one vocabulary.
async fn database_calls(key: &Actor, vocabulary: testkit::Vocabulary) {
    let id = vocabulary.tables;
    done(
        key.post(vocabulary.base, json!({"databaseId": id, "name": "Library"}))
            .await,
    )
    .await;
    done(key.put(&vocabulary.database(id), json!({"name": "Books"})).await).await;
    let table = json!({(vocabulary.table_id): "books", "name": "Books"});
    let tables = format!("{}/{}", vocabulary.database(id), vocabulary.tables);
    done(key.post(&tables, table.clone()).await).await;
    done(key.put(&vocabulary.table(id, "books"), table).await).await;
    let column = json!({"key": "title", "size": 64, "required": false, "default": null});
    done(
        key.post(&vocabulary.columns(id, "books", "/string"), column.clone())
            .await,
    )
    .await;
    done(
        key.patch(&vocabulary.columns(id, "books", "/string/title"), column)
            .await,
    )
    .await;
    let index = json!({"key": "title", "type": "key", (vocabulary.columns): ["title"]});
    done(key.post(&vocabulary.indexes(id, "books", ""), index).await).await;
    let row = json!({(vocabulary.row_id): "first", "data": {"title": "None"}});
    done(key.post(&vocabulary.rows(id, "books", ""), row).await).await;
    let change = json!({"data": {"title": "One"}});
    done(key.patch(&vocabulary.rows(id, "books", "/first"), change).await).await;
    let again = json!({"data": {"title": "Two"}});
    done(key.put(&vocabulary.rows(id, "books", "/first"), again).await).await;
    done(key.delete(&vocabulary.rows(id, "books", "/first")).await).await;
    done(key.delete(&vocabulary.indexes(id, "books", "/title")).await).await;
    done(key.delete(&vocabulary.columns(id, "books", "/title")).await).await;
    done(key.delete(&vocabulary.table(id, "books")).await).await;
    done(key.delete(&vocabulary.database(id)).await).await;
}

async fn names(fixture: &Fixture, database: &str) -> Vec<String> {
    let database = fixture.server.running.app.engine.database(database);
    let events = db::testing::change_log(&database).await;
    events.into_iter().map(|recorded| recorded.event.name()).collect()
}

/// Whether an event name matches a pattern, in which a placeholder in brackets stands for an id.
fn is_of(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<_>, Vec<_>) = (name.split('.').collect(), pattern.split('.').collect());
    name.len() == pattern.len()
        && name
            .iter()
            .zip(pattern)
            .all(|(word, part)| part.starts_with('[') || *word == part)
}

#[tokio::test]
async fn every_declared_event_is_emitted_with_ids() {
    let fixture = Fixture::new().await;
    let key = fixture.key(SHOP, &common::key_scopes());
    account_calls(&fixture).await;
    verification(&fixture).await;
    project_calls(&key).await;
    team_calls(&fixture, &key).await;
    for vocabulary in testkit::Vocabulary::BOTH {
        database_calls(&key, vocabulary).await;
    }
    let provider = json!({"clientId": "id", "clientSecret": "secret", "enabled": false});
    done(key.patch("/v1/project/oauth2/discord", provider).await).await;
    done(fixture.server.guest(SHOP).get("/v1/ping").await).await;

    let mut emitted = names(&fixture, SHOP).await;
    emitted.extend(names(&fixture, CONSOLE).await);
    let unfilled: Vec<_> = emitted
        .iter()
        .filter(|name| name.contains(['[', ']', '{', '}']))
        .collect();
    assert!(unfilled.is_empty(), "placeholders that nobody filled: {unfilled:?}");

    let endpoints = fixture.server.running.router.endpoints().iter();
    let declared: BTreeSet<&str> = endpoints.filter_map(|endpoint| endpoint.declaration.event).collect();
    let missing: Vec<_> = declared
        .iter()
        .filter(|pattern| !emitted.iter().any(|name| is_of(name, pattern)))
        .collect();
    assert!(missing.is_empty(), "declared and never emitted: {missing:?}");
}

//! What is answered, against Appwrite's models: every field, its type, its format, and nothing besides.

mod common;

use common::models::{assert_is, differences};
use common::{SHOP, World};
use testkit::{Server, Value, Words, json};

#[tokio::test]
async fn a_reply_that_is_wrong_is_noticed() {
    let team = json!({
        "$id": "crew", "$createdAt": "2026-11-21T12:00:00.000+00:00", "$updatedAt": "2026-11-21T12:00:00.000+00:00",
        "name": "crew", "total": 1, "prefs": {"colour": "red"},
    });
    assert_eq!(differences(&team, "team"), Vec::<String>::new());
    for (field, value) in [
        ("total", json!("1")),
        ("$createdAt", json!("2026-11-21T12:00:00Z")),
        ("extra", json!(1)),
    ] {
        let mut wrong = team.clone();
        wrong[field] = value;
        assert_eq!(differences(&wrong, "team").len(), 1, "{field}");
    }
}

#[tokio::test]
async fn an_account_is_shown_as_sdks_read_it() {
    let World { server, alan, .. } = World::new().await;
    assert_is(&alan.get("/v1/account").await, "account");
    assert_is(
        &alan.patch("/v1/account/name", json!({"name": "Alan"})).await,
        "account",
    );
    assert_is(
        &alan.patch("/v1/account/prefs", json!({"prefs": {"a": 1}})).await,
        "account",
    );
    assert_is(&alan.get("/v1/account/prefs").await, "preferences");
    assert_is(&alan.get("/v1/account/sessions").await, "sessionList");
    assert_is(&alan.get("/v1/account/sessions/current").await, "session");
    assert_is(&alan.get("/v1/account/logs").await, "logList");
    assert_is(&alan.get("/v1/account/identities").await, "identityList");
    assert_is(&alan.post("/v1/account/jwts", json!({})).await, "jwt");
    let anonymous = server
        .guest(SHOP)
        .post("/v1/account/sessions/anonymous", json!({}))
        .await;
    assert_is(anonymous.assert_status(201), "session");
    let new = json!({"userId": "unique()", "email": "new@example.com", "password": "long enough 1"});
    assert_is(
        server.guest(SHOP).post("/v1/account", new).await.assert_status(201),
        "account",
    );
}

#[tokio::test]
async fn users_are_shown_to_servers_as_sdks_read_them() {
    let world = World::new().await;
    let key = world.key(SHOP, &common::key_scopes());
    assert_is(&key.get("/v1/users").await, "userList");
    assert_is(&key.get("/v1/users/alan").await, "user");
    let nobody = key.post("/v1/users", json!({"userId": "nobody"})).await;
    assert_is(nobody.assert_status(201), "user");
    assert_is(&key.get("/v1/users/alan/sessions").await, "sessionList");
    assert_is(
        key.post("/v1/users/alan/sessions", json!({})).await.assert_status(201),
        "session",
    );
    assert_is(
        key.post("/v1/users/alan/tokens", json!({})).await.assert_status(201),
        "token",
    );
    assert_is(
        key.post("/v1/users/alan/jwts", json!({})).await.assert_status(201),
        "jwt",
    );
    assert_is(&key.get("/v1/users/mary/memberships").await, "membershipList");
    assert_is(&key.get("/v1/users/alan/logs").await, "logList");
    assert_is(&key.get("/v1/users/identities").await, "identityList");
    assert_is(&key.get("/v1/users/alan/prefs").await, "preferences");
}

#[tokio::test]
async fn teams_are_shown_as_sdks_read_them() {
    let World {
        server: _server, alan, ..
    } = World::new().await;
    assert_is(&alan.get("/v1/teams").await, "teamList");
    assert_is(&alan.get("/v1/teams/crew").await, "team");
    assert_is(&alan.get("/v1/teams/crew/memberships").await, "membershipList");
    assert_is(&alan.put("/v1/teams/crew", json!({"name": "Crew"})).await, "team");
    let none = alan.get("/v1/teams/crew/prefs").await;
    assert_is(&none, "preferences");
    assert!(none.body.is_object(), "nothing kept is an object, not a list");
}

#[tokio::test]
async fn projects_are_shown_as_the_console_reads_them() {
    let server = Server::start().await;
    let ada = server.console_user("ada").await;
    server.project(&ada, "shop").await;
    assert_is(&ada.get("/v1/projects").await, "projectList");
    assert_is(&ada.get("/v1/projects/shop").await, "project");
    let platform = json!({"type": "web", "name": "Web", "hostname": "shop.example"});
    let platform = ada.post("/v1/projects/shop/platforms", platform).await;
    assert_is(platform.assert_status(201), "platform");
    assert_is(&ada.get("/v1/projects/shop/platforms").await, "platformList");
    let key = ada
        .post(
            "/v1/projects/shop/keys",
            json!({"name": "key", "scopes": ["users.read"]}),
        )
        .await;
    assert_is(key.assert_status(201), "key");
    assert_is(&ada.get("/v1/projects/shop/keys").await, "keyList");
    let dev_key = json!({"name": "dev", "expire": "2030-01-01T00:00:00.000+00:00"});
    assert_is(
        ada.post("/v1/projects/shop/dev-keys", dev_key).await.assert_status(201),
        "devKey",
    );
    assert_is(&ada.get("/v1/projects/shop/dev-keys").await, "devKeyList");
    let jwt = ada
        .post("/v1/projects/shop/jwts", json!({"scopes": ["users.read"]}))
        .await;
    assert_is(jwt.assert_status(201), "jwt");
    assert_is(&ada.get("/v1/console/variables").await, "consoleVariables");
}

#[tokio::test]
async fn health_is_shown_as_sdks_read_it() {
    let world = World::new().await;
    let key = world.key(SHOP, &common::key_scopes());
    assert_is(&key.get("/v1/health").await, "healthStatus");
    for check in ["db", "cache", "pubsub"] {
        assert_is(&key.get(&format!("/v1/health/{check}")).await, "healthStatusList");
    }
    assert_is(&key.get("/v1/health/time").await, "healthTime");
    assert_is(
        &world.server.guest(SHOP).get("/v1/health/version").await,
        "healthVersion",
    );
}

#[tokio::test]
async fn places_are_shown_as_sdks_read_them() {
    let world = World::new().await;
    let guest = world.server.guest(SHOP);
    assert_is(&guest.get("/v1/locale").await, "locale");
    for (list, model) in [
        ("codes", "localeCodeList"),
        ("countries", "countryList"),
        ("countries/eu", "countryList"),
        ("countries/phones", "phoneList"),
        ("continents", "continentList"),
        ("currencies", "currencyList"),
        ("languages", "languageList"),
    ] {
        assert_is(&guest.get(&format!("/v1/locale/{list}")).await, model);
    }
}

#[tokio::test]
async fn databases_are_shown_as_sdks_read_them() {
    let world = World::new().await;
    let key = world.key(SHOP, &common::key_scopes());
    for words in Words::BOTH {
        let (database, table) = ("library", "books");
        let of = |tables: &'static str, collections: &'static str| match words == Words::TABLES {
            true => tables,
            false => collections,
        };
        assert_is(&key.get(words.base).await, "databaseList");
        assert_is(&key.get(&words.database(database)).await, "database");
        for (kind, own) in COLUMNS {
            let mut column: Value = serde_json::from_str(own).expect("JSON");
            (column["key"], column["required"]) = (format!("{kind}{}", words.tables).into(), false.into());
            let made = key
                .post(&words.columns(database, table, &format!("/{kind}")), column)
                .await;
            let name = format!(
                "{}{}{}",
                of("column", "attribute"),
                kind[..1].to_uppercase(),
                &kind[1..]
            );
            assert_is(made.assert_status(202), &name);
            let path = words.columns(database, table, &format!("/{}", made.text("key")));
            assert_is(&key.get(&path).await, &name);
        }
        assert_is(
            &key.get(&words.columns(database, table, "")).await,
            of("columnList", "attributeList"),
        );
        let index = json!({"key": words.tables, "type": "unique", (words.columns): ["title"], "orders": ["desc"], "lengths": [16]});
        let index = key.post(&words.indexes(database, table, ""), index).await;
        assert_is(index.assert_status(202), of("columnIndex", "index"));
        assert_is(
            &key.get(&words.indexes(database, table, "")).await,
            of("columnIndexList", "indexList"),
        );
        assert_is(&key.get(&words.table(database, table)).await, of("table", "collection"));
        let tables = format!("{}/{}", words.database(database), words.tables);
        assert_is(&key.get(&tables).await, of("tableList", "collectionList"));
        assert_is(
            &key.get(&words.rows(database, table, "/first")).await,
            of("row", "document"),
        );
    }
}

/// A column of each type, as it is made.
const COLUMNS: [(&str, &str); 16] = [
    ("string", r#"{"size": 20, "default": "x"}"#),
    ("varchar", r#"{"size": 20}"#),
    ("text", r#"{"encrypt": true}"#),
    ("mediumtext", "{}"),
    ("longtext", "{}"),
    ("email", "{}"),
    ("url", "{}"),
    ("ip", r#"{"default": "10.0.0.1"}"#),
    ("enum", r#"{"elements": ["a", "b"]}"#),
    ("integer", r#"{"min": 1, "default": 2}"#),
    ("float", r#"{"max": 9.5}"#),
    ("boolean", r#"{"array": true}"#),
    ("datetime", r#"{"default": "2026-01-01T00:00:00.000+00:00"}"#),
    ("point", "{}"),
    ("line", "{}"),
    ("polygon", "{}"),
];

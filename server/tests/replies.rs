//! Replies compared with Appwrite's models: every field, its type, its format, and no other fields.

mod common;

use common::models::{assert_is, differences};
use common::{Fixture, SHOP};
use testkit::{Server, Value, Vocabulary, json};

#[tokio::test]
async fn the_check_detects_wrong_replies() {
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
async fn account_models_match_the_sdks() {
    let Fixture { server, alan, .. } = Fixture::new().await;
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
async fn user_models_match_the_sdks() {
    let fixture = Fixture::new().await;
    let key = fixture.key(SHOP, &common::key_scopes());
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
    assert_is(&key.get("/v1/users/usage").await, "usageUsers");
    assert_is(&key.get("/v1/users/alan/targets").await, "targetList");
    let target = json!({"targetId": "work", "providerType": "email", "identifier": "alan@work.example"});
    let target = key.post("/v1/users/alan/targets", target).await;
    assert_is(target.assert_status(201), "target");
    assert_is(&key.get("/v1/users/alan/mfa/factors").await, "mfaFactors");
    let codes = key.patch("/v1/users/mary/mfa/recovery-codes", json!({})).await;
    assert_is(codes.assert_status(200), "mfaRecoveryCodes");
    for (kind, hash) in HASHES {
        let mut user: Value = serde_json::from_str(hash).expect("JSON");
        (user["userId"], user["email"]) = (kind.into(), format!("{kind}@example.com").into());
        let created = key.post(&format!("/v1/users/{kind}"), user).await;
        assert_is(created.assert_status(201), "user");
    }
}

/// Bodies that import a user with a password hash of each supported algorithm.
const HASHES: [(&str, &str); 7] = [
    (
        "argon2",
        r#"{"password": "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"}"#,
    ),
    (
        "bcrypt",
        r#"{"password": "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq"}"#,
    ),
    ("md5", r#"{"password": "f96b697d7cb7938d525a2f31aaf161d0"}"#),
    ("phpass", r#"{"password": "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"}"#),
    (
        "sha",
        r#"{"password": "84983e441c3bd26ebaae4aa1f95129e5e54670f1", "passwordVersion": "sha1"}"#,
    ),
    (
        "scrypt",
        r#"{"password": "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "passwordSalt": "salt",
            "passwordCpu": 8, "passwordMemory": 14, "passwordParallel": 1, "passwordLength": 32}"#,
    ),
    (
        "scrypt-modified",
        r#"{"password": "AAAAAAAAAAAAAAAAAAAAAA==", "passwordSalt": "42xEC+ixf3L2lw==", "passwordSaltSeparator": "Bw==",
            "passwordSignerKey": "AAAAAAAAAAAAAAAAAAAAAA=="}"#,
    ),
];

#[tokio::test]
async fn factor_models_match_the_sdks() {
    let Fixture { server, joan, .. } = Fixture::new().await;
    assert_is(&joan.get("/v1/account/mfa/factors").await, "mfaFactors");
    assert_is(&joan.patch("/v1/account/mfa", json!({"mfa": false})).await, "account");
    let app = joan.post("/v1/account/mfa/authenticators/totp", json!({})).await;
    assert_is(app.assert_status(200), "mfaType");
    let step = secrets::totp::step(server.clock.now());
    let otp = secrets::totp::code(app.text("secret"), step).expect("a secret");
    let verified = joan
        .put("/v1/account/mfa/authenticators/totp", json!({"otp": otp}))
        .await;
    assert_is(verified.assert_status(200), "account");
    let codes = joan.post("/v1/account/mfa/recovery-codes", json!({})).await;
    assert_is(codes.assert_status(200), "mfaRecoveryCodes");
    let asked = joan.post("/v1/account/mfa/challenges", json!({"factor": "totp"})).await;
    assert_is(asked.assert_status(200), "mfaChallenge");
    // The code of the set-up is used; that of the next step is taken, too.
    let otp = secrets::totp::code(app.text("secret"), step + 1).expect("a secret");
    let answer = json!({"challengeId": asked.text("$id"), "otp": otp});
    let session = joan.put("/v1/account/mfa/challenges", answer).await;
    assert_is(session.assert_status(200), "session");
    assert_is(&joan.get("/v1/account/mfa/recovery-codes").await, "mfaRecoveryCodes");
    let device = json!({"targetId": "phone", "identifier": "token"});
    let device = joan.post("/v1/account/targets/push", device).await;
    assert_is(device.assert_status(201), "target");
}

#[tokio::test]
async fn token_models_match_the_sdks() {
    const URL: &str = "https://shop.example/";
    let Fixture { server, alan, .. } = Fixture::new().await;
    let guest = server.guest(SHOP);
    for (path, wish) in [
        ("tokens/magic-url", json!({"userId": "new", "email": "new@example.com"})),
        (
            "tokens/email",
            json!({"userId": "new", "email": "new@example.com", "phrase": true}),
        ),
        ("tokens/phone", json!({"userId": "other", "phone": "+15555550103"})),
        ("recovery", json!({"email": "alan@example.com", "url": URL})),
    ] {
        let reply = guest.post(&format!("/v1/account/{path}"), wish).await;
        assert_is(reply.assert_status(201), "token");
    }
    let verification = alan.post("/v1/account/verifications/email", json!({"url": URL})).await;
    assert_is(verification.assert_status(201), "token");
    let invitation = json!({"email": "ida@example.com", "roles": [], "url": URL});
    let invited = alan.post("/v1/teams/crew/memberships", invitation).await;
    assert_is(invited.assert_status(201), "membership");
    let link = testkit::link_of(&server.mail_to("ida@example.com").await);
    let path = format!("/v1/teams/crew/memberships/{}/status", link["membershipId"]);
    let proof = json!({"userId": link["userId"], "secret": link["secret"]});
    assert_is(guest.patch(&path, proof).await.assert_status(200), "membership");
    assert_is(&alan.get("/v1/teams/crew/logs").await, "logList");
}

#[tokio::test]
async fn team_models_match_the_sdks() {
    let Fixture {
        server: _server, alan, ..
    } = Fixture::new().await;
    assert_is(&alan.get("/v1/teams").await, "teamList");
    assert_is(&alan.get("/v1/teams/crew").await, "team");
    assert_is(&alan.get("/v1/teams/crew/memberships").await, "membershipList");
    assert_is(&alan.put("/v1/teams/crew", json!({"name": "Crew"})).await, "team");
    let none = alan.get("/v1/teams/crew/prefs").await;
    assert_is(&none, "preferences");
    assert!(none.body.is_object(), "nothing kept is an object, not a list");
}

#[tokio::test]
async fn project_models_match_the_console() {
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
    for template in ["email/recovery/en", "sms/login/en"] {
        let reply = ada.get(&format!("/v1/projects/shop/templates/{template}")).await;
        let model = if template.starts_with("email") {
            "emailTemplate"
        } else {
            "smsTemplate"
        };
        assert_is(reply.assert_status(200), model);
    }
    let jwt = ada
        .post("/v1/projects/shop/jwts", json!({"scopes": ["users.read"]}))
        .await;
    assert_is(jwt.assert_status(201), "jwt");
    assert_is(&ada.get("/v1/console/variables").await, "consoleVariables");
}

#[tokio::test]
async fn health_models_match_the_sdks() {
    let fixture = Fixture::new().await;
    let key = fixture.key(SHOP, &common::key_scopes());
    assert_is(&key.get("/v1/health").await, "healthStatus");
    for check in ["db", "cache", "pubsub"] {
        assert_is(&key.get(&format!("/v1/health/{check}")).await, "healthStatusList");
    }
    assert_is(&key.get("/v1/health/time").await, "healthTime");
    assert_is(
        &fixture.server.guest(SHOP).get("/v1/health/version").await,
        "healthVersion",
    );
}

#[tokio::test]
async fn locale_models_match_the_sdks() {
    let fixture = Fixture::new().await;
    let guest = fixture.server.guest(SHOP);
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
async fn database_models_match_the_sdks() {
    let fixture = Fixture::new().await;
    let key = fixture.key(SHOP, &common::key_scopes());
    for vocabulary in Vocabulary::BOTH {
        let (database, table) = ("library", "books");
        let of = |tables: &'static str, collections: &'static str| {
            if vocabulary == Vocabulary::TABLES {
                tables
            } else {
                collections
            }
        };
        assert_is(&key.get(vocabulary.base).await, "databaseList");
        assert_is(&key.get(&vocabulary.database(database)).await, "database");
        for (kind, own) in COLUMNS {
            let mut column: Value = serde_json::from_str(own).expect("JSON");
            (column["key"], column["required"]) = (format!("{kind}{}", vocabulary.tables).into(), false.into());
            let created = key
                .post(&vocabulary.columns(database, table, &format!("/{kind}")), column)
                .await;
            let name = format!(
                "{}{}{}",
                of("column", "attribute"),
                kind[..1].to_uppercase(),
                &kind[1..]
            );
            assert_is(created.assert_status(202), &name);
            let path = vocabulary.columns(database, table, &format!("/{}", created.text("key")));
            assert_is(&key.get(&path).await, &name);
        }
        assert_is(
            &key.get(&vocabulary.columns(database, table, "")).await,
            of("columnList", "attributeList"),
        );
        let index = json!({"key": vocabulary.tables, "type": "unique", (vocabulary.columns): ["title"], "orders": ["desc"], "lengths": [16]});
        let index = key.post(&vocabulary.indexes(database, table, ""), index).await;
        assert_is(index.assert_status(202), of("columnIndex", "index"));
        assert_is(
            &key.get(&vocabulary.indexes(database, table, "")).await,
            of("columnIndexList", "indexList"),
        );
        assert_is(
            &key.get(&vocabulary.table(database, table)).await,
            of("table", "collection"),
        );
        let tables = format!("{}/{}", vocabulary.database(database), vocabulary.tables);
        assert_is(&key.get(&tables).await, of("tableList", "collectionList"));
        assert_is(
            &key.get(&vocabulary.rows(database, table, "/first")).await,
            of("row", "document"),
        );
    }
}

/// Bodies that create a column of each type.
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

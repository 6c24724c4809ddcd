//! Every table has a rule that ends its rows, and the rules are applied.

use std::time::Duration;

use db::retention::{Age, Ends};
use db::{Database, Dialect};
use server::maintenance::AllRules;
use server::services::{self, Parts};
use testkit::{Server, Value, json};

/// The tables of a database, without users' tables (`t1_…`).
async fn tables(database: &Database) -> Vec<String> {
    let sql = match database.engine().dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        Dialect::Postgres => "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = current_schema()",
    };
    let all: Vec<String> = database.read(|tx| tx.sql_all(sql, &[])).await.expect("tables");
    let is_ours = |name: &String| {
        let number = name.strip_prefix('t').and_then(|rest| rest.split('_').next());
        !number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    all.into_iter().filter(is_ours).collect()
}

#[tokio::test]
async fn every_table_has_a_rule_that_ends_its_rows() {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let rules = AllRules::of(&services::all(&Parts::for_commands().expect("parts")));
    for name in [projects::CONSOLE, "shop"] {
        let tables = tables(&server.running.app.engine.database(name)).await;
        assert!(tables.len() > 15, "{tables:?}");
        let rules = rules.of_database(name);
        for table in &tables {
            assert!(
                rules.contains_key(table.as_str()),
                "{table} of {name} has no rule: db::retention"
            );
        }
        for (table, rule) in rules {
            assert!(
                tables.iter().any(|name| name == table),
                "there is no table {table} in {name}"
            );
            match rule.ends {
                Ends::Bounded(reason) => assert!(!reason.is_empty(), "{table}"),
                Ends::Aged(Age::Fixed(age), _) => assert!(age <= Duration::from_secs(366 * 86_400), "{table}"),
                Ends::Aged(Age::Audit, _) => assert_eq!(*table, "audit"),
            }
        }
    }
}

async fn count(database: &Database, sql: &'static str) -> i64 {
    database.read(move |tx| tx.sql_one(sql, &[])).await.expect("a count")
}

#[tokio::test]
async fn old_rows_are_deleted_and_newer_ones_are_not() {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let shop = server.running.app.engine.database("shop");
    let schedules = server.running.app.projects.database().clone();
    let ada = server.user("shop", "ada").await;
    for name in ["one", "two"] {
        ada.patch("/v1/account/name", json!({"name": name}))
            .await
            .assert_status(200);
    }
    let body = json!({"email": "ada@example.com", "url": "http://localhost/recovery"});
    server.guest("shop").post("/v1/account/recovery", body).await;
    let ttl = json!({"ttl": 60});
    ada.post("/v1/tablesdb/transactions", ttl).await.assert_status(201);
    shop.write(|tx| {
        tx.sql_execute(
            "INSERT INTO _jobs (kind, payload, state, attempts, due, created) VALUES ('x', '{}', 'dead', 1, ?, ?)",
            &[db::value(&tx.now()), db::value(&tx.now())],
        )
    })
    .await
    .expect("a dead job");
    // More than one step.
    shop.write(|tx| {
        let origin = identity::Origin::default();
        (0..1200)
            .try_for_each(|_| identity::audit::record(tx, "ada", "user.update", "user/ada".into(), "default", &origin))
    })
    .await
    .expect("entries");
    let audit = "SELECT count(*) FROM audit";
    let before = count(&shop, audit).await;
    assert!(before > 1200, "{before}");

    // The schedule is known once its due time is stored.
    while count(
        &schedules,
        "SELECT count(*) FROM _schedules WHERE name = 'maintenance.hourly'",
    )
    .await
        == 0
    {
        tokio::task::yield_now().await;
    }
    // One day short of the age of the audit log.
    server.advance(Duration::from_secs(89 * 86_400));
    server.user("shop", "grace").await;
    let after = |what: &'static str, sql: &'static str, rest: i64| {
        let (server, shop) = (&server, &shop);
        async move {
            for _ in 0..100_000 {
                if count(shop, sql).await == rest {
                    return;
                }
                server.running.wake_schedules();
                tokio::task::yield_now().await;
            }
            panic!("{what} are not deleted");
        }
    };
    after("dead jobs", "SELECT count(*) FROM _jobs WHERE state = 'dead'", 0).await;
    after("transactions", "SELECT count(*) FROM transactions", 0).await;
    assert!(count(&shop, audit).await > before, "newer entries stay");
    server.advance(Duration::from_secs(2 * 86_400));
    let ada_entries = "SELECT count(*) FROM audit WHERE user_id = 'ada'";
    after("audit entries", ada_entries, 0).await;
    assert!(count(&shop, audit).await > 0, "those of the other user stay");
    server.advance(Duration::from_secs(400 * 86_400));
    after("sessions", "SELECT count(*) FROM sessions", 0).await;
    after("tokens", "SELECT count(*) FROM tokens", 0).await;
    let users: Value = count(&shop, "SELECT count(*) FROM users").await.into();
    assert_eq!(users, 2);
}

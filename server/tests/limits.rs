//! Limits of the database: a full disk, statements that take too long, and other databases meanwhile.

use db::Dialect;
use testkit::{Actor, Options, Server, Value, json};

const TABLE: &str = "/v1/tablesdb/main/tables/notes";

async fn shop(server: &Server) -> Actor {
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let scopes = ["databases.write", "tables.write", "rows.read", "rows.write"];
    let key = server.key(&console, "shop", &scopes).await;
    let database = json!({"databaseId": "main", "name": "Main"});
    key.post("/v1/tablesdb", database).await.assert_status(201);
    let table = json!({"tableId": "notes", "name": "Notes"});
    key.post("/v1/tablesdb/main/tables", table).await.assert_status(201);
    let column = json!({"key": "text", "size": 1_000_000, "required": false});
    key.post(&format!("{TABLE}/columns/string"), column)
        .await
        .assert_status(202);
    key
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_changed() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let database = server.running.app.engine.database("shop");
    if database.engine().dialect() == Dialect::Postgres {
        // The disk of another machine cannot be filled here; its error has a code of its own (53100).
        return;
    }
    let limit = |pages: &str| {
        let (database, sql) = (database.clone(), format!("PRAGMA max_page_count = {pages}"));
        async move { database.write(move |tx| tx.batch(&sql)).await.expect("a limit") }
    };
    // Fewer than there are: the file keeps its size.
    limit("1").await;
    let row = |id: &str| json!({"rowId": id, "data": {"text": "x".repeat(900_000)}});
    let refused = key.post(&format!("{TABLE}/rows"), row("a")).await;
    refused.assert(507, "general_storage_full");
    key.get(&format!("{TABLE}/rows/a")).await.assert_status(404);
    limit("4294967294").await;
    key.post(&format!("{TABLE}/rows"), row("a")).await.assert_status(201);
}

#[tokio::test]
async fn a_statement_ends_at_the_time_limit_of_its_request() {
    let server = Server::with(Options {
        dev: true,
        ..Options::default()
    })
    .await;
    let key = shop(&server).await;
    for batch in 0..20 {
        let rows: Vec<Value> = (0..100)
            .map(|row| json!({"$id": format!("r{batch}-{row}"), "text": "lorem ipsum ".repeat(400)}))
            .collect();
        key.post(&format!("{TABLE}/rows"), json!({"rows": rows}))
            .await
            .assert_status(201);
    }
    let hurried = key.with_header("x-appwrite-timeout", "1");
    let values: Vec<String> = (0..100).map(|number| format!("no{number}")).collect();
    let heavy = json!({"method": "notContains", "attribute": "text", "values": values}).to_string();
    let heavy: String = heavy.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = format!("{TABLE}/rows?queries[]={heavy}");
    hurried.get(&path).await.assert(408, "database_timeout");
    for ignored in ["0", "-1", "soon", "1.5"] {
        let patient = hurried.clone().with_header("x-appwrite-timeout", ignored);
        patient.get(&path).await.assert_status(200);
    }
}

#[tokio::test]
async fn comparisons_with_many_parts_of_texts_are_refused() {
    let server = Server::start().await;
    let key = shop(&server).await;
    let query = |count: usize| {
        let values: Vec<String> = (0..count).map(|number| format!("no{number}")).collect();
        let query = json!({"method": "notContains", "attribute": "text", "values": values}).to_string();
        query.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>()
    };
    let path = |each: usize, times: usize| {
        let queries = vec![format!("queries[]={}", query(each)); times];
        format!("{TABLE}/rows?{}", queries.join("&"))
    };
    key.get(&path(10, 10)).await.assert_status(200);
    key.get(&path(100, 1)).await.assert_status(200);
    let refused = key.get(&path(15, 60)).await;
    refused.assert(400, "general_query_invalid");
    assert!(refused.text("message").contains("100"), "{}", refused.body);
}

#[tokio::test]
async fn a_node_forgets_in_seconds_what_another_one_changed_while_the_bus_is_away() {
    if std::env::var_os("FERRITE_TEST_DATABASE").is_none() {
        // SQLite files are used by one node.
        return;
    }
    let server = Server::with(Options {
        // Nobody listens there.
        bus: Some("redis://127.0.0.1:1"),
        ..Options::default()
    })
    .await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let key = server.key(&console, "shop", &["users.write"]).await;
    let other = server.another_node().await;
    let ada = other.adopt(server.user("shop", "ada").await);
    ada.get("/v1/account").await.assert_status(200);
    let blocked = json!({"status": false});
    key.patch("/v1/users/ada/status", blocked).await.assert_status(200);
    let refused = async { while ada.get("/v1/account").await.status == 200 {} };
    tokio::time::timeout(std::time::Duration::from_secs(120), refused)
        .await
        .expect("the other node asks the database again");
}

//! Imports and exports, with an API key, in both vocabularies.

use testkit::{Actor, Server, Vocabulary, json};

const SCOPES: [&str; 5] = [
    "databases.write",
    "tables.write",
    "rows.read",
    "rows.write",
    "documents.read",
];

/// A project whose database `main` has the table `posts` with a text and a number column, and an API key for it.
async fn shop() -> (Server, Actor) {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let key = server.key(&console, "shop", &SCOPES).await;
    key.post("/v1/tablesdb", json!({"databaseId": "main", "name": "Main"}))
        .await
        .assert_status(201);
    let table = json!({"tableId": "posts", "name": "Posts", "permissions": ["read(\"any\")"]});
    key.post("/v1/tablesdb/main/tables", table).await.assert_status(201);
    let columns = Vocabulary::TABLES.columns("main", "posts", "");
    let name = json!({"key": "name", "size": 8, "required": true});
    key.post(&format!("{columns}/string"), name).await.assert_status(202);
    key.post(&format!("{columns}/integer"), json!({"key": "n", "required": false}))
        .await
        .assert_status(202);
    (server, key)
}

/// Polls a transfer until it has ended, and returns it.
async fn wait_for_transfer(key: &Actor, path: &str) -> testkit::Value {
    loop {
        let result = key.get(path).await;
        if !result.assert_status(200).text("endedAt").is_empty() {
            return result.body;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_file_becomes_rows_and_rows_a_file() {
    for vocabulary in Vocabulary::BOTH {
        let (server, key) = shop().await;
        let path = |rest: &str| format!("{}/{rest}", vocabulary.table("main", "posts"));
        let started = key
            .post(
                &path("imports"),
                json!({"format": "csv", "content": "$id,name,n\none,Ada,1\ntwo,much too", "complete": false}),
            )
            .await;
        let import = path(&format!("imports/{}", started.assert_status(202).text("$id")));
        assert_eq!(key.get(&import).await.body["status"], "waiting");
        key.patch(&import, json!({"content": " long,2\nthree,Li,x\nfour,Jo,4\n"}))
            .await
            .assert_status(202);
        let result = wait_for_transfer(&key, &import).await;
        assert_eq!(
            (&result["status"], &result["rows"], &result["failed"]),
            (&json!("done"), &json!(2), &json!(2)),
            "{result}"
        );
        assert_eq!(result["problems"][0]["line"], 3);
        key.patch(&import, json!({"content": "more"}))
            .await
            .assert(400, "general_bad_request");

        let started = key.post(&path("exports"), json!({"format": "csv"})).await;
        let export = path(&format!("exports/{}", started.assert_status(202).text("$id")));
        let result = wait_for_transfer(&key, &export).await;
        assert_eq!(
            (&result["status"], &result["rows"]),
            (&json!("done"), &json!(2)),
            "{result}"
        );
        let file = key.get(&format!("{export}/download")).await;
        let file = file.assert_status(200).body.as_str().expect("text").to_owned();
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines[0], "$id,$createdAt,$updatedAt,$permissions,name,n");
        assert!(
            lines[1].starts_with("one,") && lines[1].ends_with(",[],Ada,1"),
            "{}",
            lines[1]
        );
        assert_eq!(lines.len(), 3);
        assert_eq!(key.get(&path("imports")).await.body["total"], 1);
        assert_eq!(key.get(&path("exports")).await.body["total"], 1);
        key.delete(&export).await.assert_status(204);
        drop(server);
    }
}

#[tokio::test]
async fn transfers_need_a_server_and_report_errors() {
    for vocabulary in Vocabulary::BOTH {
        let (server, key) = shop().await;
        let path = |rest: &str| format!("{}/{rest}", vocabulary.table("main", "posts"));
        let ada = server.user("shop", "ada").await;
        for who in [&ada, &server.guest("shop")] {
            who.post(&path("imports"), json!({"format": "csv", "content": "name\nx\n"}))
                .await
                .assert(401, "general_unauthorized_scope");
            who.get(&path("exports"))
                .await
                .assert(401, "general_unauthorized_scope");
        }
        key.post(&path("imports"), json!({"format": "xml"}))
            .await
            .assert(400, "general_argument_invalid");
        let started = key
            .post(&path("imports"), json!({"format": "csv", "content": "colour\nred\n"}))
            .await;
        let result = wait_for_transfer(
            &key,
            &path(&format!("imports/{}", started.assert_status(202).text("$id"))),
        )
        .await;
        assert_eq!(result["status"], "failed");
        assert!(
            result["error"]
                .as_str()
                .is_some_and(|error| error.contains("no column \"colour\"")),
            "{result}"
        );
        key.get(&path("imports/nope")).await.assert(404, "transfer_not_found");
        key.get(&path("exports/nope/download"))
            .await
            .assert(404, "transfer_not_found");
    }
}

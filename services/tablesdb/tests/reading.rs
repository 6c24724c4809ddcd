//! Reading of rows over HTTP, in both vocabularies.

use testkit::{Actor, Server, Value, Vocabulary, json};

const SCOPES: [&str; 7] = [
    "databases.write",
    "tables.write",
    "columns.write",
    "indexes.write",
    "rows.read",
    "rows.write",
    "documents.read",
];

/// A project whose database `main` has the table `posts` with rows `r0` to `r5`, of which only the even ones are
/// readable by Ada, and an API key for it.
async fn shop() -> (Server, Actor) {
    let server = Server::start().await;
    let console = server.console_user("root").await;
    server.project(&console, "shop").await;
    let key = server.key(&console, "shop", &SCOPES).await;
    key.post("/v1/tablesdb", json!({"databaseId": "main", "name": "Main"}))
        .await
        .assert_status(201);
    let table = json!({"tableId": "posts", "name": "Posts", "rowSecurity": true});
    key.post("/v1/tablesdb/main/tables", table).await.assert_status(201);
    let table = "/v1/tablesdb/main/tables/posts";
    let column = json!({"key": "name", "size": 64, "required": false});
    key.post(&format!("{table}/columns/string"), column)
        .await
        .assert_status(202);
    let column = json!({"key": "n", "required": false});
    key.post(&format!("{table}/columns/integer"), column)
        .await
        .assert_status(202);
    for (index, type_name, columns) in [("by_name", "fulltext", ["name"]), ("by_n", "key", ["n"])] {
        let index = json!({"key": index, "type": type_name, "columns": columns});
        key.post(&format!("{table}/indexes"), index).await.assert_status(202);
    }
    for n in 0..6 {
        let reader = if n % 2 == 0 { "user:ada" } else { "team:none" };
        let row = json!({"rowId": format!("r{n}"), "permissions": [format!("read(\"{reader}\")")],
            "data": {"name": format!("{} fox", ["red", "brown", "white"][n % 3]), "n": n}});
        key.post(&format!("{table}/rows"), row).await.assert_status(201);
    }
    (server, key)
}

/// Appends queries to a path.
fn with_queries(path: &str, queries: &[Value]) -> String {
    let mut path = format!("{path}?");
    for query in queries {
        let text = query.to_string();
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        path.push_str(&format!("queries[]={escaped}&"));
    }
    path
}

fn ids(page: &Value, rows: &str) -> Vec<String> {
    let rows = page[rows].as_array().expect("rows");
    rows.iter()
        .map(|row| row["$id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn a_list_has_what_its_queries_ask_for() {
    let (server, key) = shop().await;
    for (vocabulary, rows, table_id) in [
        (Vocabulary::TABLES, "rows", "$tableId"),
        (Vocabulary::COLLECTIONS, "documents", "$collectionId"),
    ] {
        let path = format!("{}/{rows}", vocabulary.table("main", "posts"));
        let queries = [
            json!({"method": "greaterThan", "attribute": "n", "values": [1]}),
            json!({"method": "orderDesc", "attribute": "n"}),
            json!({"method": "limit", "values": [2]}),
            json!({"method": "select", "values": ["n"]}),
        ];
        let page = key.get(&with_queries(&path, &queries)).await;
        assert_eq!(page.assert_status(200).body["total"], 4);
        assert_eq!(ids(&page.body, rows), ["r5", "r4"]);
        let row = &page.body[rows][0];
        assert_eq!(
            (&row["n"], &row[table_id], row.get("name")),
            (&json!(5), &json!("posts"), None)
        );
        let page = key.get(&(with_queries(&path, &[]) + "total=false")).await;
        assert_eq!((page.body["total"].as_i64(), ids(&page.body, rows).len()), (Some(0), 6));
        // Repeated reads, which may run inline on the caller's thread.
        for _ in 0..2 {
            let queries = [json!({"method": "equal", "attribute": "n", "values": [3]})];
            assert_eq!(ids(&key.get(&with_queries(&path, &queries)).await.body, rows), ["r3"]);
        }

        let select = [json!({"method": "select", "values": ["name"]})];
        let row = key.get(&with_queries(&format!("{path}/r1"), &select)).await;
        assert_eq!(row.assert_status(200).body["name"], "brown fox");
        assert_eq!(row.body.get("n"), None);
        let other = [json!({"method": "limit", "values": [1]})];
        key.get(&with_queries(&format!("{path}/r1"), &other))
            .await
            .assert(400, "general_query_invalid");

        for (query, type_name) in [
            (
                json!({"method": "equal", "attribute": "x", "values": [1]}),
                "general_query_invalid",
            ),
            (
                json!({"method": "cursorAfter", "values": ["none"]}),
                "general_cursor_not_found",
            ),
            (json!("equal(\"n\", 1)"), "general_query_invalid"),
        ] {
            key.get(&with_queries(&path, &[query])).await.assert(400, type_name);
        }
        let many = vec![json!({"method": "isNull", "attribute": "n"}); 101];
        key.get(&with_queries(&path, &many))
            .await
            .assert(400, "general_argument_invalid");
        server.guest("shop").get(&path).await.assert_status(200);
    }
}

#[tokio::test]
async fn totals_count_only_readable_rows() {
    let (server, _) = shop().await;
    let ada = server.user("shop", "ada").await;
    let grace = server.user("shop", "grace").await;
    for (vocabulary, rows) in [(Vocabulary::TABLES, "rows"), (Vocabulary::COLLECTIONS, "documents")] {
        let table = vocabulary.table("main", "posts");
        let path = format!("{table}/{rows}");
        let page = ada.get(&path).await;
        assert_eq!(ids(&page.assert_status(200).body, rows), ["r0", "r2", "r4"]);
        assert_eq!(page.body["total"], 3);
        assert_eq!(grace.get(&path).await.body["total"], 0);
        let missing = if rows == "rows" {
            "row_not_found"
        } else {
            "document_not_found"
        };
        grace.get(&format!("{path}/r0")).await.assert(404, missing);
        ada.get(&format!("{path}/r0")).await.assert_status(200);

        let count = format!("{table}/aggregate?functions[]=count&functions[]=sum:n");
        let result = ada.get(&count).await;
        let values = &result.assert_status(200).body["groups"][0]["values"];
        assert_eq!(values, &json!({"count": 3, "sum:n": 6}));
        ada.get(&format!("{path}?explain=1"))
            .await
            .assert(401, "user_unauthorized");
    }
}

#[tokio::test]
async fn rows_are_counted_by_group() {
    let (_server, key) = shop().await;
    for vocabulary in Vocabulary::BOTH {
        let path = format!("{}/aggregate", vocabulary.table("main", "posts"));
        let some = with_queries(&path, &[json!({"method": "notEqual", "attribute": "n", "values": [0]})]);
        let result = key
            .get(&format!("{some}functions[]=count&functions[]=max:n&groupBy[]=name"))
            .await;
        let group = |name: &str, count: i64, max: i64| json!({"group": {"name": name}, "values": {"count": count, "max:n": max}});
        let groups = json!([
            group("brown fox", 2, 4),
            group("red fox", 1, 3),
            group("white fox", 2, 5)
        ]);
        assert_eq!(result.assert_status(200).body, json!({"total": 3, "groups": groups}));
        key.get(&path).await.assert(400, "general_argument_invalid");
        key.get(&format!("{path}?functions[]=sum:name"))
            .await
            .assert(400, "general_argument_invalid");
    }
}

#[tokio::test]
async fn searches_return_snippets_and_plans_name_the_index() {
    let (_server, key) = shop().await;
    for (vocabulary, rows) in [(Vocabulary::TABLES, "rows"), (Vocabulary::COLLECTIONS, "documents")] {
        let path = format!("{}/{rows}", vocabulary.table("main", "posts"));
        let search = json!({"method": "search", "attribute": "name", "values": ["BROWN"]});
        let page = key
            .get(&(with_queries(&path, &[search]) + "snippet=name&explain=1"))
            .await;
        assert_eq!(
            page.assert_status(200).body[rows][0]["$snippet"],
            "<mark>brown</mark> fox"
        );
        let indexes = page.body["$plan"]["indexes"].as_array().expect("indexes");
        assert!(indexes.contains(&json!("by_name")), "{}", page.body["$plan"]);
        key.get(&format!("{path}?snippet=name"))
            .await
            .assert(400, "general_argument_invalid");

        let by_n = [json!({"method": "equal", "attribute": "n", "values": [3]})];
        let plan = key.get(&(with_queries(&path, &by_n) + "explain=true")).await.body["$plan"].clone();
        assert_eq!(
            (&plan["indexes"], &plan["scans"], &plan["suggestions"]),
            (&json!(["by_n"]), &json!(false), &json!([]))
        );
        let unserved = [
            json!({"method": "equal", "attribute": "name", "values": ["x"]}),
            json!({"method": "orderDesc", "attribute": "$createdAt"}),
        ];
        let plan = key.get(&(with_queries(&path, &unserved) + "explain=true")).await.body["$plan"].clone();
        assert_eq!((&plan["scans"], &plan["sorts"]), (&json!(true), &json!(true)));
        let lacking = json!([{"type": "key", "columns": ["name", "$createdAt"], "orders": ["ASC", "DESC"]}]);
        assert_eq!(plan["suggestions"], lacking);
    }
}

#[tokio::test]
async fn queries_of_newer_clients_find_rows_or_say_why_not() {
    let (_server, key) = shop().await;
    for (words, rows) in [(Vocabulary::TABLES, "rows"), (Vocabulary::COLLECTIONS, "documents")] {
        let path = format!("{}/{rows}", words.table("main", "posts"));
        for (method, values, expected) in [
            ("containsAny", json!(["fox", "nothing"]), "contains"),
            ("containsAll", json!(["brown", "fox"]), "contains"),
            ("regex", json!(["^brown f.x$"]), "regex"),
            ("regex", json!(["(?i)BROWN (fox|dog)"]), "regex"),
        ] {
            let query = json!({"method": method, "attribute": "name", "values": values});
            let page = key.get(&with_queries(&path, &[query])).await;
            let found = ids(&page.assert_status(200).body, rows);
            assert!(found.contains(&"r1".to_owned()), "{method} {expected}: {found:?}");
        }
        let none = json!({"method": "containsAll", "attribute": "name", "values": ["brown", "nothing"]});
        assert_eq!(key.get(&with_queries(&path, &[none])).await.body["total"], 0);
        for query in [
            json!({"method": "exists", "values": ["name"]}),
            json!({"method": "notExists", "values": ["name"]}),
            json!({"method": "elemMatch", "attribute": "name", "values": []}),
        ] {
            let refused = key.get(&with_queries(&path, &[query])).await;
            refused.assert(400, "general_query_invalid");
            assert!(refused.text("message").contains("schemaless"), "{}", refused.body);
        }
        for pattern in ["(a", r"(a)\1", "((a{200}){200}){200}"] {
            let query = json!({"method": "regex", "attribute": "name", "values": [pattern]});
            key.get(&with_queries(&path, &[query]))
                .await
                .assert(400, "general_query_invalid");
        }
    }
}

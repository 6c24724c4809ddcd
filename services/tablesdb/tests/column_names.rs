//! Columns named like parts of our own SQL: no statement confuses them with its aliases, functions or side tables.

use testkit::{Actor, Server, Value, json};

/// Names of aggregate functions, aliases, columns of side tables, system columns and keywords, of both engines.
const NAMES: &[&str] = &[
    "count",
    "sum",
    "min",
    "max",
    "avg",
    "distinct",
    "one",
    "counted",
    "made",
    "noted",
    "seq",
    "role",
    "value",
    "words",
    "bounds",
    "id",
    "x0",
    "key",
    "json_each",
    "rank",
    "snippet",
    "excluded",
    "attempt",
    "act",
    "rowid",
    "oid",
    "ctid",
    "xmin",
    "tableoid",
    "select",
    "order",
    "group",
    "user",
    "null",
    "total",
    "permissions",
    "created_at",
    "rows",
    "table",
    "main",
    "column",
    "current_user",
    "true",
];

const TABLE: &str = "/v1/tablesdb/main/tables/rows";

struct Shop {
    _server: Server,
    key: Actor,
}

impl Shop {
    async fn open() -> Self {
        let server = Server::start().await;
        let console = server.console_user("root").await;
        server.project(&console, "shop").await;
        let scopes = ["databases.write", "tables.write", "rows.read", "rows.write"];
        let key = server.key(&console, "shop", &scopes).await;
        let database = json!({"databaseId": "main", "name": "Main"});
        key.post("/v1/tablesdb", database).await.assert_status(201);
        let shop = Self { _server: server, key };
        let table = json!({"tableId": "rows", "name": "Rows", "rowSecurity": true, "permissions": ["read(\"any\")"]});
        shop.key
            .post("/v1/tablesdb/main/tables", table)
            .await
            .assert_status(201);
        shop
    }

    /// Adds a column of each name and an index on it.
    async fn columns(&self, of: &str, column: Value, index: &str) {
        for (at, name) in NAMES.iter().enumerate() {
            let mut column = column.clone();
            column["key"] = json!(name);
            self.key
                .post(&format!("{TABLE}/columns/{of}"), column)
                .await
                .assert_status(202);
            let index = json!({"key": format!("index{at}"), "type": index, "columns": [name]});
            self.key
                .post(&format!("{TABLE}/indexes"), index)
                .await
                .assert_status(202);
        }
    }

    async fn row(&self, id: &str, value: impl Fn(usize) -> Value) {
        let data: serde_json::Map<String, Value> = NAMES
            .iter()
            .enumerate()
            .map(|(at, name)| ((*name).to_owned(), value(at)))
            .collect();
        let row = json!({"rowId": id, "data": data, "permissions": ["read(\"any\")"]});
        self.key.post(&format!("{TABLE}/rows"), row).await.assert_status(201);
    }

    /// Ids of the rows that match queries.
    async fn found(&self, queries: &[Value]) -> Vec<String> {
        let queries: Vec<String> = queries
            .iter()
            .map(|query| format!("queries[]={}", escaped(query)))
            .collect();
        let reply = self.key.get(&format!("{TABLE}/rows?{}", queries.join("&"))).await;
        reply.assert_status(200);
        let rows = reply.body["rows"].as_array().expect("rows");
        rows.iter()
            .map(|row| row["$id"].as_str().expect("an id").to_owned())
            .collect()
    }
}

fn escaped(query: &Value) -> String {
    query.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[tokio::test]
async fn numbers_of_any_name_are_filtered_sorted_grouped_and_changed() {
    let shop = Shop::open().await;
    shop.columns("integer", json!({"required": false}), "key").await;
    shop.row("a", |at| json!(at)).await;
    shop.row("b", |at| json!(at + 1)).await;
    for (at, name) in NAMES.iter().enumerate() {
        let equal = json!({"method": "equal", "attribute": name, "values": [at]});
        assert_eq!(shop.found(&[equal]).await, ["a"], "{name}");
        let order = json!({"method": "orderDesc", "attribute": name});
        assert_eq!(shop.found(std::slice::from_ref(&order)).await, ["b", "a"], "{name}");
        let cursor = json!({"method": "cursorAfter", "values": ["b"]});
        let select = json!({"method": "select", "values": [name]});
        assert_eq!(shop.found(&[order, cursor, select]).await, ["a"], "{name}");

        let functions = ["count", "sum", "avg", "min", "max", "distinct"].map(|function| match function {
            "count" => "functions[]=count".to_owned(),
            function => format!("functions[]={function}:{name}"),
        });
        let functions = functions.join("&");
        let sums = shop.key.get(&format!("{TABLE}/aggregate?{functions}")).await;
        sums.assert_status(200);
        assert_eq!(
            sums.body["groups"][0]["values"][format!("sum:{name}")],
            json!(2 * at + 1),
            "{name}"
        );
        for order in [
            "count".to_owned(),
            format!("sum:{name}"),
            format!("max:{name}"),
            (*name).to_owned(),
        ] {
            let order = escaped(&json!({"method": "orderDesc", "attribute": order}));
            let path = format!("{TABLE}/aggregate?{functions}&groupBy[]={name}&queries[]={order}");
            let groups = shop.key.get(&path).await;
            groups.assert_status(200);
            assert_eq!(groups.body["total"], 2, "{name}");
        }
        let one = escaped(&json!({"method": "limit", "values": [1]}));
        let first = shop
            .key
            .get(&format!(
                "{TABLE}/aggregate?{functions}&groupBy[]={name}&queries[]={one}"
            ))
            .await;
        first.assert_status(200);
        assert_eq!(
            (&first.body["total"], &first.body["groups"][0]["group"][name]),
            (&json!(2), &json!(at)),
            "{name}"
        );

        let row = format!("{TABLE}/rows/a");
        shop.key
            .patch(&format!("{row}/{name}/increment"), json!({"value": 5}))
            .await
            .assert_status(200);
        let changed = shop.key.patch(&row, json!({"data": {*name: 1000}})).await;
        changed.assert_status(200);
        assert_eq!(changed.body[name], 1000);
        shop.key
            .put(&row, json!({"data": {*name: 1001}}))
            .await
            .assert_status(200);
        let bulk = json!({"data": {*name: 7}, "queries": [json!({"method": "equal", "attribute": name, "values": [1001]}).to_string()]});
        let bulk = shop.key.patch(&format!("{TABLE}/rows"), bulk).await;
        bulk.assert_status(200);
        assert_eq!(bulk.body["total"], 1, "{name}");
    }
    let grouped: Vec<String> = NAMES[..8].iter().map(|name| format!("groupBy[]={name}")).collect();
    let path = format!("{TABLE}/aggregate?functions[]=count&{}", grouped.join("&"));
    shop.key.get(&path).await.assert_status(200);
}

#[tokio::test]
async fn texts_of_any_name_are_searched() {
    let shop = Shop::open().await;
    shop.columns("string", json!({"required": false, "size": 40}), "fulltext")
        .await;
    shop.row("a", |at| json!(format!("fox number{at}"))).await;
    for (at, name) in NAMES.iter().enumerate() {
        for (method, value) in [
            ("search", format!("number{at}")),
            ("startsWith", "fox".into()),
            ("contains", "numb".into()),
        ] {
            let query = json!({"method": method, "attribute": name, "values": [value]});
            let order = json!({"method": "orderAsc", "attribute": name});
            assert_eq!(shop.found(&[query, order]).await, ["a"], "{method} {name}");
        }
    }
}

#[tokio::test]
async fn lists_and_shapes_of_any_name_are_searched() {
    let shop = Shop::open().await;
    shop.columns("string", json!({"required": false, "size": 40, "array": true}), "key")
        .await;
    shop.row("a", |at| json!(["fox", format!("number{at}")])).await;
    for (at, name) in NAMES.iter().enumerate() {
        let query = json!({"method": "contains", "attribute": name, "values": [format!("number{at}")]});
        assert_eq!(shop.found(&[query]).await, ["a"], "{name}");
    }
    let table = json!({"tableId": "places", "name": "Places", "permissions": ["read(\"any\")"]});
    shop.key
        .post("/v1/tablesdb/main/tables", table)
        .await
        .assert_status(201);
    let places = "/v1/tablesdb/main/tables/places";
    for (at, name) in NAMES.iter().enumerate() {
        let column = json!({"key": name, "required": true});
        shop.key
            .post(&format!("{places}/columns/point"), column)
            .await
            .assert_status(202);
        let index = json!({"key": format!("index{at}"), "type": "spatial", "columns": [name]});
        shop.key
            .post(&format!("{places}/indexes"), index)
            .await
            .assert_status(202);
    }
    let data: serde_json::Map<String, Value> = NAMES.iter().map(|name| ((*name).to_owned(), json!([1, 2]))).collect();
    shop.key
        .post(&format!("{places}/rows"), json!({"rowId": "a", "data": data}))
        .await
        .assert_status(201);
    for name in NAMES {
        let near = json!({"method": "distanceLessThan", "attribute": name, "values": [[[1, 2], 10, true]]});
        let reply = shop
            .key
            .get(&format!("{places}/rows?queries[]={}", escaped(&near)))
            .await;
        reply.assert_status(200);
        assert_eq!(reply.body["total"], 1, "{name}");
    }
}

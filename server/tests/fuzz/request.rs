//! Random requests.

use std::sync::Arc;

use api::endpoint::Declaration;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use testkit::Reply;

use crate::strange::Strange;
use crate::world::{World, columns};

#[derive(Debug)]
pub(crate) struct Request {
    by: By,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    content_type: String,
    body: String,
}

#[derive(Debug, Clone, Copy)]
enum By {
    Key,
    User,
    Guest,
}

impl Request {
    pub(crate) fn any(strange: &mut Strange, _: &World, endpoints: &[Arc<Declaration>]) -> Self {
        let declaration = loop {
            let one = strange.pick(endpoints);
            // Mostly endpoints of rows; deletions of what other requests depend on are rare.
            let share = match (is_of_rows(one), &one.method) {
                (true, _) => 100,
                (false, &Method::DELETE) => 4,
                (false, _) => 12,
            };
            if strange.percent(share) {
                break Arc::clone(one);
            }
        };
        let mut path = fill(strange, declaration.path);
        let in_path = |name: &str| declaration.path.contains(&format!("{{{name}}}"));
        let fields = declaration.fields.iter().filter(|field| !in_path(field.name));
        let mut said = Map::new();
        for field in fields {
            let share = match field.name {
                _ if field.required => 97,
                "transactionId" => 15,
                _ => 50,
            };
            if strange.percent(share) {
                said.insert(field.name.to_owned(), value(strange, field.name, &field.schema));
            }
        }
        let mut body = String::new();
        let mut content_type = "application/json".to_owned();
        if declaration.method == Method::GET || strange.percent(3) {
            path.push_str(&query(strange, &said));
        } else {
            body = Value::Object(said).to_string();
        }
        if strange.percent(3) {
            body = strange.text();
        }
        if strange.percent(3) {
            let types = [
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/xml",
                "",
            ];
            content_type = (*strange.pick(&types)).to_owned();
        }
        Self {
            by: match strange.of(0..20) {
                0 => By::Guest,
                1..=4 if is_of_rows(&declaration) => By::User,
                _ => By::Key,
            },
            method: declaration.method.clone(),
            path,
            headers: headers(strange),
            content_type,
            body,
        }
    }

    pub(crate) async fn send(&self, world: &World) -> Reply {
        let mut actor = match self.by {
            By::Key => world.key.clone(),
            By::User => world.user.clone(),
            By::Guest => world.guest.clone(),
        };
        for (name, value) in &self.headers {
            actor = actor.with_header(name, value);
        }
        actor
            .send_text(self.method.clone(), &self.path, &self.content_type, &self.body)
            .await
    }
}

fn is_of_rows(declaration: &Declaration) -> bool {
    let parts = ["/rows", "/documents", "/transactions"];
    parts.iter().any(|part| declaration.path.contains(part))
}

fn headers(strange: &mut Strange) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if strange.percent(8) {
        let instants = [
            "2026-11-21T12:00:00.000+00:00",
            "2000-01-01",
            "never",
            "9999-12-31T23:59:59.999Z",
            "-1",
            "1e9",
        ];
        headers.push(("x-appwrite-timestamp", (*strange.pick(&instants)).to_owned()));
    }
    if strange.percent(5) {
        let format = *strange.pick(&["1.8.0", "0.15.0", "1.4.0", "x", "99999999999999999999.1"]);
        headers.push(("x-appwrite-response-format", format.to_owned()));
    }
    if strange.percent(3) {
        headers.push((
            "x-appwrite-timeout",
            (*strange.pick(&["1", "-1", "x", "99999999999999999999"])).to_owned(),
        ));
    }
    headers
}

/// Fills in the path parameters, mostly with ids that exist.
fn fill(strange: &mut Strange, path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return segment.to_owned();
        };
        let text = match (strange.percent(4), id(strange, name)) {
            (false, Some(id)) => id,
            _ => strange.text().chars().take(50).collect(),
        };
        utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
    });
    segments.collect::<Vec<_>>().join("/")
}

fn id(strange: &mut Strange, name: &str) -> Option<String> {
    Some(match name {
        "databaseId" => "main".to_owned(),
        "tableId" | "collectionId" => (*strange.pick(&["things", "things", "things", "things", "others"])).to_owned(),
        "rowId" | "documentId" => format!("r{}", strange.of(0..12)),
        "column" | "attribute" | "key" => {
            let keys = columns();
            strange.pick(&keys).0.to_owned()
        }
        "transactionId" => strange.known_transaction()?,
        _ => return None,
    })
}

fn query(strange: &mut Strange, said: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    for (name, value) in said {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let item = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                    pairs.push(format!("{name}[{index}]={}", encoded(&item)));
                }
            }
            Value::String(text) => pairs.push(format!("{name}={}", encoded(text))),
            other => pairs.push(format!("{name}={}", encoded(&other.to_string()))),
        }
    }
    if strange.percent(5) {
        pairs.push(encoded(&strange.text()));
    }
    if strange.percent(5) {
        pairs.push("queries[a][b][c]=1&queries[=&[]=&total=maybe&explain=1".to_owned());
    }
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

/// A value of a parameter, mostly a plausible one.
fn value(strange: &mut Strange, name: &str, schema: &Value) -> Value {
    if strange.percent(3) {
        return strange.tree();
    }
    match name {
        "key" | "newKey" => match strange.of(0..3) {
            0 => json!(id(strange, "key")),
            _ => json!(format!("k{}", strange.of(0..100))),
        },
        "column" | "attribute" => json!(strange.pick(&["number", "small", "price", "name", "k1"])),
        "value" => json!(strange.pick(&[1.0, 2.0, 0.5, 1e300, 0.0])),
        "ttl" => json!(60),
        "queries" => (0..strange.of(0..4))
            .map(|_| Value::from(one_query(strange, 0).to_string()))
            .collect(),
        "data" => data(strange),
        "rows" | "documents" => (0..strange.of(0..4)).map(|_| row(strange)).collect(),
        "operations" => (0..strange.of(1..4)).map(|_| operation(strange)).collect(),
        "permissions" => {
            let all = [
                "read(\"any\")",
                "write(\"users\")",
                "delete(\"user:alan\")",
                "read(\"team:crew/owner\")",
            ];
            let mut some: Vec<Value> = (0..strange.of(0..4)).map(|_| json!(strange.pick(&all))).collect();
            if strange.percent(5) {
                some.push(json!(strange.pick(&[
                    "fly(\"any\")",
                    "read(any)",
                    "read(\"user:\")",
                    ""
                ])));
            }
            some.into()
        }
        "attributes" | "columns" => {
            let keys = columns();
            (0..strange.of(1..4)).map(|_| json!(strange.pick(&keys).0)).collect()
        }
        "elements" => json!(["low", "high", strange.text()]),
        "size" => json!(strange.pick(&[1, 64, 255, 16_381, 1_073_741_824, 0, -1])),
        _ => by_schema(strange, name, schema),
    }
}

fn by_schema(strange: &mut Strange, name: &str, schema: &Value) -> Value {
    if let Some(choices) = schema["enum"].as_array() {
        return strange.pick(choices).clone();
    }
    match schema["type"].as_str().unwrap_or_default() {
        "boolean" => json!(strange.percent(50)),
        "integer" | "number" => match strange.of(0..6) {
            0 => json!(strange.of(proptest::prelude::any::<i64>())),
            1 => json!(strange.of(proptest::prelude::any::<f64>())),
            _ => json!(strange.of(-3..100)),
        },
        "array" => json!([]),
        "object" => json!({}),
        _ if name.ends_with("Id") => match strange.of(0..4) {
            0 => json!("unique()"),
            1 => json!(id(strange, name)),
            _ => json!(format!("new{}", strange.of(0..1000))),
        },
        _ if strange.percent(70) => json!(strange.of("[a-z]{1,12}")),
        _ => json!(strange.text()),
    }
}

fn data(strange: &mut Strange) -> Value {
    let mut data = Map::new();
    for (key, kind, said) in columns() {
        if strange.percent(25) {
            let list = said["array"] == true;
            let one = cell(strange, kind);
            data.insert(key.to_owned(), if list { json!([one]) } else { one });
        }
    }
    if strange.percent(4) {
        data.insert(strange.text(), strange.tree());
    }
    Value::Object(data)
}

fn cell(strange: &mut Strange, kind: &str) -> Value {
    const OPERATORS: &[&str] = &[
        "increment",
        "decrement",
        "multiply",
        "divide",
        "modulo",
        "power",
        "stringConcat",
        "stringReplace",
        "toggle",
        "dateAddDays",
        "dateSubDays",
        "dateSetNow",
        "arrayAppend",
        "arrayPrepend",
        "arrayInsert",
        "arrayRemove",
        "arrayUnique",
        "arrayIntersect",
        "arrayDiff",
        "arrayFilter",
    ];
    match strange.of(0..80) {
        0 => return strange.tree(),
        1 | 2 => return Value::Null,
        3..=6 => {
            let values: Vec<Value> = (0..strange.of(0..3)).map(|_| strange.tree()).collect();
            let operator = json!({"method": strange.pick(OPERATORS), "values": values});
            return if strange.percent(50) {
                json!(operator.to_string())
            } else {
                operator
            };
        }
        _ => {}
    }
    match kind {
        "integer" => json!(strange.pick(&[0, 1, -5, 5, i64::MAX, i64::MIN])),
        "float" => json!(strange.pick(&[0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE])),
        "boolean" => json!(strange.percent(50)),
        "datetime" => json!(strange.pick(&["2024-02-29T12:00:00Z", "0000-01-01", "9999-12-31T23:59:59.999Z"])),
        "email" => json!("a@example.com"),
        "enum" => json!(strange.pick(&["low", "high"])),
        "ip" => json!("::1"),
        "url" => json!("https://example.com"),
        "point" => json!(strange.pick(&[[0.0, 0.0], [180.0, 90.0], [181.0, 0.0]])),
        "line" => json!(strange.pick(&[[[0, 0], [1, 1]], [[0, 0], [0, 0]]])),
        "polygon" => json!([[[0, 0], [1, 0], [1, 1], [0, 0]]]),
        _ => json!(strange.text().chars().take(60).collect::<String>()),
    }
}

fn row(strange: &mut Strange) -> Value {
    let mut row = data(strange);
    if strange.percent(70) {
        row["$id"] = json!(format!("r{}", strange.of(0..20)));
    }
    if strange.percent(20) {
        row["$permissions"] = json!(["read(\"any\")"]);
    }
    row
}

fn operation(strange: &mut Strange) -> Value {
    const ACTIONS: &[&str] = &[
        "create",
        "update",
        "upsert",
        "delete",
        "increment",
        "decrement",
        "bulkCreate",
        "bulkUpdate",
        "bulkUpsert",
        "bulkDelete",
        "fly",
    ];
    let data = match strange.of(0..4) {
        0 => json!({"column": "number", "attribute": "number", "value": 1, "min": 0}),
        1 => json!({"queries": [one_query(strange, 0).to_string()], "data": data(strange)}),
        2 => json!([row(strange)]),
        _ => data(strange),
    };
    let row = format!("r{}", strange.of(0..12));
    let mut operation =
        json!({"action": strange.pick(ACTIONS), "databaseId": "main", "tableId": "things", "rowId": row, "data": data});
    if strange.percent(50) {
        operation["collectionId"] = operation["tableId"].take();
        operation["documentId"] = operation["rowId"].take();
    }
    operation
}

fn one_query(strange: &mut Strange, depth: usize) -> Value {
    const METHODS: &[&str] = &[
        "equal",
        "notEqual",
        "lessThan",
        "greaterThanEqual",
        "between",
        "notBetween",
        "isNull",
        "isNotNull",
        "startsWith",
        "notEndsWith",
        "contains",
        "notContains",
        "search",
        "notSearch",
        "crosses",
        "intersects",
        "notTouches",
        "overlaps",
        "distanceEqual",
        "distanceLessThan",
        "select",
        "orderAsc",
        "orderDesc",
        "orderRandom",
        "limit",
        "offset",
        "cursorAfter",
        "cursorBefore",
        "createdAfter",
        "updatedBetween",
        "and",
        "or",
        "vectorDot",
        "",
    ];
    const NAMES: &[&str] = &[
        "$id",
        "$sequence",
        "$createdAt",
        "$updatedAt",
        "$permissions",
        "*",
        "nothing",
        "others.name",
        "",
        "name.x",
    ];
    if strange.percent(5) {
        return strange.tree();
    }
    let method = *strange.pick(METHODS);
    let keys = columns();
    let (mut name, kind) = {
        let (key, kind, _) = strange.pick(&keys);
        (*key, *kind)
    };
    if strange.percent(15) {
        name = *strange.pick(NAMES);
    }
    let values: Value = match method {
        "and" | "or" if depth < 3 => (0..strange.of(1..4)).map(|_| one_query(strange, depth + 1)).collect(),
        "limit" | "offset" => json!([strange.pick(&[0, 1, 25, 5000, 5001, -1])]),
        "cursorAfter" | "cursorBefore" => json!([format!("r{}", strange.of(0..12))]),
        "select" => json!([name, "$id"]),
        method if method.starts_with("distance") => json!([[cell(strange, "point"), strange.of(-1.0..1e7), true]]),
        "search" | "notSearch" => {
            json!([strange.pick(&["quick", "\"brown fox\"", "a*", "(", "' | !", "\u{0}", "NEAR(a b)"])])
        }
        "isNull" | "isNotNull" => json!([]),
        "between" | "notBetween" => json!([cell(strange, kind), cell(strange, kind)]),
        _ => json!([cell(strange, kind)]),
    };
    json!({"method": method, "attribute": name, "values": values})
}

//! Random requests.

use std::sync::Arc;

use api::endpoint::Declaration;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use testkit::Reply;

use crate::fixture::{Fixture, columns};
use crate::generator::Generator;

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
    pub(crate) fn any(generator: &mut Generator, _: &Fixture, endpoints: &[Arc<Declaration>]) -> Self {
        let declaration = loop {
            let one = generator.pick(endpoints);
            // Mostly endpoints of rows; deletions of what other requests depend on are rare.
            let share = match (is_of_rows(one), &one.method) {
                (true, _) => 100,
                (false, &Method::DELETE) => 4,
                (false, _) => 12,
            };
            if generator.percent(share) {
                break Arc::clone(one);
            }
        };
        let mut path = fill(generator, declaration.path);
        let in_path = |name: &str| declaration.path.contains(&format!("{{{name}}}"));
        let fields = declaration.fields.iter().filter(|field| !in_path(field.name));
        let mut params = Map::new();
        for field in fields {
            let share = match field.name {
                _ if field.required => 97,
                "transactionId" => 15,
                _ => 50,
            };
            if generator.percent(share) {
                params.insert(field.name.to_owned(), value(generator, field.name, &field.schema));
            }
        }
        let mut body = String::new();
        let mut content_type = "application/json".to_owned();
        if declaration.method == Method::GET || generator.percent(3) {
            path.push_str(&query(generator, &params));
        } else {
            body = Value::Object(params).to_string();
        }
        if generator.percent(3) {
            body = generator.text();
        }
        if generator.percent(3) {
            let types = [
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/xml",
                "",
            ];
            content_type = (*generator.pick(&types)).to_owned();
        }
        Self {
            by: match generator.of(0..20) {
                0 => By::Guest,
                1..=4 if is_of_rows(&declaration) => By::User,
                _ => By::Key,
            },
            method: declaration.method.clone(),
            path,
            headers: headers(generator),
            content_type,
            body,
        }
    }

    pub(crate) async fn send(&self, fixture: &Fixture) -> Reply {
        let mut actor = match self.by {
            By::Key => fixture.key.clone(),
            By::User => fixture.user.clone(),
            By::Guest => fixture.guest.clone(),
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

fn headers(generator: &mut Generator) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if generator.percent(8) {
        let instants = [
            "2026-11-21T12:00:00.000+00:00",
            "2000-01-01",
            "never",
            "9999-12-31T23:59:59.999Z",
            "-1",
            "1e9",
        ];
        headers.push(("x-appwrite-timestamp", (*generator.pick(&instants)).to_owned()));
    }
    if generator.percent(5) {
        let format = *generator.pick(&["1.8.0", "0.15.0", "1.4.0", "x", "99999999999999999999.1"]);
        headers.push(("x-appwrite-response-format", format.to_owned()));
    }
    if generator.percent(3) {
        headers.push((
            "x-appwrite-timeout",
            (*generator.pick(&["1", "-1", "x", "99999999999999999999"])).to_owned(),
        ));
    }
    headers
}

/// Fills in the path parameters, mostly with ids that exist.
fn fill(generator: &mut Generator, path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return segment.to_owned();
        };
        let text = match (generator.percent(4), id(generator, name)) {
            (false, Some(id)) => id,
            _ => generator.text().chars().take(50).collect(),
        };
        utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string()
    });
    segments.collect::<Vec<_>>().join("/")
}

fn id(generator: &mut Generator, name: &str) -> Option<String> {
    Some(match name {
        "databaseId" => "main".to_owned(),
        "tableId" | "collectionId" => (*generator.pick(&["things", "things", "things", "things", "others"])).to_owned(),
        "rowId" | "documentId" => format!("r{}", generator.of(0..12)),
        "column" | "attribute" | "key" => {
            let keys = columns();
            generator.pick(&keys).0.to_owned()
        }
        "transactionId" => generator.known_transaction()?,
        _ => return None,
    })
}

fn query(generator: &mut Generator, params: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    for (name, value) in params {
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
    if generator.percent(5) {
        pairs.push(encoded(&generator.text()));
    }
    if generator.percent(5) {
        pairs.push("queries[a][b][c]=1&queries[=&[]=&total=maybe&explain=1".to_owned());
    }
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

/// A value of a parameter, mostly a plausible one.
fn value(generator: &mut Generator, name: &str, schema: &Value) -> Value {
    if generator.percent(3) {
        return generator.tree();
    }
    match name {
        "key" | "newKey" => match generator.of(0..3) {
            0 => json!(id(generator, "key")),
            _ => json!(format!("k{}", generator.of(0..100))),
        },
        "column" | "attribute" => json!(generator.pick(&["number", "small", "price", "name", "k1"])),
        "value" => json!(generator.pick(&[1.0, 2.0, 0.5, 1e300, 0.0])),
        "ttl" => json!(60),
        "queries" => (0..generator.of(0..4))
            .map(|_| Value::from(one_query(generator, 0).to_string()))
            .collect(),
        "data" => data(generator),
        "rows" | "documents" => (0..generator.of(0..4)).map(|_| row(generator)).collect(),
        "operations" => (0..generator.of(1..4)).map(|_| operation(generator)).collect(),
        "permissions" => {
            let all = [
                "read(\"any\")",
                "write(\"users\")",
                "delete(\"user:alan\")",
                "read(\"team:crew/owner\")",
            ];
            let mut some: Vec<Value> = (0..generator.of(0..4)).map(|_| json!(generator.pick(&all))).collect();
            if generator.percent(5) {
                some.push(json!(generator.pick(&[
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
            (0..generator.of(1..4))
                .map(|_| json!(generator.pick(&keys).0))
                .collect()
        }
        "elements" => json!(["low", "high", generator.text()]),
        "size" => json!(generator.pick(&[1, 64, 255, 16_381, 1_073_741_824, 0, -1])),
        _ => by_schema(generator, name, schema),
    }
}

fn by_schema(generator: &mut Generator, name: &str, schema: &Value) -> Value {
    if let Some(choices) = schema["enum"].as_array() {
        return generator.pick(choices).clone();
    }
    match schema["type"].as_str().unwrap_or_default() {
        "boolean" => json!(generator.percent(50)),
        "integer" | "number" => match generator.of(0..6) {
            0 => json!(generator.of(proptest::prelude::any::<i64>())),
            1 => json!(generator.of(proptest::prelude::any::<f64>())),
            _ => json!(generator.of(-3..100)),
        },
        "array" => json!([]),
        "object" => json!({}),
        _ if name.ends_with("Id") => match generator.of(0..4) {
            0 => json!("unique()"),
            1 => json!(id(generator, name)),
            _ => json!(format!("new{}", generator.of(0..1000))),
        },
        _ if generator.percent(70) => json!(generator.of("[a-z]{1,12}")),
        _ => json!(generator.text()),
    }
}

fn data(generator: &mut Generator) -> Value {
    let mut data = Map::new();
    for (key, kind, column) in columns() {
        if generator.percent(25) {
            let list = column["array"] == true;
            let one = cell(generator, kind);
            data.insert(key.to_owned(), if list { json!([one]) } else { one });
        }
    }
    if generator.percent(4) {
        data.insert(generator.text(), generator.tree());
    }
    Value::Object(data)
}

fn cell(generator: &mut Generator, kind: &str) -> Value {
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
    match generator.of(0..80) {
        0 => return generator.tree(),
        1 | 2 => return Value::Null,
        3..=6 => {
            let values: Vec<Value> = (0..generator.of(0..3)).map(|_| generator.tree()).collect();
            let operator = json!({"method": generator.pick(OPERATORS), "values": values});
            return if generator.percent(50) {
                json!(operator.to_string())
            } else {
                operator
            };
        }
        _ => {}
    }
    match kind {
        "integer" => json!(generator.pick(&[0, 1, -5, 5, i64::MAX, i64::MIN])),
        "float" => json!(generator.pick(&[0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE])),
        "boolean" => json!(generator.percent(50)),
        "datetime" => json!(generator.pick(&["2024-02-29T12:00:00Z", "0000-01-01", "9999-12-31T23:59:59.999Z"])),
        "email" => json!("a@example.com"),
        "enum" => json!(generator.pick(&["low", "high"])),
        "ip" => json!("::1"),
        "url" => json!("https://example.com"),
        "point" => json!(generator.pick(&[[0.0, 0.0], [180.0, 90.0], [181.0, 0.0]])),
        "line" => json!(generator.pick(&[[[0, 0], [1, 1]], [[0, 0], [0, 0]]])),
        "polygon" => json!([[[0, 0], [1, 0], [1, 1], [0, 0]]]),
        _ => json!(generator.text().chars().take(60).collect::<String>()),
    }
}

fn row(generator: &mut Generator) -> Value {
    let mut row = data(generator);
    if generator.percent(70) {
        row["$id"] = json!(format!("r{}", generator.of(0..20)));
    }
    if generator.percent(20) {
        row["$permissions"] = json!(["read(\"any\")"]);
    }
    row
}

fn operation(generator: &mut Generator) -> Value {
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
    let data = match generator.of(0..4) {
        0 => json!({"column": "number", "attribute": "number", "value": 1, "min": 0}),
        1 => json!({"queries": [one_query(generator, 0).to_string()], "data": data(generator)}),
        2 => json!([row(generator)]),
        _ => data(generator),
    };
    let row = format!("r{}", generator.of(0..12));
    let mut operation = json!({"action": generator.pick(ACTIONS), "databaseId": "main", "tableId": "things", "rowId": row, "data": data});
    if generator.percent(50) {
        operation["collectionId"] = operation["tableId"].take();
        operation["documentId"] = operation["rowId"].take();
    }
    operation
}

fn one_query(generator: &mut Generator, depth: usize) -> Value {
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
    if generator.percent(5) {
        return generator.tree();
    }
    let method = *generator.pick(METHODS);
    let keys = columns();
    let (mut name, kind) = {
        let (key, kind, _) = generator.pick(&keys);
        (*key, *kind)
    };
    if generator.percent(15) {
        name = *generator.pick(NAMES);
    }
    let values: Value = match method {
        "and" | "or" if depth < 3 => (0..generator.of(1..4))
            .map(|_| one_query(generator, depth + 1))
            .collect(),
        "limit" | "offset" => json!([generator.pick(&[0, 1, 25, 5000, 5001, -1])]),
        "cursorAfter" | "cursorBefore" => json!([format!("r{}", generator.of(0..12))]),
        "select" => json!([name, "$id"]),
        method if method.starts_with("distance") => json!([[cell(generator, "point"), generator.of(-1.0..1e7), true]]),
        "search" | "notSearch" => {
            json!([generator.pick(&["quick", "\"brown fox\"", "a*", "(", "' | !", "\u{0}", "NEAR(a b)"])])
        }
        "isNull" | "isNotNull" => json!([]),
        "between" | "notBetween" => json!([cell(generator, kind), cell(generator, kind)]),
        _ => json!([cell(generator, kind)]),
    };
    json!({"method": method, "attribute": name, "values": values})
}

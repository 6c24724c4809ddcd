//! Fixture of the fuzz test: a table with a column of each type, another table, and rows.

use std::sync::Arc;

use api::endpoint::Declaration;
use serde_json::{Value, json};
use testkit::Actor;

use crate::common::{self, SHOP};

pub(crate) struct Fixture {
    common: common::Fixture,
    pub(crate) key: Actor,
    pub(crate) user: Actor,
    pub(crate) guest: Actor,
}

/// The columns of the table: key, type in the route, and body without the key.
pub(crate) fn columns() -> Vec<(&'static str, &'static str, Value)> {
    let plain = json!({"required": false});
    vec![
        ("name", "string", json!({"required": false, "size": 64})),
        ("letter", "varchar", json!({"required": false, "size": 10})),
        ("note", "text", plain.clone()),
        ("number", "integer", plain.clone()),
        (
            "small",
            "integer",
            json!({"required": false, "min": -5, "max": 5, "default": 1}),
        ),
        ("price", "float", plain.clone()),
        ("flag", "boolean", plain.clone()),
        ("at", "datetime", plain.clone()),
        ("mail", "email", plain.clone()),
        ("level", "enum", json!({"required": false, "elements": ["low", "high"]})),
        ("ip", "ip", plain.clone()),
        ("link", "url", plain.clone()),
        ("tags", "string", json!({"required": false, "size": 20, "array": true})),
        ("marks", "integer", json!({"required": false, "array": true})),
        ("days", "datetime", json!({"required": false, "array": true})),
        ("place", "point", plain.clone()),
        ("way", "line", plain.clone()),
        ("area", "polygon", plain),
        (
            "secret",
            "string",
            json!({"required": false, "size": 200, "encrypt": true}),
        ),
    ]
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let common = common::Fixture::new().await;
        let (key, user) = (common.key(SHOP, &common::key_scopes()), common.alan.clone());
        let guest = common.server.guest(SHOP);
        Self {
            common,
            key,
            user,
            guest,
        }
    }

    /// All endpoints of `databases` and `tablesdb`.
    pub(crate) fn endpoints(&self) -> Vec<Arc<Declaration>> {
        let all = self.common.server.running.router.endpoints().iter();
        let all = all.map(|endpoint| Arc::clone(&endpoint.declaration));
        all.filter(|one| matches!(one.service(), "databases" | "tablesdb"))
            .collect()
    }

    /// Creates the parts of the fixture that do not exist. For those that do, the reply is a conflict, which is
    /// ignored.
    pub(crate) async fn create_missing(&self) {
        let post = async |path: &str, body: Value| {
            let reply = self.key.post(path, body).await;
            assert!(
                matches!(reply.status, 200..=202 | 400 | 404 | 409),
                "{path}: {} {}",
                reply.status,
                reply.body
            );
        };
        let open = json!([
            "read(\"any\")",
            "create(\"any\")",
            "update(\"users\")",
            "delete(\"user:alan\")"
        ]);
        post("/v1/tablesdb", json!({"databaseId": "main", "name": "Main"})).await;
        for table in ["things", "others"] {
            let new = json!({"tableId": table, "name": table, "permissions": open, "rowSecurity": true});
            post("/v1/tablesdb/main/tables", new).await;
        }
        let at = "/v1/tablesdb/main/tables/things";
        let enabled = json!({"name": "Things", "permissions": open, "rowSecurity": true, "enabled": true});
        self.key.put(at, enabled).await;
        for (key, kind, mut body) in columns() {
            body["key"] = json!(key);
            post(&format!("{at}/columns/{kind}"), body).await;
        }
        for (key, kind, column) in [
            ("byName", "key", "name"),
            ("byNumber", "key", "number"),
            ("words", "fulltext", "note"),
            ("byTag", "key", "tags"),
            ("oneLetter", "unique", "letter"),
        ] {
            post(
                &format!("{at}/indexes"),
                json!({"key": key, "type": kind, "columns": [column]}),
            )
            .await;
        }
        for number in 0..10 {
            let data =
                json!({"name": format!("n{number}"), "number": number, "tags": ["a", "b"], "note": "quick brown fox"});
            post(
                &format!("{at}/rows"),
                json!({"rowId": format!("r{number}"), "data": data}),
            )
            .await;
        }
    }
}

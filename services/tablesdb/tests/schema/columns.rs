//! Columns of every type.

use testkit::{Value, Words, json};

use crate::Shop;

/// A type of columns: what a new one is told, a value, and one that does not fit.
const TYPES: [(&str, &str); 13] = [
    ("string", r#"{"size": 20, "default": "x"}"#),
    ("varchar", r#"{"size": 20, "default": "x"}"#),
    ("text", r#"{"default": "x"}"#),
    ("mediumtext", r#"{"default": "x"}"#),
    ("longtext", r#"{"default": "x"}"#),
    ("email", r#"{"default": "a@example.com"}"#),
    ("url", r#"{"default": "https://example.com"}"#),
    ("ip", r#"{"default": "10.0.0.1"}"#),
    ("enum", r#"{"elements": ["a", "b"], "default": "a"}"#),
    ("integer", r#"{"min": 1, "max": 9, "default": 2}"#),
    ("float", r#"{"min": 0.5, "max": 9.5, "default": 2.5}"#),
    ("boolean", r#"{"default": false}"#),
    ("datetime", r#"{"default": "2026-01-01T00:00:00.000+00:00"}"#),
];

fn with(json: &str, key: &str, required: bool) -> Value {
    let mut body: Value = serde_json::from_str(json).expect("JSON");
    body["key"] = key.into();
    body["required"] = required.into();
    body
}

#[tokio::test]
async fn columns_of_every_type_are_made_shown_and_changed() {
    for words in Words::BOTH {
        let shop = Shop::open(words).await;
        for (kind, own) in TYPES {
            let body = with(own, kind, false);
            let made = shop.column(kind, body.clone()).await;
            assert_eq!(made.assert_status(202).text("status"), "processing", "{kind}");
            let shown = shop.key.get(&words.columns("main", "posts", &format!("/{kind}"))).await;
            assert_eq!(shown.assert_status(200).text("status"), "available", "{kind}");
            for (key, value) in body.as_object().expect("an object") {
                assert_eq!(&shown.body[key], value, "{kind}");
            }
            let path = words.columns("main", "posts", &format!("/{kind}/{kind}"));
            let mut change = body;
            change["default"] = Value::Null;
            change["newKey"] = format!("{kind}2").into();
            let changed = shop.key.patch(&path, change).await;
            assert_eq!(
                (changed.assert_status(200).text("key"), &changed.body["default"]),
                (&*format!("{kind}2"), &Value::Null)
            );
        }
        let all = shop.key.get(&words.columns("main", "posts", "")).await;
        assert_eq!(all.assert_status(200).body["total"], TYPES.len());
        let numbers = r#"{"method":"equal","attribute":"type","values":["integer","double"]}"#;
        let numbers = shop
            .key
            .get(&words.columns("main", "posts", &format!("?queries[0]={numbers}")))
            .await;
        assert_eq!(numbers.assert_status(200).body["total"], 2);
        shop.row("one", json!({"integer2": 5})).await.assert_status(201);
    }
}

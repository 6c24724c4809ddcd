//! Columns of every type.

use testkit::{Value, Vocabulary, json};

use crate::Shop;

/// Parameters of a new column, by type.
const TYPES: [(&str, &str); 16] = [
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
    ("point", r#"{"default": [1, 2]}"#),
    ("line", r#"{"default": [[1, 2], [3, 4]]}"#),
    ("polygon", r#"{"default": [[[0, 0], [3, 0], [3, 3], [0, 0]]]}"#),
];

fn with(json: &str, key: &str, required: bool) -> Value {
    let mut body: Value = serde_json::from_str(json).expect("JSON");
    body["key"] = key.into();
    body["required"] = required.into();
    body
}

#[tokio::test]
async fn columns_of_every_type_are_made_shown_and_changed() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        for (kind, own) in TYPES {
            let body = with(own, kind, false);
            let created = shop.column(kind, body.clone()).await;
            assert_eq!(created.assert_status(202).text("status"), "processing", "{kind}");
            let shown = shop
                .key
                .get(&vocabulary.columns("main", "posts", &format!("/{kind}")))
                .await;
            assert_eq!(shown.assert_status(200).text("status"), "available", "{kind}");
            for (key, value) in body.as_object().expect("an object") {
                assert_eq!(&shown.body[key], value, "{kind}");
            }
            let path = vocabulary.columns("main", "posts", &format!("/{kind}/{kind}"));
            let mut change = body;
            change["default"] = Value::Null;
            change["newKey"] = format!("{kind}2").into();
            let changed = shop.key.patch(&path, change).await;
            assert_eq!(
                (changed.assert_status(200).text("key"), &changed.body["default"]),
                (&*format!("{kind}2"), &Value::Null)
            );
        }
        let all = shop.key.get(&vocabulary.columns("main", "posts", "")).await;
        assert_eq!(all.assert_status(200).body["total"], TYPES.len());
        let keys = all.body[vocabulary.columns].as_array().expect("a list").iter();
        assert!(
            keys.map(|column| &column["key"])
                .eq(TYPES.map(|(kind, _)| format!("{kind}2")).iter())
        );
        let numbers = r#"{"method":"equal","attribute":"type","values":["integer","double"]}"#;
        let numbers = shop
            .key
            .get(&vocabulary.columns("main", "posts", &format!("?queries[0]={numbers}")))
            .await;
        assert_eq!(numbers.assert_status(200).body["total"], 2);
        let after = r#"{"method":"cursorAfter","values":["point2"]}"#;
        let after = shop
            .key
            .get(&vocabulary.columns("main", "posts", &format!("?queries[0]={after}")))
            .await;
        assert_eq!(after.assert_status(200).body[vocabulary.columns][0]["key"], "line2");
        let row = shop.row("one", json!({"integer2": 5})).await;
        assert_eq!(row.assert_status(201).body["integer2"], 5);
    }
}

#[tokio::test]
async fn invalid_columns_are_refused_with_key_and_rule() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.column("boolean", json!({"key": "Taken", "required": false}))
        .await
        .assert_status(202);
    let refusals = [
        (
            "string",
            r#"{"key": "taken", "size": 5}"#,
            409,
            "column_already_exists",
            "taken",
        ),
        (
            "string",
            r#"{"key": "_a", "size": 5}"#,
            400,
            "general_argument_invalid",
            "key",
        ),
        (
            "string",
            r#"{"key": "a", "size": 0}"#,
            400,
            "general_argument_invalid",
            "size",
        ),
        (
            "string",
            r#"{"key": "a", "size": 1073741825}"#,
            400,
            "general_argument_invalid",
            "size",
        ),
        ("string", r#"{"key": "a"}"#, 400, "general_argument_invalid", "size"),
        (
            "string",
            r#"{"key": "a", "size": 3, "default": "four"}"#,
            400,
            "column_value_invalid",
            "\"a\"",
        ),
        (
            "string",
            r#"{"key": "a", "size": 3, "default": 4}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
        (
            "string",
            r#"{"key": "a", "size": 9, "default": "x", "required": true}"#,
            400,
            "column_default_unsupported",
            "\"a\"",
        ),
        (
            "string",
            r#"{"key": "a", "size": 9, "default": "x", "array": true}"#,
            400,
            "column_default_unsupported",
            "\"a\"",
        ),
        (
            "string",
            r#"{"key": "a", "size": 149, "encrypt": true}"#,
            400,
            "general_bad_request",
            "150",
        ),
        (
            "varchar",
            r#"{"key": "a", "size": 16382}"#,
            400,
            "general_argument_invalid",
            "size",
        ),
        (
            "varchar",
            r#"{"key": "a", "size": 16381}"#,
            400,
            "column_limit_exceeded",
            "65535",
        ),
        (
            "integer",
            r#"{"key": "a", "min": 9, "max": 1}"#,
            400,
            "column_value_invalid",
            "minimum 9",
        ),
        (
            "integer",
            r#"{"key": "a", "min": 3, "default": 2}"#,
            400,
            "column_value_invalid",
            "\"a\"",
        ),
        (
            "integer",
            r#"{"key": "a", "default": "2"}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
        (
            "integer",
            r#"{"key": "a", "default": 2.5}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
        (
            "float",
            r#"{"key": "a", "min": 2, "max": 1.5}"#,
            400,
            "column_value_invalid",
            "minimum",
        ),
        (
            "boolean",
            r#"{"key": "a", "default": 1}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
        (
            "email",
            r#"{"key": "a", "default": "nobody"}"#,
            400,
            "general_argument_invalid",
            "email",
        ),
        (
            "ip",
            r#"{"key": "a", "default": "1.2.3"}"#,
            400,
            "general_argument_invalid",
            "IP",
        ),
        (
            "url",
            r#"{"key": "a", "default": "example"}"#,
            400,
            "general_argument_invalid",
            "URL",
        ),
        (
            "datetime",
            r#"{"key": "a", "default": "soon"}"#,
            400,
            "general_argument_invalid",
            "date",
        ),
        (
            "enum",
            r#"{"key": "a", "elements": []}"#,
            400,
            "column_value_invalid",
            "elements",
        ),
        (
            "enum",
            r#"{"key": "a", "elements": ["b", ""]}"#,
            400,
            "column_value_invalid",
            "elements",
        ),
        (
            "enum",
            r#"{"key": "a", "elements": ["b"], "default": "c"}"#,
            400,
            "column_value_invalid",
            "(b)",
        ),
        (
            "point",
            r#"{"key": "a", "default": [200, 0]}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
        (
            "line",
            r#"{"key": "a", "default": [[0, 0]]}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
        (
            "polygon",
            r#"{"key": "a", "default": [[[0, 0], [1, 1]]]}"#,
            400,
            "general_argument_invalid",
            "default",
        ),
    ];
    for (kind, body, status, error, names) in refusals {
        let mut body: Value = serde_json::from_str(body).expect("JSON");
        if body["required"].is_null() {
            body["required"] = false.into();
        }
        let reply = shop.column(kind, body.clone()).await;
        reply.assert(status, error);
        assert!(reply.text("message").contains(names), "{body}: {}", reply.body);
    }
    shop.column("string", json!({"key": "a", "size": 5}))
        .await
        .assert(400, "general_argument_invalid");
    let elsewhere = Vocabulary::TABLES.columns("main", "nothing", "/boolean");
    shop.key
        .post(&elsewhere, json!({"key": "a", "required": false}))
        .await
        .assert(404, "table_not_found");
}

#[tokio::test]
async fn column_updates_are_checked_against_type_and_rows() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let path = |kind: &str, key: &str| vocabulary.columns("main", "posts", &format!("/{kind}/{key}"));
        shop.column("string", json!({"key": "name", "size": 10, "required": false}))
            .await
            .assert_status(202);
        shop.column(
            "string",
            json!({"key": "tags", "size": 10, "required": false, "array": true}),
        )
        .await
        .assert_status(202);
        shop.column("enum", json!({"key": "mood", "elements": ["good"], "required": false}))
            .await
            .assert_status(202);
        shop.column("integer", json!({"key": "n", "required": false, "min": 5}))
            .await
            .assert_status(202);
        shop.row("one", json!({"name": "Ada Lovel", "tags": ["mathematic"], "n": 7}))
            .await
            .assert_status(201);

        let change = |own: &str| {
            let mut change: Value = serde_json::from_str(own).expect("JSON");
            change["required"] = false.into();
            if change.get("default").is_none() {
                change["default"] = Value::Null;
            }
            change
        };
        let refusals = [
            ("string", "name", r#"{"size": 8}"#, "column_invalid_resize"),
            ("string", "tags", r#"{"size": 9}"#, "column_invalid_resize"),
            ("integer", "name", "{}", "column_type_invalid"),
            ("email", "name", "{}", "column_type_invalid"),
            ("text", "name", "{}", "column_type_invalid"),
            ("string", "name", r#"{"newKey": "TAGS"}"#, "column_already_exists"),
            ("string", "name", r#"{"size": 16381}"#, "column_limit_exceeded"),
            ("string", "nothing", "{}", "column_not_found"),
            ("enum", "mood", r#"{"elements": []}"#, "column_value_invalid"),
            ("integer", "n", r#"{"min": 5, "max": 4}"#, "column_value_invalid"),
            ("integer", "n", r#"{"default": 4}"#, "column_value_invalid"),
        ];
        for (kind, key, own, error) in refusals {
            let reply = shop.key.patch(&path(kind, key), change(own)).await;
            assert_eq!(
                reply.text("type"),
                vocabulary.error(error),
                "{key} {own}: {}",
                reply.body
            );
        }
        shop.key
            .patch(&path("string", "name"), json!({"required": false}))
            .await
            .assert(400, "general_argument_invalid");

        shop.key
            .patch(&path("string", "name"), change(r#"{"size": 9}"#))
            .await
            .assert_status(200);
        shop.key
            .patch(&path("string", "tags"), change(r#"{"size": 12}"#))
            .await
            .assert_status(200);
        let n = shop
            .key
            .patch(
                &path("integer", "n"),
                change(r#"{"max": 8, "default": 6, "newKey": "N"}"#),
            )
            .await;
        assert_eq!(
            (n.assert_status(200).text("key"), &n.body["min"]),
            ("N", &json!(5)),
            "what is not said stays"
        );
        let row = shop.key.get(&vocabulary.rows("main", "posts", "/one")).await;
        assert_eq!((&row.body["N"], &row.body["n"]), (&json!(7), &Value::Null));
        let row = shop.row("two", json!({"$id": "two"})).await;
        assert_eq!(row.assert_status(201).body["N"], 6);
    }
}

#[tokio::test]
async fn a_deleted_column_loses_its_values_and_frees_its_key() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.column("string", json!({"key": "n", "size": 10, "required": true}))
            .await
            .assert_status(202);
        shop.row("one", json!({"n": "text"})).await.assert_status(201);
        let path = vocabulary.columns("main", "posts", "/n");
        shop.key.delete(&path).await.assert_status(204);
        shop.key
            .get(&path)
            .await
            .assert(404, &vocabulary.error("column_not_found"));
        let row = shop.key.get(&vocabulary.rows("main", "posts", "/one")).await;
        assert!(row.assert_status(200).body.get("n").is_none());
        shop.row("two", json!({"n": "text"}))
            .await
            .assert(400, &vocabulary.error("row_invalid_structure"));

        // The key can be reused with another type.
        shop.column("integer", json!({"key": "n", "required": false}))
            .await
            .assert_status(202);
        let row = shop.row("two", json!({"n": 2})).await;
        assert_eq!(row.assert_status(201).body["n"], 2);
        let row = shop.key.get(&vocabulary.rows("main", "posts", "/one")).await;
        assert_eq!(row.body["n"], Value::Null);
    }
}

#[tokio::test]
async fn a_required_shape_is_checked_for_new_rows_only() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.column("point", json!({"key": "home", "required": true}))
        .await
        .assert_status(202);
    shop.row("one", json!({"home": [8.5, 47.3]})).await.assert_status(201);
    shop.column("point", json!({"key": "work", "required": true}))
        .await
        .assert(400, "row_invalid_structure");
    shop.column("point", json!({"key": "work", "required": false}))
        .await
        .assert_status(202);
    shop.key
        .patch(
            "/v1/tablesdb/main/tables/posts/columns/point/work",
            json!({"required": true}),
        )
        .await
        .assert(400, "row_invalid_structure");
}

#[tokio::test]
async fn column_count_and_row_width_are_limited() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    // The limit is 65535 bytes, of which 1067 are already used: 63 texts of 1021 bytes fit, and 145 bytes are left.
    for n in 0..63 {
        shop.column(
            "string",
            json!({"key": format!("s{n}"), "size": 255, "required": false}),
        )
        .await
        .assert_status(202);
    }
    shop.column("string", json!({"key": "last", "size": 255, "required": false}))
        .await
        .assert(400, "column_limit_exceeded");
    shop.column("string", json!({"key": "last", "size": 36, "required": false}))
        .await
        .assert_status(202);
    let table = shop.key.get("/v1/tablesdb/main/tables/posts").await;
    assert_eq!(
        (&table.body["bytesMax"], &table.body["bytesUsed"]),
        (&json!(65535), &json!(65535))
    );
    shop.column("boolean", json!({"key": "more", "required": false}))
        .await
        .assert(400, "column_limit_exceeded");
}

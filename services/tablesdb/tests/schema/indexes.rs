//! Indexes.

use testkit::{Value, Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn an_index_is_created_listed_and_deleted() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.column("string", json!({"key": "room", "size": 64, "required": true}))
            .await
            .assert_status(202);
        let created = shop.index("room_created", "key", &["room", "$createdAt"]).await;
        assert_eq!(created.assert_status(202).text("status"), "processing");
        let path = vocabulary.indexes("main", "posts", "/room_created");
        let shown = shop.key.get(&path).await;
        assert_eq!(
            (shown.assert_status(200).text("status"), &shown.body[vocabulary.columns]),
            ("available", &json!(["room", "$createdAt"]))
        );
        shop.index("ROOM_created", "key", &["room"])
            .await
            .assert(409, &vocabulary.error("column_index_already_exists"));
        let of_room = r#"{"method":"contains","attribute":"attributes","values":["room"]}"#;
        let all = shop
            .key
            .get(&vocabulary.indexes("main", "posts", &format!("?queries[0]={of_room}")))
            .await;
        assert_eq!(all.assert_status(200).body["total"], 1);
        shop.key.delete(&path).await.assert_status(204);
        shop.key
            .get(&path)
            .await
            .assert(404, &vocabulary.error("column_index_not_found"));
    }
}

#[tokio::test]
async fn a_unique_index_refuses_duplicates_and_can_ignore_case() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.column("string", json!({"key": "name", "size": 64, "required": false}))
            .await
            .assert_status(202);
        let unique = json!({"key": "name", "type": "unique", (vocabulary.columns): ["name"], "caseInsensitive": true});
        shop.key
            .post(&vocabulary.indexes("main", "posts", ""), unique)
            .await
            .assert_status(202);
        shop.row("a", json!({"name": "Ada"})).await.assert_status(201);
        shop.row("b", json!({"name": "ADA"}))
            .await
            .assert(409, &vocabulary.error("row_already_exists"));
        // Only ASCII letters are compared case-insensitively, on both engines.
        shop.row("e", json!({"name": "É"})).await.assert_status(201);
        shop.row("f", json!({"name": "é"})).await.assert_status(201);
        // NULL values are distinct.
        shop.row("c", json!({"name": null})).await.assert_status(201);
        shop.row("d", json!({"name": null})).await.assert_status(201);
    }
}

#[tokio::test]
async fn a_unique_index_over_duplicates_fails_with_a_reason() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.column("string", json!({"key": "name", "size": 64, "required": false}))
        .await
        .assert_status(202);
    for id in ["a", "b"] {
        shop.row(id, json!({"name": "Ada"})).await.assert_status(201);
    }
    let created = shop.index("name", "unique", &["name"]).await;
    assert_eq!(created.assert_status(202).text("status"), "processing");
    let path = Vocabulary::TABLES.indexes("main", "posts", "/name");
    let failed = shop.key.get(&path).await;
    assert_eq!(
        (failed.text("status"), failed.text("error")),
        ("failed", "Several rows have the same value of name")
    );
    shop.key.delete(&path).await.assert_status(204);
    shop.key
        .delete(&Vocabulary::TABLES.rows("main", "posts", "/b"))
        .await
        .assert_status(204);
    shop.index("name", "unique", &["name"]).await.assert_status(202);
    assert_eq!(shop.key.get(&path).await.text("status"), "available");
}

/// The table `posts` with a column for each rule of indexes.
async fn with_all_columns(vocabulary: Vocabulary) -> Shop {
    let shop = Shop::open(vocabulary).await;
    for (kind, body) in [
        ("string", r#"{"key": "short", "size": 100}"#),
        ("string", r#"{"key": "other", "size": 700}"#),
        ("string", r#"{"key": "long", "size": 2000}"#),
        ("string", r#"{"key": "sealed", "size": 200, "encrypt": true}"#),
        ("string", r#"{"key": "tags", "size": 30, "array": true}"#),
        ("integer", r#"{"key": "sizes", "array": true}"#),
        ("integer", r#"{"key": "n"}"#),
        ("point", r#"{"key": "home"}"#),
        ("point", r#"{"key": "work", "required": true}"#),
    ] {
        let mut body: Value = serde_json::from_str(body).expect("JSON");
        if body["required"].is_null() {
            body["required"] = false.into();
        }
        shop.column(kind, body).await.assert_status(202);
    }
    shop
}

#[tokio::test]
async fn invalid_indexes_are_refused_with_the_rule() {
    for vocabulary in Vocabulary::BOTH {
        let shop = with_all_columns(vocabulary).await;
        let refusals = [
            (r#"{"type": "key", "of": []}"#, "column_index_invalid"),
            (r#"{"type": "key", "of": ["nothing"]}"#, "column_unknown"),
            (r#"{"type": "key", "of": ["$sequence"]}"#, "column_unknown"),
            (r#"{"type": "key", "of": ["n", "n"]}"#, "column_index_invalid"),
            (r#"{"type": "key", "of": ["long"]}"#, "column_index_invalid"),
            (r#"{"type": "key", "of": ["short", "other"]}"#, "column_index_invalid"),
            (
                r#"{"type": "key", "of": ["short"], "lengths": [101]}"#,
                "column_index_invalid",
            ),
            (
                r#"{"type": "key", "of": ["n"], "lengths": [1]}"#,
                "column_index_invalid",
            ),
            (
                r#"{"type": "key", "of": ["n"], "orders": ["asc", "asc"]}"#,
                "column_index_invalid",
            ),
            (r#"{"type": "key", "of": ["sealed"]}"#, "column_index_invalid"),
            (r#"{"type": "key", "of": ["home"]}"#, "column_index_invalid"),
            (r#"{"type": "key", "of": ["tags", "sizes"]}"#, "column_index_invalid"),
            (
                r#"{"type": "key", "of": ["n"], "caseInsensitive": true}"#,
                "column_index_invalid",
            ),
            (r#"{"type": "unique", "of": ["tags"]}"#, "column_index_invalid"),
            (r#"{"type": "fulltext", "of": ["n"]}"#, "column_index_invalid"),
            (r#"{"type": "fulltext", "of": ["tags"]}"#, "column_index_invalid"),
            (r#"{"type": "fulltext", "of": ["$id"]}"#, "column_index_invalid"),
            (r#"{"type": "spatial", "of": ["home"]}"#, "column_index_invalid"),
            (r#"{"type": "spatial", "of": ["work", "home"]}"#, "column_index_invalid"),
            (r#"{"type": "spatial", "of": ["short"]}"#, "column_index_invalid"),
            (r#"{"type": "other", "of": ["short"]}"#, "general_argument_invalid"),
            (
                r#"{"type": "key", "of": ["n"], "orders": ["up"]}"#,
                "general_argument_invalid",
            ),
        ];
        let path = vocabulary.indexes("main", "posts", "");
        for (body, error) in refusals {
            let mut index: Value = serde_json::from_str(body).expect("JSON");
            index[vocabulary.columns] = index["of"].take();
            index["key"] = "index".into();
            let reply = shop.key.post(&path, index).await;
            assert_eq!(reply.text("type"), vocabulary.error(error), "{body}: {}", reply.body);
        }
        let taken = [
            r#"{"type": "KEY", "of": ["long"], "lengths": [200], "orders": ["desc"]}"#,
            r#"{"type": "key", "of": ["other", "n", "$id"]}"#,
            r#"{"type": "unique", "of": ["other"]}"#,
            r#"{"type": "unique", "of": ["long", "n"], "lengths": [100, null]}"#,
            r#"{"type": "key", "of": ["tags"], "orders": ["asc"]}"#,
            r#"{"type": "fulltext", "of": ["long"]}"#,
            r#"{"type": "spatial", "of": ["work"]}"#,
        ];
        for (number, body) in taken.iter().enumerate() {
            let mut index: Value = serde_json::from_str(body).expect("JSON");
            index[vocabulary.columns] = index["of"].take();
            index["key"] = format!("index{number}").into();
            shop.key.post(&path, index).await.assert_status(202);
            let shown = shop
                .key
                .get(&vocabulary.indexes("main", "posts", &format!("/index{number}")))
                .await;
            assert_eq!(shown.text("status"), "available", "{body}: {}", shown.body);
        }
        let first = shop.key.get(&vocabulary.indexes("main", "posts", "/index0")).await;
        assert_eq!(
            (&first.body["orders"], &first.body["lengths"]),
            (&json!(["DESC"]), &json!([200]))
        );
        let list = shop.key.get(&vocabulary.indexes("main", "posts", "/index4")).await;
        assert_eq!(list.body["lengths"], json!([255]));
    }
}

#[tokio::test]
async fn indexes_do_not_limit_the_length_of_values() {
    let vocabulary = Vocabulary::TABLES;
    let shop = with_all_columns(vocabulary).await;
    let path = vocabulary.indexes("main", "posts", "");
    for (key, body) in [
        ("by_long", json!({"type": "key", "columns": ["long"], "lengths": [700]})),
        (
            "one_long",
            json!({"type": "unique", "columns": ["long"], "lengths": [700]}),
        ),
        (
            "folded",
            json!({"type": "unique", "columns": ["long"], "lengths": [700], "caseInsensitive": true}),
        ),
        (
            "by_other",
            json!({"type": "key", "columns": ["other", "n"], "orders": ["DESC", "ASC"]}),
        ),
    ] {
        let mut body = body;
        body["key"] = key.into();
        shop.key.post(&path, body).await.assert_status(202);
    }
    // Pseudo-random 4-byte characters, which neither engine can compress.
    let letter = |n: u32| char::from_u32(0x1F300 + n.wrapping_mul(2_654_435_761) % 0x250).unwrap_or('x');
    let noise = |from: u32, length: u32| (from..from + length).map(letter).collect::<String>();
    let row = |last: &str| json!({"long": noise(0, 1999) + last, "other": noise(7, 700), "n": 1, "work": [0, 0]});
    shop.row("a", row("a")).await.assert_status(201);
    shop.row("b", row("b")).await.assert_status(201);
    // Values that differ only in case are equal in the case-insensitive index, and whole values are compared, not
    // prefixes.
    shop.row("c", row("B")).await.assert(409, "row_already_exists");
    shop.row("d", row("a")).await.assert(409, "row_already_exists");
}

#[tokio::test]
async fn indexes_follow_changes_of_their_columns() {
    for vocabulary in Vocabulary::BOTH {
        let shop = with_all_columns(vocabulary).await;
        shop.index("both", "key", &["short", "n"]).await.assert_status(202);
        shop.index("pair", "unique", &["n", "other"]).await.assert_status(202);
        shop.index("alone", "key", &["short"]).await.assert_status(202);
        let column = |rest: &str| vocabulary.columns("main", "posts", rest);
        let index = |key: &str| vocabulary.indexes("main", "posts", &format!("/{key}"));

        let rename = json!({"required": false, "default": null, "newKey": "brief"});
        shop.key
            .patch(&column("/string/short"), rename)
            .await
            .assert_status(200);
        let both = shop.key.get(&index("both")).await;
        assert_eq!(both.body[vocabulary.columns], json!(["brief", "n"]));

        // Deleting a column of a unique index is rejected, since the remaining columns may not be unique. Any other
        // index keeps its remaining columns, or is deleted if an identical index exists.
        shop.key
            .delete(&column("/n"))
            .await
            .assert(409, &vocabulary.error("column_index_dependency"));
        shop.key.delete(&index("pair")).await.assert_status(204);
        shop.key.delete(&column("/n")).await.assert_status(204);
        shop.key
            .get(&index("both"))
            .await
            .assert(404, &vocabulary.error("column_index_not_found"));
        shop.key.get(&index("alone")).await.assert_status(200);
        shop.key.delete(&column("/brief")).await.assert_status(204);
        shop.key
            .get(&index("alone"))
            .await
            .assert(404, &vocabulary.error("column_index_not_found"));

        // A column's size is limited by its indexes.
        shop.index("other", "unique", &["other"]).await.assert_status(202);
        let grow = |size: u32| json!({"required": false, "default": null, "size": size});
        shop.key
            .patch(&column("/string/other"), grow(768))
            .await
            .assert_status(200);
        shop.key
            .patch(&column("/string/other"), grow(769))
            .await
            .assert(400, &vocabulary.error("column_index_invalid"));
    }
}

#[tokio::test]
async fn index_count_is_limited() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.column("integer", json!({"key": "n", "required": false}))
        .await
        .assert_status(202);
    for number in 0..58 {
        shop.index(&format!("i{number}"), "key", &["n"])
            .await
            .assert_status(202);
    }
    let reply = shop.index("i58", "key", &["n"]).await;
    reply.assert(400, "column_index_limit_exceeded");
    assert!(reply.text("message").contains("\"i58\"") && reply.text("message").contains("58 indexes"));
}

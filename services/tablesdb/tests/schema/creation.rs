//! Tables created with their columns and indexes, and updates of parts, in both vocabularies.

use testkit::{Reply, Value, Vocabulary, json};

use crate::Shop;

impl Shop {
    /// Creates the table `made` with columns and indexes.
    async fn create_with(&self, columns: Value, indexes: Value) -> Reply {
        let words = self.vocabulary;
        let body = json!({(words.table_id): "made", "name": "Made", (words.columns): columns, "indexes": indexes});
        let path = format!("{}/{}", words.database("main"), words.tables);
        self.key.post(&path, body).await
    }
}

#[tokio::test]
async fn a_table_is_created_with_columns_and_indexes_that_are_available_at_once() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        let columns = json!([
            {"key": "title", "type": "string", "size": 64, "required": true},
            {"key": "mail", "type": "email"},
            {"key": "site", "type": "string", "size": 100, "format": "url", "required": false},
            {"key": "state", "type": "enum", "elements": ["open", "done"], "default": "open"},
            {"key": "count", "type": "integer", "min": -9_223_372_036_854_775_808_i64, "max": 9_223_372_036_854_776_000_u64},
            {"key": "big", "type": "bigint", "signed": false},
            {"key": "price", "type": "double", "min": 0, "default": 1.5},
            {"key": "tags", "type": "varchar", "size": 20, "array": true},
            {"key": "at", "type": "datetime"},
            {"key": "place", "type": "point", "required": true},
        ]);
        let indexes = json!([
            {"key": "mail_unique", "type": "unique", "attributes": ["mail"]},
            {"key": "by_state", "type": "key", "columns": ["state", "count"], "orders": ["ASC", "DESC"]},
            {"key": "words", "type": "fulltext", "attributes": ["title"]},
            {"key": "near", "type": "spatial", "attributes": ["place"]},
        ]);
        let made = shop.create_with(columns, indexes).await;
        made.assert_status(201);
        let of = |reply: &Reply, list: &str, field: &str| -> Vec<Value> {
            let items = reply.body[list].as_array().cloned().unwrap_or_default();
            items.iter().map(|item| item[field].clone()).collect()
        };
        assert_eq!(of(&made, words.columns, "status"), vec![json!("available"); 10]);
        assert_eq!(of(&made, "indexes", "status"), vec![json!("available"); 4]);
        assert_eq!(
            of(&made, "indexes", "key"),
            ["mail_unique", "by_state", "words", "near"]
        );
        assert_eq!(made.body[words.columns][2]["format"], "url");
        assert_eq!(made.body[words.columns][4]["max"], i64::MAX);
        assert_eq!(made.body[words.columns][5]["min"], 0);
        let read = shop.key.get(&words.table("main", "made")).await;
        assert_eq!(read.body, made.body);

        let row =
            |id: &str| json!({(words.row_id): id, "data": {"title": "a b", "mail": "a@b.example", "place": [1, 2]}});
        let rows = words.rows("main", "made", "");
        let first = shop.key.post(&rows, row("one")).await;
        assert_eq!(first.assert_status(201).body["state"], "open");
        shop.key
            .post(&rows, row("two"))
            .await
            .assert(409, &words.error("row_already_exists"));
    }
}

#[tokio::test]
async fn a_table_is_not_created_if_one_of_its_columns_or_indexes_is_invalid() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        let fine = json!({"key": "fine", "type": "string", "size": 8});
        let bad_columns = [
            (
                json!({"key": "bad", "type": "strnig", "size": 8}),
                "Value must be one of",
            ),
            (json!({"key": "bad", "type": "string"}), "size"),
            (json!({"key": "bad", "type": "string", "size": 0}), "size"),
            (json!({"key": "$id", "type": "boolean"}), "key"),
            (json!({"key": "FINE", "type": "boolean"}), "\"FINE\" already exists"),
            (json!({"key": "bad", "type": "integer", "min": 5, "max": 1}), "minimum"),
            (json!({"key": "bad", "type": "integer", "default": "x"}), "default"),
            (
                json!({"key": "bad", "type": "integer", "default": 9, "max": 5}),
                "default",
            ),
            (
                json!({"key": "bad", "type": "boolean", "required": true, "default": true}),
                "default",
            ),
            (
                json!({"key": "bad", "type": "boolean", "array": true, "default": true}),
                "default",
            ),
            (json!({"key": "bad", "type": "point", "array": true}), "array"),
            (json!({"key": "bad", "type": "enum", "elements": []}), "elements"),
            (json!({"key": "bad", "type": "relationship"}), "Value must be one of"),
            (json!({"key": "bad", "type": "integer", "format": "email"}), "format"),
            (
                json!({"key": "bad", "type": "string", "size": 200, "encrypt": true}),
                "encrypt",
            ),
            (json!("bad"), "must be an object"),
        ];
        for (column, text) in bad_columns {
            let reply = shop.create_with(json!([fine, column]), json!([])).await;
            reply.assert(400, "general_argument_invalid");
            let message = reply.text("message");
            assert!(
                message.contains(text) && message.contains(words.columns),
                "{column}: {message}"
            );
            if let Some(key) = column["key"].as_str() {
                assert!(message.contains(key), "{column}: {message}");
            }
        }
        let index = |kind: &str, columns: Value| json!({"key": "bad", "type": kind, "attributes": columns});
        let bad_indexes = [
            (json!([index("kye", json!(["fine"]))]), "general_argument_invalid"),
            (json!([index("key", json!([]))]), "general_argument_invalid"),
            (
                json!([index("key", json!(["fine"])), index("key", json!(["fine"]))]),
                "general_argument_invalid",
            ),
            (
                json!([{"key": "bad", "type": "key", "attributes": ["fine"], "orders": ["ASC", "ASC"]}]),
                "general_argument_invalid",
            ),
            (json!([index("key", json!(["other"]))]), "column_index_invalid"),
            (json!([index("spatial", json!(["fine"]))]), "column_index_invalid"),
            (json!([index("key", json!(["fine", "fine"]))]), "column_index_invalid"),
        ];
        for (indexes, of_tables) in bad_indexes {
            let reply = shop.create_with(json!([fine]), indexes.clone()).await;
            reply.assert(400, &words.error(of_tables));
            assert!(reply.text("message").contains("\"bad\""), "{indexes}: {}", reply.body);
        }
        let many: Vec<Value> = (0..101)
            .map(|n| json!({"key": format!("c{n}"), "type": "boolean"}))
            .collect();
        shop.create_with(json!(many), json!([]))
            .await
            .assert(400, "general_argument_invalid");

        shop.key
            .get(&words.table("main", "made"))
            .await
            .assert(404, &words.error("table_not_found"));
        shop.create_with(json!([fine]), json!([index("key", json!(["fine"]))]))
            .await
            .assert_status(201);
    }
}

#[tokio::test]
async fn an_update_of_a_table_or_a_database_keeps_what_is_not_sent() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        let posts = words.table("main", "posts");
        let set = json!({(words.row_security): true, "enabled": false, "permissions": ["read(\"any\")"]});
        let set = shop.key.put(&posts, set).await;
        assert_eq!(set.assert_status(200).body["name"], "posts");
        let named = shop.key.put(&posts, json!({"name": "Articles"})).await;
        named.assert_status(200);
        for body in [json!({}), json!({"name": ""}), json!({"name": null})] {
            let kept = shop.key.put(&posts, body).await;
            let body = &kept.assert_status(200).body;
            let seen = (
                &body["name"],
                &body["enabled"],
                &body[words.row_security],
                &body["$permissions"],
            );
            let first = (
                &json!("Articles"),
                &json!(false),
                &json!(true),
                &json!(["read(\"any\")"]),
            );
            assert_eq!(seen, first);
        }

        let main = words.database("main");
        let disabled = shop.key.put(&main, json!({"enabled": false})).await;
        assert_eq!(disabled.assert_status(200).body["name"], "Main");
        let renamed = shop.key.put(&main, json!({"name": "Other"})).await;
        assert_eq!(renamed.assert_status(200).body["enabled"], false);
    }
}

//! Validation of row values, and its messages.

use testkit::{Value, Vocabulary, json};

use crate::Shop;

/// A table with columns of all types.
async fn open(vocabulary: Vocabulary) -> Shop {
    let shop = Shop::open(vocabulary).await;
    for (kind, body) in [
        (
            "float",
            json!({"key": "score", "required": false, "min": 0.5, "max": 9.5}),
        ),
        ("boolean", json!({"key": "open", "required": false, "default": true})),
        ("datetime", json!({"key": "at", "required": false})),
        ("email", json!({"key": "mail", "required": false})),
        (
            "enum",
            json!({"key": "mood", "required": false, "elements": ["good", "bad"]}),
        ),
        ("ip", json!({"key": "ip", "required": false})),
        ("url", json!({"key": "link", "required": false})),
        (
            "string",
            json!({"key": "tags", "required": false, "size": 3, "array": true}),
        ),
        (
            "integer",
            json!({"key": "small", "required": false, "max": 2_147_483_647_i64}),
        ),
        (
            "string",
            json!({"key": "secret", "required": false, "size": 200, "encrypt": true}),
        ),
        ("point", json!({"key": "place", "required": false})),
        ("line", json!({"key": "way", "required": false})),
        ("polygon", json!({"key": "area", "required": false})),
    ] {
        shop.column(kind, body).await;
    }
    shop
}

#[tokio::test]
async fn values_of_every_type_are_normalized() {
    for vocabulary in Vocabulary::BOTH {
        let shop = open(vocabulary).await;
        let data = json!({
            "title": "Ünïcode 🦀", "likes": -10, "score": 2, "at": "2026-03-01T12:00:00+02:00",
            "mail": "ada@example.com", "mood": "good", "ip": "2001:db8::1", "link": "https://example.com/a?b=c",
            "tags": ["a", null, "abc"], "small": -2_147_483_647_i64, "secret": "nobody reads this",
            "place": [13.4, 52.5], "way": [[0, 0], [1, 1]], "area": [[0, 0], [0, 1], [1, 1], [0, 0]],
        });
        let created = shop.create(&shop.key, "one", data).await;
        created.assert_status(201);
        assert_eq!(shop.get("one").await.body, created.body);
        assert_eq!(created.body["score"], 2.0);
        assert_eq!(created.body["open"], true, "the default");
        assert_eq!(created.body["at"], "2026-03-01T10:00:00.000+00:00");
        assert_eq!(created.body["tags"], json!(["a", null, "abc"]));
        assert_eq!(created.body["secret"], "nobody reads this");
        assert_eq!(
            created.body["area"],
            json!([[[0, 0], [0, 1], [1, 1], [0, 0]]]),
            "a bare ring is a polygon"
        );

        let empty = shop.create(&shop.key, "two", json!({"tags": null, "open": null})).await;
        assert_eq!(empty.assert_status(201).body["tags"], json!([]), "a list is never null");
        assert_eq!(empty.body["open"], json!(null), "null is not nothing");
        assert_eq!(shop.get("two").await.body, empty.body);

        // In the database the value is encrypted.
        let app = &shop.server.running.app;
        let names: Vec<String> = app
            .engine
            .database("shop")
            .read(|tx| tx.sql_all("SELECT CAST(payload AS text) FROM _log WHERE action = 'create'", &[]))
            .await
            .expect("events");
        assert!(!names.is_empty());
    }
}

#[tokio::test]
async fn invalid_values_are_refused_in_the_caller_vocabulary() {
    for vocabulary in Vocabulary::BOTH {
        let shop = open(vocabulary).await;
        let (row, column, a_column) = match vocabulary {
            Vocabulary::TABLES => ("row", "column", "Column"),
            _ => ("document", "attribute", "Attribute"),
        };
        let kind = |key: &str, rule: &str| format!("{a_column} \"{key}\" has invalid type. {rule}");
        let format_ = |key: &str, rule: &str| format!("{a_column} \"{key}\" has invalid format. {rule}");
        let cases: Vec<(Value, String)> = vec![
            (json!({"nothing": 1}), format!("Unknown {column}: \"nothing\"")),
            (json!({"$other": 1}), format!("Unknown {column}: \"$other\"")),
            (
                json!({"title": "x".repeat(21)}),
                kind("title", "Value must be a valid string and no longer than 20 chars"),
            ),
            (json!({"title": 1}), kind("title", "Value must be a valid string")),
            (
                json!({"title": "a\u{0}b"}),
                format_("title", "Value must not contain the NUL character"),
            ),
            (json!({"likes": "5"}), kind("likes", "Value must be a valid integer")),
            (json!({"likes": 5.0}), kind("likes", "Value must be a valid integer")),
            (
                json!({"likes": 1001}),
                format_("likes", "Value must be a valid range between -10 and 1000"),
            ),
            (
                json!({"small": -2_147_483_648_i64}),
                kind(
                    "small",
                    "Value must be a valid range between -2147483647 and 2147483647",
                ),
            ),
            (json!({"score": "1"}), kind("score", "Value must be a valid float")),
            (
                json!({"score": 0.1}),
                format_("score", "Value must be a valid range between 0.5 and 9.5"),
            ),
            (json!({"open": 1}), kind("open", "Value must be a valid boolean")),
            (
                json!({"at": "yesterday"}),
                kind(
                    "at",
                    "Value must be a date in the format YYYY-MM-DDTHH:MM:SS.sss+00:00, another format of ISO 8601, or the \
                     format of HTTP dates",
                ),
            ),
            (
                json!({"mail": "nobody"}),
                format_("mail", "Value must be a valid email address"),
            ),
            (
                json!({"mood": "so"}),
                format_("mood", "Value must be one of (good, bad)"),
            ),
            (
                json!({"ip": "1.2.3"}),
                format_("ip", "Value must be a valid IP address"),
            ),
            (
                json!({"link": "/relative"}),
                format_("link", "Value must be a valid URL"),
            ),
            (json!({"tags": "a"}), format!("{a_column} \"tags\" must be an array")),
            (
                json!({"tags": ["a", 1]}),
                format!("{a_column} \"tags['1']\" has invalid type. Value must be a valid string"),
            ),
            (
                json!({"place": [200, 0]}),
                kind("place", "Longitude (x) must be between -180 and 180, got 200"),
            ),
            (
                json!({"way": [[0, 0]]}),
                kind("way", "A line must be an array of at least two points"),
            ),
            (
                json!({"area": [[0, 0], [0, 1], [1, 1], [1, 0]]}),
                kind("area", "A ring must end with the point that it begins with"),
            ),
            // The unknown key is reported before the invalid value.
            (
                json!({"likes": "5", "nothing": 1}),
                format!("Unknown {column}: \"nothing\""),
            ),
        ];
        shop.create(&shop.key, "there", json!({"title": "x"}))
            .await
            .assert_status(201);
        for (data, message) in cases {
            let message = format!("Invalid {row} structure: {message}");
            for reply in [
                shop.create(&shop.key, "one", data.clone()).await,
                shop.update(&shop.key, "there", data.clone()).await,
            ] {
                reply.assert(400, &shop.error("row_invalid_structure"));
                assert_eq!(reply.text("message"), message);
            }
        }
    }
}

#[tokio::test]
async fn required_columns_are_checked_on_the_merged_row() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.create(&shop.key, "old", json!({"title": "x"}))
        .await
        .assert_status(201);
    shop.column("string", json!({"key": "name", "size": 20, "required": true}))
        .await;
    let missing = "Invalid row structure: Missing required column \"name\"";
    let reply = shop.create(&shop.key, "one", json!({"title": "x", "nothing": 1})).await;
    assert_eq!(reply.assert(400, "row_invalid_structure").text("message"), missing);
    let reply = shop.update(&shop.key, "old", json!({"title": "y"})).await;
    assert_eq!(reply.assert(400, "row_invalid_structure").text("message"), missing);
    shop.update(&shop.key, "old", json!({"title": "y", "name": "z"}))
        .await
        .assert_status(200);
    shop.update(&shop.key, "old", json!({"name": null}))
        .await
        .assert(400, "row_invalid_structure");
}

#[tokio::test]
async fn system_attributes_are_accepted_from_servers_only() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.permit(&["create(\"any\")", "read(\"any\")", "update(\"any\")"])
            .await;
        let then = "2020-01-01T00:00:00.000+00:00";
        let data = json!({
            "title": "x", "$id": "other", "$sequence": 99, "$databaseId": "other", "$tableId": "other",
            "$collectionId": "other", "$permissions": ["read(\"any\")"], "$createdAt": then, "$updatedAt": then,
        });
        let by_key = shop.create(&shop.key, "one", data.clone()).await;
        by_key.assert_status(201);
        assert_eq!((by_key.text("$id"), &by_key.body["$sequence"]), ("one", &json!(1)));
        assert_eq!((by_key.text("$createdAt"), by_key.text("$updatedAt")), (then, then));
        assert_eq!(
            (by_key.text("$databaseId"), &by_key.body["$permissions"]),
            ("main", &json!([]))
        );

        let guest = shop.server.guest("shop");
        let by_guest = shop.create(&guest, "two", data).await;
        by_guest.assert_status(201);
        assert_ne!(by_guest.text("$createdAt"), then);
        assert_ne!(by_guest.text("$updatedAt"), then);

        // A row as returned by a read can be sent back completely.
        let mut again = by_key.body.clone();
        again["title"] = json!("y");
        let again = shop.update(&guest, "one", again).await;
        assert_eq!(again.assert_status(200).text("title"), "y");
        shop.create(&shop.key, "three", json!({"$createdAt": "yesterday"}))
            .await
            .assert(400, &shop.error("row_invalid_structure"));
    }
}

//! Operations on one row: create, update, upsert, increment and delete.

use std::time::Duration;

use testkit::{Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn create_replies_equal_later_reads() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let created = shop.create(&shop.key, "one", json!({"title": "One"})).await;
        created.assert_status(201);
        assert_eq!(created.body["title"], "One");
        assert_eq!(created.body["likes"], json!(null));
        assert_eq!(created.body["$permissions"], json!([]));
        assert_eq!(created.body[format!("${}", vocabulary.table_id)], "posts");
        assert_eq!(shop.get("one").await.body, created.body);

        shop.server.advance(Duration::from_secs(1));
        let changed = shop.update(&shop.key, "one", json!({"likes": 3})).await;
        changed.assert_status(200);
        assert_eq!(
            (&changed.body["title"], &changed.body["likes"]),
            (&json!("One"), &json!(3))
        );
        assert_eq!(changed.body["$createdAt"], created.body["$createdAt"]);
        assert_ne!(changed.body["$updatedAt"], created.body["$updatedAt"]);
        assert_eq!(shop.get("one").await.body, changed.body);

        shop.server.advance(Duration::from_secs(1));
        let same = shop.update(&shop.key, "one", json!({"likes": 3})).await;
        assert_eq!(
            same.assert_status(200).body,
            changed.body,
            "nothing changed, so no instant does"
        );

        shop.key.delete(&shop.path("/one")).await.assert_status(204);
        shop.get("one").await.assert(404, &shop.error("row_not_found"));
        shop.key
            .delete(&shop.path("/one"))
            .await
            .assert(404, &shop.error("row_not_found"));
        shop.update(&shop.key, "one", json!({"likes": 1}))
            .await
            .assert(404, &shop.error("row_not_found"));
    }
}

#[tokio::test]
async fn missing_rows_and_duplicate_ids_are_reported() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let rows = shop.path("");
        let missing = shop.error("row_missing_data");
        let body = json!({(vocabulary.row_id): "one"});
        shop.key.post(&rows, body).await.assert(400, &missing);
        shop.create(&shop.key, "one", json!({})).await.assert(400, &missing);
        shop.key
            .post(&rows, json!({"data": {"title": "x"}}))
            .await
            .assert(400, &missing);
        shop.create(&shop.key, "no id", json!({"title": "x"}))
            .await
            .assert(400, "general_argument_invalid");

        let unique = shop.create(&shop.key, "unique()", json!({"title": "x"})).await;
        assert_eq!(unique.assert_status(201).text("$id").len(), 20);
        shop.create(&shop.key, "one", json!("{\"title\": \"as text\"}"))
            .await
            .assert_status(201);
        shop.create(&shop.key, "one", json!({"title": "x"}))
            .await
            .assert(409, &shop.error("row_already_exists"));

        let payload = shop.error("row_missing_payload");
        shop.update(&shop.key, "one", json!({})).await.assert(400, &payload);
        shop.key
            .put(&shop.path("/two"), json!({"data": {}}))
            .await
            .assert(400, &payload);
        let elsewhere = vocabulary.rows("main", "nowhere", "/one");
        shop.key
            .get(&elsewhere)
            .await
            .assert(404, &shop.error("table_not_found"));
        let elsewhere = vocabulary.rows("nowhere", "posts", "/one");
        shop.key
            .patch(&elsewhere, json!({"data": {"title": "x"}}))
            .await
            .assert(404, "database_not_found");
    }
}

#[tokio::test]
async fn a_unique_index_refuses_duplicates() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let index = json!({"key": "title", "type": "unique", "columns": ["title"]});
    shop.key
        .post(&shop.vocabulary.indexes("main", "posts", ""), index)
        .await
        .assert_status(202);
    shop.create(&shop.key, "one", json!({"title": "x"}))
        .await
        .assert_status(201);
    shop.create(&shop.key, "two", json!({"title": "y"}))
        .await
        .assert_status(201);
    shop.create(&shop.key, "three", json!({"title": "x"}))
        .await
        .assert(409, "row_already_exists");
    shop.update(&shop.key, "two", json!({"title": "x"}))
        .await
        .assert(409, "row_already_exists");
    shop.update(&shop.key, "two", json!({"title": "z"}))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn an_upsert_creates_or_updates_a_row() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let path = shop.path("/one");
        let created = shop.key.put(&path, json!({"data": {"title": "One"}})).await;
        created.assert_status(200);
        let changed = shop
            .key
            .put(&path, json!({"data": {"likes": 1}, "permissions": ["read(\"any\")"]}))
            .await;
        changed.assert_status(200);
        assert_eq!(changed.body["title"], "One", "what is not named stays");
        assert_eq!(changed.body["$sequence"], created.body["$sequence"]);
        assert_eq!(changed.body["$permissions"], json!(["read(\"any\")"]));
        let counted = json!({"data": {"likes": {"method": "increment", "values": [2]}}});
        let counted = shop.key.put(&path, counted).await;
        assert_eq!(counted.assert_status(200).body["likes"], 3);
        assert_eq!(shop.get("one").await.body, counted.body);
    }
}

#[tokio::test]
async fn updates_based_on_an_older_read_are_refused() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let created = shop.create(&shop.key, "one", json!({"title": "One"})).await;
        let read_at = created.text("$updatedAt").to_owned();
        shop.server.advance(Duration::from_secs(1));
        let late = shop.key.clone().with_header("x-appwrite-timestamp", &read_at);
        shop.update(&late, "one", json!({"title": "Two"}))
            .await
            .assert_status(200);
        let conflict = shop.error("row_update_conflict");
        shop.update(&late, "one", json!({"title": "Three"}))
            .await
            .assert(409, &conflict);
        late.put(&shop.path("/one"), json!({"data": {"title": "x"}}))
            .await
            .assert(409, &conflict);
        late.delete(&shop.path("/one")).await.assert(409, &conflict);
        let count = "likes/increment";
        late.patch(&shop.path(&format!("/one/{count}")), json!({}))
            .await
            .assert(409, &conflict);
        let bad = shop.key.clone().with_header("x-appwrite-timestamp", "yesterday");
        shop.update(&bad, "one", json!({"title": "x"}))
            .await
            .assert(400, "general_argument_invalid");
        assert_eq!(shop.get("one").await.body["title"], "Two");
    }
}

#[tokio::test]
async fn numbers_are_incremented_and_decremented() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.create(&shop.key, "one", json!({"likes": 1})).await;
        let up = shop.path("/one/likes/increment");
        let down = shop.path("/one/likes/decrement");
        let reply = shop.key.patch(&up, json!({})).await;
        assert_eq!(reply.assert_status(200).body["likes"], 2);
        let reply = shop.key.patch(&up, json!({"value": 5, "max": 7})).await;
        assert_eq!(reply.assert_status(200).body["likes"], 7);
        let limit = shop.error("column_limit_exceeded");
        shop.key
            .patch(&up, json!({"value": 1, "max": 7}))
            .await
            .assert(400, &limit);
        shop.key.patch(&up, json!({"value": 2000})).await.assert(400, &limit);
        shop.key
            .patch(&down, json!({"value": 8, "min": 0}))
            .await
            .assert(400, &limit);
        let reply = shop.key.patch(&down, json!({"value": 7, "min": 0})).await;
        assert_eq!(reply.assert_status(200).body["likes"], 0);
        for value in [json!(0), json!(-1), json!("many")] {
            shop.key
                .patch(&up, json!({"value": value}))
                .await
                .assert(400, "general_argument_invalid");
        }
        shop.key
            .patch(&shop.path("/one/title/increment"), json!({}))
            .await
            .assert(400, "attribute_type_invalid");
        let missing = shop.error("column_not_found");
        for path in ["/one/no/increment", "/none/likes/increment"] {
            shop.key.patch(&shop.path(path), json!({})).await.assert(404, &missing);
        }
    }
}

#[tokio::test]
async fn row_changes_are_in_the_change_log_and_the_audit_log() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        shop.permit(&["read(\"users\")"]).await;
        let permissions = json!(["read(\"any\")", "update(\"any\")"]);
        let body = json!({(vocabulary.row_id): "one", "data": {"title": "One"}, "permissions": permissions});
        let created = shop.key.post(&shop.path(""), body).await;
        created.assert_status(201);
        shop.update(&shop.key, "one", json!({"title": "Two"}))
            .await
            .assert_status(200);
        shop.key
            .put(&shop.path("/one"), json!({"data": {"title": "Three"}}))
            .await;
        shop.key.patch(&shop.path("/one/likes/increment"), json!({})).await;
        shop.key.delete(&shop.path("/one")).await.assert_status(204);

        let database = shop.server.running.app.engine.database("shop");
        let events = db::testing::change_log(&database).await;
        let named: Vec<String> = events.iter().map(|one| one.event.name()).collect();
        let of_rows: Vec<_> = events
            .iter()
            .zip(&named)
            .filter(|(_, name)| name.contains(".one."))
            .collect();
        let prefix = format!("databases.main.{}.posts.{}.one", vocabulary.tables, vocabulary.rows);
        let names: Vec<&str> = of_rows
            .iter()
            .map(|(_, name)| name.strip_prefix(&prefix).expect("the row's name"))
            .collect();
        assert_eq!(names, [".create", ".update", ".upsert", ".update", ".delete"]);
        assert_eq!(
            of_rows[0].0.event.payload.tree(),
            created.body,
            "the payload is the answer"
        );
        assert_eq!(of_rows[4].0.event.payload.tree()["title"], "Three", "what was deleted");
        assert_eq!(of_rows[0].0.event.readers.as_deref(), Some(r#"["users","any"]"#));

        let labels: Vec<(String, String)> = database
            .read(|tx| tx.sql_all("SELECT event, resource FROM audit ORDER BY id", &[]))
            .await
            .expect("the audit log");
        let row = vocabulary.row_id.trim_end_matches("Id");
        let table = vocabulary.table_id.trim_end_matches("Id");
        let position = format!("database/main/{table}/posts/{row}/one");
        for act in ["create", "update", "upsert", "delete"] {
            let entry = (format!("{row}.{act}"), position.clone());
            assert!(labels.contains(&entry), "{entry:?} in {labels:?}");
        }
    }
}

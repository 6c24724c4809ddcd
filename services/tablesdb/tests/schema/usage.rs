//! Usage statistics.

use std::time::Duration;

use testkit::{Value, Vocabulary, json};

use crate::Shop;

/// The values of a series, without zeros.
fn usage_totals(body: &Value, series: &str) -> Vec<i64> {
    let points = body[series].as_array().expect("a series").iter();
    points
        .filter_map(|point| point["value"].as_i64())
        .filter(|value| *value != 0)
        .collect()
}

#[tokio::test]
async fn usage_reports_current_and_past_quantities() {
    for vocabulary in Vocabulary::BOTH {
        let shop = Shop::open(vocabulary).await;
        let name = json!({"key": "name", "size": 20, "required": false});
        shop.column("string", name).await.assert_status(202);
        let (key, hour) = (&shop.key, Duration::from_secs(3600));
        for id in ["a", "b", "c"] {
            shop.row(id, json!({"name": "Eve"})).await.assert_status(201);
        }
        // Counts are stored once a minute; reading the usage includes counts not stored yet.
        key.get(&format!("{}/usage", vocabulary.base)).await.assert_status(200);
        shop.server.advance(hour);
        key.delete(&vocabulary.rows("main", "posts", "/a"))
            .await
            .assert_status(204);
        key.get(&vocabulary.rows("main", "posts", "/b"))
            .await
            .assert_status(200);
        key.get(&vocabulary.rows("main", "posts", "")).await.assert_status(200);
        shop.add_table("other").await;

        let of_project = key.get(&format!("{}/usage?range=24h", vocabulary.base)).await;
        let body = &of_project.assert_status(200).body;
        assert_eq!(
            (&body["databasesTotal"], &body["tablesTotal"], &body["rowsTotal"]),
            (&json!(1), &json!(2), &json!(2))
        );
        assert_eq!(
            (&body["databasesWritesTotal"], &body["databasesReadsTotal"]),
            (&json!(4), &json!(3))
        );
        assert_eq!(
            (usage_totals(body, "rows"), usage_totals(body, "tables")),
            (vec![3, 2], vec![1, 2])
        );
        assert_eq!(
            (
                usage_totals(body, "databasesWrites"),
                usage_totals(body, "databasesReads")
            ),
            (vec![3, 1], vec![3])
        );
        assert!(body["storageTotal"].as_i64() > Some(0));
        assert_eq!(
            usage_totals(body, "storage").len(),
            2,
            "measured whenever somebody asks"
        );
        assert_eq!(body["rows"].as_array().map(Vec::len), Some(24));
        assert_eq!(body["rows"][23]["date"], "2026-11-21T13:00:00.000+00:00");

        let of_database = key.get(&format!("{}/usage", vocabulary.database("main"))).await;
        let body = &of_database.assert_status(200).body;
        assert_eq!(
            (&body["range"], &body["documentsTotal"], &body["databaseWritesTotal"]),
            (&json!("30d"), &json!(2), &json!(4))
        );
        assert_eq!(
            (
                usage_totals(body, "documents"),
                body["documents"].as_array().map(Vec::len)
            ),
            (vec![2], Some(30))
        );
        let of_table = key
            .get(&format!("{}/usage?range=24h", vocabulary.table("main", "posts")))
            .await;
        assert_eq!(of_table.assert_status(200).body[format!("{}Total", vocabulary.rows)], 2);
        assert_eq!(usage_totals(&of_table.body, vocabulary.rows), [3, 2]);

        // Deleting a table deletes its rows; its past usage remains.
        shop.server.advance(hour);
        key.delete(&vocabulary.table("main", "posts")).await.assert_status(204);
        let after = key.get(&format!("{}/usage?range=24h", vocabulary.base)).await;
        let body = &after.assert_status(200).body;
        assert_eq!((&body["rowsTotal"], &body["tablesTotal"]), (&json!(0), &json!(1)));
        assert_eq!(
            (usage_totals(body, "rows"), usage_totals(body, "tables")),
            (vec![3, 2], vec![1, 2, 1])
        );
        key.get(&format!("{}/usage?range=1y", vocabulary.base))
            .await
            .assert(400, "general_argument_invalid");
        key.get(&format!("{}/usage", vocabulary.database("nothing")))
            .await
            .assert(404, "database_not_found");
    }
}

#[tokio::test]
async fn usage_survives_a_restart() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let name = json!({"key": "name", "size": 20, "required": false});
    shop.column("string", name).await.assert_status(202);
    shop.row("a", json!({"name": "Eve"})).await.assert_status(201);
    let server = shop.server.restarted().await;
    let mut root = server.guest("console");
    root.sign_in("root@example.com", testkit::PASSWORD)
        .await
        .assert_status(201);
    let usage = root.administering("shop").get("/v1/tablesdb/usage").await;
    assert_eq!(usage.assert_status(200).body["databasesWritesTotal"], 1);
}

//! Concurrent requests: no update is lost, and each request is atomic.

use std::collections::HashMap;

use testkit::{Actor, Value, Vocabulary, json};

use crate::Shop;
use crate::staging::operation;

/// Sends `count` requests concurrently and counts the replies by status code.
async fn at_once(count: usize, send: impl Fn(usize) -> (Actor, testkit::Method, String, Value)) -> HashMap<u16, usize> {
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let (actor, method, path, body) = send(number);
            tokio::spawn(async move { actor.send(method, &path, Some(body)).await.status })
        })
        .collect();
    let mut statuses = HashMap::new();
    for task in tasks {
        *statuses.entry(task.await.expect("an answer")).or_default() += 1;
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_increments_are_all_applied() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.create(&shop.key, "one", json!({"likes": 0}))
        .await
        .assert_status(201);
    let statuses = at_once(60, |number| {
        let (key, path) = (shop.key.clone(), shop.path("/one/likes/increment"));
        match number % 3 {
            0 => (key, testkit::Method::PATCH, path, json!({})),
            1 => (
                key,
                testkit::Method::PATCH,
                shop.path("/one"),
                json!({"data": {"likes": {"method": "increment", "values": [1]}}}),
            ),
            _ => (
                key,
                testkit::Method::PATCH,
                shop.path(""),
                json!({"data": {"likes": {"method": "increment", "values": [1]}}}),
            ),
        }
    })
    .await;
    assert_eq!(statuses, HashMap::from([(200, 60)]));
    assert_eq!(shop.get("one").await.body["likes"], 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writers_of_a_unique_value_succeed_once() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let index = json!({"key": "title", "type": "unique", "columns": ["title"]});
    shop.key
        .post(&shop.vocabulary.indexes("main", "posts", ""), index)
        .await
        .assert_status(202);
    let statuses = at_once(20, |number| {
        let body = json!({"rowId": format!("r{number}"), "data": {"title": "the one"}});
        (shop.key.clone(), testkit::Method::POST, shop.path(""), body)
    })
    .await;
    assert_eq!(statuses, HashMap::from([(201, 1), (409, 19)]));
    let statuses = at_once(20, |_| {
        let body = json!({"rowId": "same", "data": {"likes": 1}});
        (shop.key.clone(), testkit::Method::POST, shop.path(""), body)
    })
    .await;
    assert_eq!(statuses, HashMap::from([(201, 1), (409, 19)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_upserts_create_a_row_once() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let statuses = at_once(30, |_| {
        let body = json!({"data": {"likes": {"method": "increment", "values": [1]}}});
        (shop.key.clone(), testkit::Method::PUT, shop.path("/one"), body)
    })
    .await;
    assert_eq!(statuses, HashMap::from([(200, 30)]));
    assert_eq!(shop.get("one").await.body["likes"], 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicting_transactions_are_atomic() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    for row in ["a", "b"] {
        shop.create(&shop.key, row, json!({"likes": 0}))
            .await
            .assert_status(201);
    }
    let mut ids = Vec::new();
    for number in 0..12 {
        let id = shop.begin(&shop.key).await;
        // In both orders, which could cause deadlocks.
        let mut rows = ["a", "b"];
        if number % 2 == 1 {
            rows.reverse();
        }
        let count = json!({"column": "likes", "value": 1});
        let mut operations: Vec<Value> = rows.map(|row| operation(&shop, "increment", row, count.clone())).into();
        operations.push(operation(
            &shop,
            "create",
            &format!("done{number}"),
            json!({"title": "x"}),
        ));
        let path = shop.transactions(&format!("/{id}/operations"));
        shop.key
            .post(&path, json!({"operations": operations}))
            .await
            .assert_status(201);
        ids.push(id);
    }
    shop.server.advance(std::time::Duration::from_millis(5));
    let statuses = at_once(ids.len(), |number| {
        let path = shop.transactions(&format!("/{}", ids[number]));
        (shop.key.clone(), testkit::Method::PATCH, path, json!({"commit": true}))
    })
    .await;
    let committed = statuses.get(&200).copied().unwrap_or_default();
    assert_eq!(
        committed + statuses.get(&409).copied().unwrap_or_default(),
        12,
        "{statuses:?}"
    );
    assert_eq!(committed, 1, "the first one changes what the others saw");
    for row in ["a", "b"] {
        assert_eq!(shop.get(row).await.body["likes"], committed);
    }
    assert_eq!(shop.key.get(&shop.path("")).await.body["total"], 2 + committed);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_bulk_updates_do_not_deadlock() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let rows: Vec<Value> = (0..20).map(|n| json!({"$id": format!("r{n}"), "likes": 0})).collect();
    shop.key
        .post(&shop.path(""), json!({"rows": rows}))
        .await
        .assert_status(201);
    let statuses = at_once(12, |number| {
        let mut order: Vec<usize> = (0..20).collect();
        if number % 2 == 1 {
            order.reverse();
        }
        let rows: Vec<Value> = order
            .into_iter()
            .map(|n| json!({"$id": format!("r{n}"), "likes": {"method": "increment", "values": [1]}}))
            .collect();
        (
            shop.key.clone(),
            testkit::Method::PUT,
            shop.path(""),
            json!({"rows": rows}),
        )
    })
    .await;
    let done = statuses.get(&200).copied().unwrap_or_default();
    assert_eq!(done, 12, "{statuses:?}: whoever was outrun tries again");
    for row in ["r0", "r19"] {
        assert_eq!(shop.get(row).await.body["likes"], done);
    }
}

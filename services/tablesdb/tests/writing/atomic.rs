//! Bulk changes: all rows or none, with errors that name the row.

use testkit::{Method, Reply, Value, Vocabulary, json};

use crate::Shop;

impl Shop {
    /// Creates rows `r0000`, `r0001`, … with their number in `likes`.
    async fn add_rows(&self, count: usize) {
        let rows: Vec<Value> = (0..count)
            .map(|n| json!({"$id": format!("r{n:04}"), "likes": n % 1000}))
            .collect();
        for some in rows.chunks(100) {
            let reply = self
                .key
                .post(&self.path(""), json!({(self.vocabulary.rows): some}))
                .await;
            reply.assert_status(201);
        }
    }

    async fn add_unique_index(&self) {
        let index = json!({"key": "title_unique", "type": "unique", (self.vocabulary.columns): ["title"]});
        let path = self.vocabulary.indexes("main", "posts", "");
        self.key.post(&path, index).await.assert_status(202);
    }

    async fn change_all(&self, data: Value, queries: &[Value]) -> Reply {
        let queries: Vec<String> = queries.iter().map(Value::to_string).collect();
        let body = json!({"data": data, "queries": queries});
        self.key.patch(&self.path(""), body).await
    }

    /// Number of rows whose `likes` has a value.
    async fn count(&self, likes: i64) -> Value {
        let query = json!({"method": "equal", "attribute": "likes", "values": [likes]});
        let list = self.key.get(&format!("{}?queries[]={query}", self.path(""))).await;
        list.assert_status(200).body["total"].clone()
    }
}

#[tokio::test]
async fn a_bulk_change_that_is_refused_late_changes_no_row() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        shop.add_rows(1300).await;
        shop.update(&shop.key, "r1250", json!({"likes": 1000})).await;
        let more = json!({"likes": {"method": "increment", "values": [1]}});
        let reply = shop.change_all(more, &[]).await;
        reply.assert(400, &shop.error("row_invalid_structure"));
        let message = reply.text("message");
        assert!(message.contains("1251 of 1300 (\"r1250\")"), "{message}");
        assert_eq!(shop.get("r0000").await.body["likes"], 0);
        assert_eq!(shop.count(1).await, 2);

        shop.add_unique_index().await;
        let same = json!({"title": "same"});
        let reply = shop.change_all(same.clone(), &[]).await;
        reply.assert(409, &shop.error("row_already_exists"));
        assert_eq!(shop.get("r0000").await.body["title"], Value::Null);
    }
}

#[tokio::test]
async fn a_bulk_change_of_too_many_rows_is_refused_before_it_begins() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    shop.add_rows(5001).await;
    let data = json!({"likes": 7});
    let limit = |rows: u64| json!({"method": "limit", "values": [rows]});
    for queries in [vec![], vec![limit(6000)]] {
        let reply = shop.change_all(data.clone(), &queries).await;
        reply.assert(400, "general_bad_request");
        assert!(reply.text("message").contains("5000"), "{}", reply.body);
    }
    let reply = shop.key.delete(&shop.path("")).await;
    reply.assert(400, "general_bad_request");
    assert_eq!(shop.count(7).await, 5);
    let reply = shop.change_all(data, &[limit(5000)]).await;
    assert_eq!(reply.assert_status(200).body["total"], 5000);
}

#[tokio::test]
async fn an_offset_or_a_cursor_without_a_limit_leaves_all_rows_behind_it() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        shop.add_rows(70).await;
        let reply = shop
            .change_all(json!({"likes": 500}), &[json!({"method": "offset", "values": [10]})])
            .await;
        assert_eq!(reply.assert_status(200).body["total"], 60);
        assert_eq!(shop.count(500).await, 60);
        let after = json!({"method": "cursorAfter", "values": ["r0019"]}).to_string();
        let body = json!({"queries": [after]});
        let reply = shop.key.send(Method::DELETE, &shop.path(""), Some(body)).await;
        assert_eq!(reply.assert_status(200).body["total"], 50);
    }
}

#[tokio::test]
async fn a_collision_names_the_row_and_the_index_with_its_columns() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        shop.add_unique_index().await;
        shop.create(&shop.key, "first", json!({"title": "c@example.com"})).await;
        let taken = "the index \"title_unique\" (title) has this value already";
        let row = if words == Vocabulary::TABLES { "row" } else { "document" };
        let told = |reply: &Reply, error: &str, message: String| {
            reply.assert(409, error);
            assert_eq!(reply.text("message"), message);
        };
        let exists = shop.error("row_already_exists");
        let one = json!({"title": "c@example.com"});
        told(
            &shop.create(&shop.key, "x", one.clone()).await,
            &exists,
            taken.to_owned(),
        );
        let rows: Vec<Value> = (0..20)
            .map(|n| json!({"$id": format!("n{n}"), "title": if n == 2 { "c@example.com".to_owned() } else { n.to_string() }}))
            .collect();
        let expected = format!("{row} 3 of 20 (\"c@example.com\"): {taken}");
        for method in [Method::POST, Method::PUT] {
            let body = json!({(words.rows): rows});
            let reply = shop.key.send(method, &shop.path(""), Some(body)).await;
            told(&reply, &exists, expected.clone());
        }
        shop.get("n0").await.assert(404, &shop.error("row_not_found"));

        let id = shop.begin(&shop.key).await;
        for (row, data) in [("a", json!({"title": "a"})), ("b", one)] {
            let body = json!({(words.row_id): row, "data": data, "transactionId": id});
            shop.key.post(&shop.path(""), body).await.assert_status(201);
        }
        let reply = shop.commit(&shop.key, &id).await;
        told(&reply, "transaction_conflict", format!("operation 2 of 2: {taken}"));
    }
}

#[tokio::test]
async fn operators_count_to_64_bits_and_by_whole_numbers() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        let limits = json!({"key": "big", "required": false, "min": -9_223_372_036_854_776_000_f64, "max": 9_223_372_036_854_776_000_u64});
        shop.column("integer", limits).await;
        shop.create(&shop.key, "one", json!({"big": 3_000_000_000_i64})).await;
        let operator = |method: &str, value: Value| json!({"big": {"method": method, "values": [value]}});
        let reply = shop.update(&shop.key, "one", operator("increment", json!(1))).await;
        assert_eq!(reply.assert_status(200).body["big"], 3_000_000_001_i64);
        let reply = shop.update(&shop.key, "one", operator("increment", json!(2.0))).await;
        assert_eq!(reply.assert_status(200).body["big"], 3_000_000_003_i64);
        for method in ["increment", "decrement", "modulo"] {
            let reply = shop.update(&shop.key, "one", operator(method, json!(1.5))).await;
            reply.assert(400, &shop.error("row_invalid_structure"));
        }
        let reply = shop
            .update(&shop.key, "one", operator("multiply", json!(1_i64 << 40)))
            .await;
        reply.assert(400, &shop.error("row_invalid_structure"));
        assert_eq!(shop.get("one").await.body["big"], 3_000_000_003_i64);
    }
}

#[tokio::test]
async fn an_instant_is_taken_in_every_spelling_and_refused_out_of_range() {
    for words in Vocabulary::BOTH {
        let shop = Shop::open(words).await;
        shop.column("datetime", json!({"key": "at", "required": false})).await;
        for (index, spelling) in [
            "20240505T100000Z",
            "2024-05-05 12:00 +0200",
            "Sun, 05 May 2024 10:00:00 GMT",
        ]
        .iter()
        .enumerate()
        {
            let reply = shop
                .create(&shop.key, &format!("r{index}"), json!({"at": spelling}))
                .await;
            assert_eq!(reply.assert_status(201).body["at"], "2024-05-05T10:00:00.000+00:00");
            let query = json!({"method": "equal", "attribute": "at", "values": [spelling]}).to_string();
            let query = query.replace('+', "%2B");
            let list = shop.key.get(&format!("{}?queries[]={query}", shop.path(""))).await;
            assert_eq!(list.assert_status(200).body["total"], index + 1);
        }
        for (text, rule) in [("9999-12-31T23:59:59-12:00", "between"), ("05/06/2024", "format")] {
            let reply = shop.create(&shop.key, "bad", json!({"at": text})).await;
            reply.assert(400, &shop.error("row_invalid_structure"));
            assert!(reply.text("message").contains(rule), "{}", reply.body);
        }
        let days = json!({"at": {"method": "dateAddDays", "values": [9_000_000]}});
        shop.update(&shop.key, "r0", days)
            .await
            .assert(400, &shop.error("row_invalid_structure"));
    }
}

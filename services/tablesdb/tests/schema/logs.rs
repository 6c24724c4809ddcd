//! Activity logs.

use testkit::{Value, Vocabulary, json};

use crate::Shop;

#[tokio::test]
async fn logs_name_the_actor_in_both_vocabularies() {
    let [tables, collections] = Vocabulary::BOTH;
    let shop = Shop::open(tables).await;
    let console = shop.console.clone().administering("shop");
    shop.server.advance(std::time::Duration::from_secs(1));
    let name = json!({"key": "name", "size": 20, "required": false});
    shop.column("string", name).await.assert_status(202);
    let tick = || shop.server.advance(std::time::Duration::from_secs(1));
    tick();
    let title = json!({"key": "title", "size": 20, "required": false});
    console
        .post(&collections.columns("main", "posts", "/string"), title)
        .await
        .assert_status(202);
    shop.row("one", json!({"name": "Eve"})).await.assert_status(201);
    tick();
    console
        .patch(
            &collections.rows("main", "posts", "/one"),
            json!({"data": {"name": "Ada"}}),
        )
        .await
        .assert_status(200);

    let events = |reply: &testkit::Reply| -> Vec<String> {
        let logs = reply.assert_status(200).body["logs"].as_array().expect("a list");
        logs.iter()
            .map(|log| log["event"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    for vocabulary in Vocabulary::BOTH {
        let of_table = shop
            .key
            .get(&format!("{}/logs", vocabulary.table("main", "posts")))
            .await;
        assert_eq!(events(&of_table), ["attribute.create", "column.create", "table.create"]);
        let developer = &of_table.body["logs"][0];
        assert_eq!(
            (&developer["userEmail"], &developer["mode"]),
            (&json!("root@example.com"), &json!("admin"))
        );
        let of_row = shop.key.get(&vocabulary.rows("main", "posts", "/one/logs")).await;
        assert_eq!(events(&of_row), ["document.update", "row.create"]);
    }
    let of_database = shop.key.get(&format!("{}/logs", collections.database("main"))).await;
    assert_eq!(events(&of_database), ["database.create"]);
    let second = r#"{"method":"offset","values":[1]}"#;
    let paged = shop
        .key
        .get(&format!("{}/logs?queries[0]={second}", tables.table("main", "posts")))
        .await;
    assert_eq!(
        (paged.body["logs"].as_array().map(Vec::len), &paged.body["total"]),
        (Some(2), &json!(3))
    );

    shop.key
        .get(&tables.rows("main", "posts", "/two/logs"))
        .await
        .assert(404, "row_not_found");
    shop.key
        .get(&format!("{}/logs", collections.table("main", "nothing")))
        .await
        .assert(404, "collection_not_found");
}

#[tokio::test]
async fn logs_are_not_readable_by_users() {
    let shop = Shop::open(Vocabulary::TABLES).await;
    let public = json!({"name": "posts", "permissions": ["read(\"any\")"]});
    shop.key
        .put(&Vocabulary::TABLES.table("main", "posts"), public)
        .await
        .assert_status(200);
    let name = json!({"key": "name", "size": 20, "required": false});
    shop.column("string", name).await.assert_status(202);
    shop.row("one", json!({"name": "Eve"})).await.assert_status(201);
    let ada = shop.server.user("shop", "ada").await;
    let path = Vocabulary::TABLES.rows("main", "posts", "/one");
    assert_eq!(ada.get(&path).await.assert_status(200).body["$id"], Value::from("one"));
    ada.get(&format!("{path}/logs")).await.assert(401, "user_unauthorized");
}

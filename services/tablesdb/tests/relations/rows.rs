//! Rows of related tables.

use testkit::{Method, Value, Vocabulary, json};

use crate::Library;

#[tokio::test]
async fn replies_contain_the_related_rows_that_were_written() {
    for vocabulary in Vocabulary::BOTH {
        let library = Library::open(vocabulary).await;
        library.relate("oneToMany", true, "restrict").await.assert_status(202);
        let key = &library.key;
        let data = json!({"name": "Jane", "books": [{"$id": "emma", "name": "Emma"}, {"name": "Persuasion"}]});
        let created = library.make(key, "authors", "jane", data).await;
        created.assert_status(201);
        assert_eq!(
            (
                created.body["books"][0]["name"].as_str(),
                created.body["books"][0]["author"].as_str()
            ),
            (Some("Emma"), Some("jane"))
        );
        assert_eq!(created.body["books"].as_array().map(Vec::len), Some(2));
        let changed = library.change(key, "authors", "jane", json!({"books": ["emma"]})).await;
        assert_eq!(changed.assert_status(200).body["books"][0]["$id"], "emma");
        assert_eq!(changed.body["books"].as_array().map(Vec::len), Some(1));
        let same = library.change(key, "authors", "jane", json!({"books": ["emma"]})).await;
        assert_eq!(same.body["$updatedAt"], changed.body["$updatedAt"]);
        let path = vocabulary.rows("main", "books", "/emma");
        assert_eq!(key.get(&path).await.body["author"], "jane");
        let path = vocabulary.rows("main", "authors", "/jane");
        assert!(key.get(&path).await.body.get("books").is_none());
        key.delete(&path)
            .await
            .assert(403, &vocabulary.error("row_delete_restricted"));
        library
            .change(key, "authors", "jane", json!({"books": "emma"}))
            .await
            .assert(400, "relationship_value_invalid");
        library
            .change(key, "authors", "jane", json!({"books": []}))
            .await
            .assert_status(200);
        key.delete(&path).await.assert_status(204);
    }
}

#[tokio::test]
async fn writes_to_related_rows_need_permissions() {
    for vocabulary in Vocabulary::BOTH {
        let library = Library::open(vocabulary).await;
        library.relate("manyToOne", false, "setNull").await.assert_status(202);
        let ada = library.server.user("shop", "ada").await;
        let eve = library.server.user("shop", "eve").await;
        let created = library
            .make(
                &ada,
                "authors",
                "jane",
                json!({"books": {"$id": "emma", "name": "Emma"}}),
            )
            .await;
        assert_eq!(
            created.assert_status(201).body["books"]["$permissions"]
                .as_array()
                .map(Vec::len),
            Some(3)
        );
        let mine = json!({"books": {"$id": "emma", "name": "Mine"}});
        library
            .make(&eve, "authors", "eve", mine)
            .await
            .assert(401, "user_unauthorized");
        let unseen = library.make(&eve, "authors", "eve", json!({"books": "emma"})).await;
        assert!(unseen.assert_status(201).body["books"].is_null());
        let path = vocabulary.rows("main", "books", "/emma");
        library.key.delete(&path).await.assert_status(204);
        let jane = ada.get(&vocabulary.rows("main", "authors", "/jane")).await;
        assert!(jane.assert_status(200).body["books"].is_null());
    }
}

#[tokio::test]
async fn related_rows_are_selected_and_filtered_by() {
    for vocabulary in Vocabulary::BOTH {
        let library = Library::open(vocabulary).await;
        library.relate("manyToMany", true, "cascade").await.assert_status(202);
        let key = &library.key;
        let jane =
            json!({"name": "Jane", "books": [{"$id": "emma", "name": "Emma"}, {"$id": "lady", "name": "Lady Susan"}]});
        library.make(key, "authors", "jane", jane).await.assert_status(201);
        let anne = json!({"name": "Anne", "books": ["emma"]});
        library.make(key, "authors", "anne", anne).await.assert_status(201);
        let ask = async |path: &str, queries: &[Value]| {
            let queries: Vec<String> = queries
                .iter()
                .enumerate()
                .map(|(index, query)| format!("queries[{index}]={query}"))
                .collect();
            key.get(&format!("{path}?{}", queries.join("&"))).await
        };
        let authors = vocabulary.rows("main", "authors", "");
        let select = json!({"method": "select", "values": ["name", "books.name", "books.author.name"]});
        let list = ask(&authors, std::slice::from_ref(&select)).await;
        list.assert_status(200);
        let (rows, table_id) = (&list.body[vocabulary.rows], format!("${}", vocabulary.table_id));
        assert_eq!(
            (
                rows[0]["books"][1]["name"].as_str(),
                rows[1]["books"][0]["author"][0]["name"].as_str()
            ),
            (Some("Lady Susan"), Some("Jane"))
        );
        assert_eq!(
            (&rows[0]["books"][0][&table_id], &rows[0][&table_id]),
            (&json!("books"), &json!("authors"))
        );
        let one = ask(
            &vocabulary.rows("main", "authors", "/anne"),
            std::slice::from_ref(&select),
        )
        .await;
        assert_eq!(&one.assert_status(200).body, &rows[1]);
        let by_book = json!({"method": "equal", "attribute": "books.name", "values": ["Lady Susan"]});
        let list = ask(&authors, &[by_book]).await;
        assert_eq!(
            (
                list.body["total"].as_i64(),
                list.body[vocabulary.rows][0]["$id"].as_str()
            ),
            (Some(1), Some("jane"))
        );
        let by_id = json!({"method": "equal", "attribute": "books", "values": ["emma"]});
        ask(&authors, &[by_id]).await.assert(400, "general_query_invalid");
        let by_order = json!({"method": "orderAsc", "attribute": "books.name"});
        ask(&authors, &[by_order]).await.assert(400, "general_query_invalid");
        key.delete(&vocabulary.rows("main", "authors", "/jane"))
            .await
            .assert_status(204);
        let books = ask(&vocabulary.rows("main", "books", ""), &[]).await;
        assert_eq!(books.body["total"], 0);
        let anne = ask(&vocabulary.rows("main", "authors", "/anne"), &[select]).await;
        assert_eq!(anne.body["books"], json!([]));
    }
}

#[tokio::test]
async fn upserts_and_transactions_write_related_rows_and_bulk_acts_refuse_them() {
    for vocabulary in Vocabulary::BOTH {
        let library = Library::open(vocabulary).await;
        library.relate("oneToMany", false, "setNull").await.assert_status(202);
        let key = &library.key;
        let jane = vocabulary.rows("main", "authors", "/jane");
        let put = async |data: Value| key.put(&jane, json!({"data": data})).await;
        let created = put(json!({"books": [{"$id": "emma", "name": "Emma"}]})).await;
        assert_eq!(created.assert_status(200).body["books"][0]["name"], "Emma");
        let changed = put(json!({"name": "Jane", "books": [{"$id": "emma", "name": "Emma!"}, {"$id": "lady"}]})).await;
        assert_eq!(changed.assert_status(200).body["books"][0]["name"], "Emma!");
        assert_eq!(changed.body["books"].as_array().map(Vec::len), Some(2));

        let started = key.post(&format!("{}/transactions", vocabulary.base), json!({})).await;
        let transaction = started.assert_status(201).text("$id").to_owned();
        let staged =
            json!({"data": {"books": ["lady", {"$id": "new", "name": "Sanditon"}]}, "transactionId": transaction});
        key.patch(&jane, staged).await.assert_status(200);
        key.get(&vocabulary.rows("main", "books", "/new"))
            .await
            .assert(404, &vocabulary.error("row_not_found"));
        let path = format!("{}/transactions/{transaction}", vocabulary.base);
        key.patch(&path, json!({"commit": true})).await.assert_status(200);
        let select = r#"queries[0]={"method":"select","values":["books.name"]}"#;
        let read = key.get(&format!("{jane}?{select}")).await;
        let names: Vec<_> = read.body["books"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|book| book["$id"].as_str())
            .collect();
        assert_eq!(names, [Some("lady"), Some("new")]);

        let rows = vocabulary.rows("main", "authors", "");
        let many = json!({(vocabulary.rows): [{"$id": "anne"}]});
        for reply in [
            key.post(&rows, many.clone()).await,
            key.put(&rows, many.clone()).await,
            key.patch(&rows, json!({"data": {"name": "x"}})).await,
            key.send(Method::DELETE, &rows, Some(json!({}))).await,
        ] {
            reply.assert(400, "general_bad_request");
        }
        // The related table of a one-way relationship allows bulk operations; rows deleted there are removed from the
        // relationship.
        let books = vocabulary.rows("main", "books", "");
        key.post(&books, json!({(vocabulary.rows): [{"$id": "more"}]}))
            .await
            .assert_status(201);
        key.send(Method::DELETE, &books, Some(json!({})))
            .await
            .assert_status(200);
        let read = key.get(&format!("{jane}?{select}")).await;
        assert_eq!(read.body["books"], json!([]));
    }
}

#[tokio::test]
async fn events_do_not_contain_related_rows() {
    let library = Library::open(Vocabulary::TABLES).await;
    library.relate("manyToOne", true, "setNull").await.assert_status(202);
    let data = json!({"name": "Jane", "books": {"$id": "emma", "name": "hidden"}});
    library
        .make(&library.key, "authors", "jane", data)
        .await
        .assert_status(201);
    library
        .change(&library.key, "authors", "jane", json!({"name": "J."}))
        .await
        .assert_status(200);
    let result: Vec<String> = library
        .server
        .running
        .app
        .engine
        .database("shop")
        .read(|tx| {
            tx.sql_all(
                "SELECT CAST(payload AS text) FROM _log WHERE subject LIKE '%/rows/jane' ORDER BY seq",
                &[],
            )
        })
        .await
        .expect("events");
    let result: Vec<Value> = result
        .iter()
        .map(|json| serde_json::from_str(json).expect("JSON"))
        .collect();
    assert_eq!(
        (result[0]["books"].as_str(), result[0]["name"].as_str()),
        (Some("emma"), Some("Jane"))
    );
    assert_eq!((result[1].get("books"), result[1]["name"].as_str()), (None, Some("J.")));
}

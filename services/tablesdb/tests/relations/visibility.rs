//! Relationships that lead to rows which a caller may not read.

use testkit::{Actor, Reply, Value, Vocabulary, json};

use crate::Library;

fn query(method: &str, attribute: &str, values: Value) -> Value {
    json!({"method": method, "attribute": attribute, "values": values})
}

async fn list(library: &Library, actor: &Actor, queries: &[Value]) -> Reply {
    let queries: Vec<String> = queries
        .iter()
        .enumerate()
        .map(|(index, query)| format!("queries[{index}]={query}"))
        .collect();
    let rows = library.vocabulary.rows("main", "authors", "");
    actor.get(&format!("{rows}?{}", queries.join("&"))).await
}

/// The total of a list and the IDs of its rows.
fn found(library: &Library, reply: &Reply) -> (i64, Vec<String>) {
    let rows = reply.assert_status(200).body[library.vocabulary.rows].as_array();
    let ids = rows.into_iter().flatten().filter_map(|row| row["$id"].as_str());
    (
        reply.body["total"].as_i64().unwrap_or_default(),
        ids.map(str::to_owned).collect(),
    )
}

/// Authors `a1` with the hidden book `v1`, `a2` with the readable `v2`, and `a3` without one.
async fn with_hidden_book(vocabulary: Vocabulary, kind: &str) -> Library {
    let library = Library::open(vocabulary).await;
    library.relate(kind, true, "setNull").await.assert_status(202);
    library.give("books", "v1", json!({"name": "x"}), &[]).await;
    library
        .give("books", "v2", json!({"name": "x"}), &["read(\"users\")"])
        .await;
    for (id, book) in [("a1", json!("v1")), ("a2", json!("v2")), ("a3", json!(null))] {
        let data = json!({"name": id, "books": book});
        library.give("authors", id, data, &["read(\"users\")"]).await;
    }
    library
}

#[tokio::test]
async fn a_hidden_link_is_as_if_it_were_absent() {
    for (vocabulary, kind) in Vocabulary::BOTH
        .into_iter()
        .flat_map(|vocabulary| [(vocabulary, "manyToOne"), (vocabulary, "oneToOne")])
    {
        let library = with_hidden_book(vocabulary, kind).await;
        let (key, eve) = (&library.key, library.server.user("shop", "eve").await);
        let shown = |reply: &Reply| -> Vec<Value> {
            let rows = reply.assert_status(200).body[vocabulary.rows].as_array();
            rows.into_iter().flatten().map(|row| row["books"].clone()).collect()
        };
        assert_eq!(
            shown(&list(&library, key, &[]).await),
            [json!("v1"), json!("v2"), json!(null)]
        );
        assert_eq!(
            shown(&list(&library, &eve, &[]).await),
            [json!(null), json!("v2"), json!(null)]
        );
        for select in [json!(["books"]), json!(["*"]), json!(["name", "books"])] {
            let select = json!({"method": "select", "values": select});
            let rows = list(&library, &eve, std::slice::from_ref(&select)).await;
            assert_eq!(shown(&rows), [json!(null), json!("v2"), json!(null)], "{select}");
            let path = vocabulary.rows("main", "authors", &format!("/a1?queries[0]={select}"));
            assert!(
                eve.get(&path).await.assert_status(200).body["books"].is_null(),
                "{select}"
            );
        }
        for (id, book) in [("a1", json!(null)), ("a2", json!("v2"))] {
            let row = eve.get(&vocabulary.rows("main", "authors", &format!("/{id}"))).await;
            assert_eq!(row.assert_status(200).body["books"], book);
        }
        let either = json!([
            query("equal", "books", json!(["v1"])),
            query("equal", "books", json!(["v2"]))
        ]);
        for (filter, of_server, of_eve) in [
            (query("equal", "books", json!(["v1"])), &["a1"][..], &[][..]),
            (query("equal", "books", json!(["v1", "v2"])), &["a1", "a2"], &["a2"]),
            (query("notEqual", "books", json!(["v2"])), &["a1"], &[]),
            (query("isNotNull", "books", json!([])), &["a1", "a2"], &["a2"]),
            (query("isNull", "books", json!([])), &["a3"], &["a1", "a3"]),
            (query("contains", "books", json!(["v"])), &["a1", "a2"], &["a2"]),
            (query("startsWith", "books", json!(["v"])), &["a1", "a2"], &["a2"]),
            (query("greaterThan", "books", json!(["a"])), &["a1", "a2"], &["a2"]),
            (json!({"method": "or", "values": either}), &["a1", "a2"], &["a2"]),
            (query("equal", "books.name", json!(["x"])), &["a1", "a2"], &["a2"]),
            (query("isNotNull", "books.$id", json!([])), &["a1", "a2"], &["a2"]),
        ] {
            for (actor, expected) in [(key, of_server), (&eve, of_eve)] {
                let (total, ids) = found(&library, &list(&library, actor, std::slice::from_ref(&filter)).await);
                assert_eq!(ids, expected, "{filter}");
                assert_eq!(usize::try_from(total), Ok(expected.len()), "{filter}");
            }
        }
        // Orders, and pages of them.
        let order = query("orderAsc", "books", json!([]));
        assert_eq!(
            found(&library, &list(&library, key, std::slice::from_ref(&order)).await).1,
            ["a3", "a1", "a2"]
        );
        assert_eq!(
            found(&library, &list(&library, &eve, std::slice::from_ref(&order)).await).1,
            ["a1", "a3", "a2"]
        );
        let after = json!({"method": "cursorAfter", "values": ["a1"]});
        list(&library, key, &[order.clone(), after.clone()])
            .await
            .assert_status(200);
        list(&library, &eve, &[order, after])
            .await
            .assert(400, "database_query_order_null");
        // Aggregates.
        let groups = vocabulary.table("main", "authors") + "/aggregate?functions[]=count&groupBy[]=books";
        let of_eve = json!([
            {"group": {"books": null}, "values": {"count": 2}}, {"group": {"books": "v2"}, "values": {"count": 1}},
        ]);
        assert_eq!(eve.get(&groups).await.assert_status(200).body["groups"], of_eve);
        // Through a transaction, too.
        let begun = eve.post(&format!("{}/transactions", vocabulary.base), json!({})).await;
        let path = vocabulary.rows("main", "authors", &format!("/a1?transactionId={}", begun.text("$id")));
        assert!(eve.get(&path).await.assert_status(200).body["books"].is_null());
    }
}

#[tokio::test]
async fn the_child_of_a_one_to_one_relationship_shows_its_parent() {
    for vocabulary in Vocabulary::BOTH {
        let library = with_hidden_book(vocabulary, "oneToOne").await;
        let eve = library.server.user("shop", "eve").await;
        library.give("authors", "hidden", json!({"name": "x"}), &[]).await;
        let open = json!({"name": "x", "author": "hidden"});
        library.give("books", "v3", open, &["read(\"users\")"]).await;
        let get = async |actor: &Actor, id: &str| {
            let reply = actor.get(&vocabulary.rows("main", "books", id)).await;
            reply.assert_status(200).body["author"].clone()
        };
        for (id, of_server, of_eve) in [("/v2", json!("a2"), json!("a2")), ("/v3", json!("hidden"), json!(null))] {
            assert_eq!(get(&library.key, id).await, of_server);
            assert_eq!(get(&eve, id).await, of_eve);
            let all = json!({"method": "select", "values": ["*"]});
            assert_eq!(get(&eve, &format!("{id}?queries[0]={all}")).await, of_eve);
        }
        let list = library.key.get(&vocabulary.rows("main", "books", "")).await;
        let parents: Vec<&Value> = list.body[vocabulary.rows]
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| &row["author"])
            .collect();
        assert_eq!(parents, [&json!("a1"), &json!("a2"), &json!("hidden")]);
        let changed = library.change(&library.key, "books", "v2", json!({"name": "y"})).await;
        assert_eq!(changed.assert_status(200).body["author"], "a2");
        // Not where the child's side is not shown at all.
        let library = Library::open(vocabulary).await;
        library.relate("oneToOne", false, "setNull").await.assert_status(202);
        library.give("books", "v1", json!({"name": "x"}), &[]).await;
        let row = library.key.get(&vocabulary.rows("main", "books", "/v1")).await;
        assert!(row.assert_status(200).body.get("author").is_none());
    }
}

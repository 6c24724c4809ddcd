//! Aggregations, on both engines.

mod common;

use common::Shop;
use common::shop::{by, client, columns, plain, test};
use db::testing::on_both;
use kernel::query::Queries;
use records::rows::{self, Aggregate};
use records::{Access, Reading, Result, Vocabulary};
use serde_json::{Value, json};

impl Shop {
    async fn count(&self, access: Access, functions: &[&str], group_by: &[&str], queries: &[Value]) -> Result<Value> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        let (functions, group_by) = (owned(functions), owned(group_by));
        let queries = Queries::parse(&queries.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let (catalog, database, table) = (self.catalog.clone(), self.database.clone(), self.table.clone());
        let json = self
            .db
            .read(move |tx| {
                let table = catalog.table(tx, &database, &table)?;
                let reading = Reading {
                    catalog: &catalog,
                    table: &table,
                    access: &access,
                    vocabulary: Vocabulary::Tables,
                };
                let asked = Aggregate {
                    functions: &functions,
                    group_by: &group_by,
                    queries: &queries,
                };
                rows::aggregate(tx, reading, asked)
            })
            .await?;
        Ok(serde_json::from_slice(&json).expect("JSON"))
    }

    async fn values(&self, functions: &[&str], queries: &[Value]) -> Value {
        let reply = self
            .count(Access::Server, functions, &[], queries)
            .await
            .expect("a reply");
        assert_eq!(reply["total"], 1);
        reply["groups"][0]["values"].clone()
    }
}

fn sales() -> Vec<Value> {
    vec![
        json!({"name": "b", "age": 10, "score": 0.5, "active": true, "born": "2001-01-01T00:00:00.000+00:00"}),
        json!({"name": "a", "age": 5, "score": 1.5, "active": false}),
        json!({"name": "b", "age": -3, "score": 1e10, "active": true, "born": "1999-01-01T00:00:00.000+00:00"}),
        json!({"score": -0.25}),
    ]
}

#[tokio::test]
async fn rows_are_counted_and_added_up() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), sales()).await;
        let all = ["count", "count:age", "sum:age", "avg:age", "min:age", "max:age", "distinct:name"];
        assert_eq!(
            shop.values(&all, &[]).await,
            json!({"count": 4, "count:age": 3, "sum:age": 12, "avg:age": 4.0, "min:age": -3, "max:age": 10, "distinct:name": 2})
        );
        let all = ["sum:score", "avg:score", "min:score", "max:name", "min:active", "max:active", "min:born", "max:$id"];
        assert_eq!(
            shop.values(&all, &[]).await,
            json!({"sum:score": 10_000_000_001.75, "avg:score": 2_500_000_000.437_5, "min:score": -0.25, "max:name": "b",
                "min:active": false, "max:active": true, "min:born": "1999-01-01T00:00:00.000+00:00", "max:$id": "r3"})
        );
        let some = [test("equal", "name", json!(["b"]))];
        assert_eq!(shop.values(&["count", "sum:age"], &some).await, json!({"count": 2, "sum:age": 7}));
        let none = [test("equal", "name", json!(["z"]))];
        let functions = ["count", "sum:age", "sum:score", "avg:age", "min:name"];
        assert_eq!(
            shop.values(&functions, &none).await,
            json!({"count": 0, "sum:age": 0, "sum:score": 0, "avg:age": null, "min:name": null})
        );
    })
    .await;
}

#[tokio::test]
async fn groups_come_in_order_and_in_pages() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), sales()).await;
        let group = |name: Value, count: i64, sum: i64| json!({"group": {"name": name}, "values": {"count": count, "sum:age": sum}});
        let (nobody, a, b) = (group(Value::Null, 1, 0), group(json!("a"), 1, 5), group(json!("b"), 2, 7));
        let functions = ["count", "sum:age"];
        let grouped = async |queries: &[Value]| shop.count(Access::Server, &functions, &["name"], queries).await.expect("a reply");
        assert_eq!(grouped(&[]).await, json!({"total": 3, "groups": [nobody, a, b]}));
        assert_eq!(grouped(&[by("orderDesc", "name"), plain("limit", 2)]).await, json!({"total": 3, "groups": [b, a]}));
        assert_eq!(grouped(&[by("orderDesc", "count")]).await["groups"], json!([b, nobody, a]));
        assert_eq!(grouped(&[by("orderDesc", "sum:age"), plain("offset", 1)]).await, json!({"total": 3, "groups": [a, nobody]}));
        let two = shop.count(Access::Server, &["count"], &["active", "name"], &[plain("limit", 2)]).await.expect("a reply");
        assert_eq!(two["groups"][1]["group"], json!({"active": false, "name": "a"}));
        assert_eq!(two["total"], 3);
    })
    .await;
}

#[tokio::test]
async fn sums_do_not_overflow() {
    on_both(common::migrations(), async |fixture| {
        let rows = [
            json!({"age": i64::MAX, "score": 1.7e308}),
            json!({"age": i64::MAX, "score": 1.7e308}),
            json!({"age": i64::MIN, "score": 5e-324}),
            json!({"age": i64::MAX, "score": -1.7e308}),
        ];
        let shop = Shop::with_rows(fixture, columns(), rows.to_vec()).await;
        let functions: Vec<String> = ["sum:age", "sum:score", "avg:score"].map(str::to_owned).to_vec();
        let texts: Vec<&str> = functions.iter().map(String::as_str).collect();
        let reply = shop.count(Access::Server, &texts, &[], &[]).await.expect("a reply");
        let values = &reply["groups"][0]["values"];
        assert_eq!(values["sum:age"].to_string(), "18446744073709551613");
        assert_eq!(values["sum:score"], json!(1.7e308));
        assert_eq!(values["avg:score"], json!(1.7e308 / 4.0));
        let more = [test("greaterThan", "score", json!([1]))];
        assert_eq!(shop.values(&["sum:score"], &more).await, json!({"sum:score": null}));
        let most = [test("greaterThan", "age", json!([0]))];
        // The expected sum exceeds the integers that the test's JSON parser keeps exact.
        assert_eq!(
            shop.values(&["sum:age"], &most).await,
            json!({"sum:age": 27_670_116_110_564_327_421.0})
        );
        for order in ["sum:age", "sum:score", "avg:score"] {
            let functions = ["sum:age", "sum:score", "avg:score"];
            let reply = shop
                .count(Access::Server, &functions, &["$id"], &[by("orderAsc", order)])
                .await
                .expect("a reply");
            assert_eq!(reply["total"], 4, "{order}");
        }
    })
    .await;
}

#[tokio::test]
async fn aggregates_count_only_readable_rows() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, columns()).await;
        let rows = (0..30).map(|n| json!({"age": n}));
        shop.add(rows.collect(), |index| {
            vec![if index < 10 { "users" } else { "any" }.to_owned()]
        })
        .await;
        let count = async |roles: &[&str]| {
            let reply = shop
                .count(client(roles), &["count", "max:age"], &[], &[])
                .await
                .expect("a reply");
            reply["groups"][0]["values"].clone()
        };
        assert_eq!(count(&["users"]).await, json!({"count": 10, "max:age": 9}));
        assert_eq!(count(&["any", "users"]).await, json!({"count": 30, "max:age": 29}));
        assert_eq!(count(&["team:x"]).await, json!({"count": 0, "max:age": null}));
    })
    .await;
}

#[tokio::test]
async fn invalid_aggregates_are_refused() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), sales()).await;
        for (functions, group_by, queries, why) in [
            (vec![], vec![], vec![], "functions"),
            (vec!["median:age"], vec![], vec![], "none of count, sum"),
            (vec!["sum"], vec![], vec![], "needs an attribute"),
            (vec!["sum:name"], vec![], vec![], "only numbers"),
            (vec!["sum:nobody"], vec![], vec![], "not found in schema: nobody"),
            (vec!["max:tags"], vec![], vec![], "A list cannot be compared"),
            (vec!["max:place"], vec![], vec![], "A shape cannot be compared"),
            (vec!["count"], vec!["tags"], vec![], "groupBy"),
            (vec!["count"], vec!["name"], vec![by("orderAsc", "age")], "not by age"),
            (
                vec!["count"],
                vec!["name"],
                vec![plain("cursorAfter", "r1")],
                "no cursor",
            ),
            (
                vec!["count"],
                vec!["name"],
                vec![json!({"method": "orderRandom"})],
                "no random order",
            ),
            (
                vec!["count"],
                vec![],
                vec![test("equal", "nobody", json!([1]))],
                "not found in schema: nobody",
            ),
        ] {
            let refused = shop.count(Access::Server, &functions, &group_by, &queries).await;
            let message = refused.expect_err("a refusal").to_string();
            assert!(
                message.contains(why),
                "{functions:?} {group_by:?} {queries:?}: {message}"
            );
        }
    })
    .await;
}

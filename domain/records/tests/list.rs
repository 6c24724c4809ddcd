//! Lists of rows: filters, orders, cursors, totals, selections, on both engines.

mod common;

use common::Shop;
use common::shop::{by, columns, ids, plain, test};
use db::testing::on_both;
use records::Access;
use records::indexes::IndexKind;
use serde_json::{Value, json};

fn people() -> Vec<Value> {
    vec![
        json!({"name": "Ada", "age": 36, "score": 1.5, "active": true, "born": "1815-12-10T00:00:00.000+00:00",
            "tags": ["math", "poet's"], "sizes": [1, 2]}),
        json!({"name": "ada", "age": -1, "score": 2, "active": false, "tags": [], "sizes": [2]}),
        json!({"name": "Grace", "age": 9_007_199_254_740_993_i64, "score": 0.1, "active": true,
            "born": "1906-12-09T00:00:00.000+00:00", "tags": ["navy", "math"]}),
        json!({}),
        json!({"name": "Änne 100%_\\", "age": 36, "score": -0.0, "active": false, "born": "1815-12-10T00:00:00.001+00:00",
            "tags": ["a\"b", "é"], "sizes": [-5]}),
    ]
}

#[tokio::test]
async fn filters_select_matching_rows() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), people()).await;
        for indexed in [false, true] {
            if indexed {
                shop.index(IndexKind::Key, &["tags"]).await;
                shop.index(IndexKind::Key, &["sizes"]).await;
                shop.index(IndexKind::Key, &["age", "name"]).await;
            }
            for (query, expected) in [
                // Exact, by code point.
                (test("equal", "name", json!(["Ada"])), vec![0]),
                (test("equal", "name", json!(["Ada", "ada", "none"])), vec![0, 1]),
                (test("notEqual", "name", json!(["Ada"])), vec![1, 2, 4]),
                (test("lessThan", "name", json!(["a"])), vec![0, 2]),
                (test("greaterThan", "name", json!(["ada"])), vec![4]),
                (test("between", "name", json!(["Ada", "Grace"])), vec![0, 2]),
                (test("notBetween", "name", json!(["Ada", "Grace"])), vec![1, 4]),
                // Integers are compared exactly.
                (test("equal", "age", json!([9_007_199_254_740_993_i64])), vec![2]),
                (test("equal", "age", json!([9_007_199_254_740_992_i64])), vec![]),
                (test("greaterThanEqual", "age", json!([36])), vec![0, 2, 4]),
                (test("lessThanEqual", "score", json!([0.1])), vec![2, 4]),
                (test("equal", "score", json!([2])), vec![1]),
                (test("equal", "score", json!([0])), vec![4]),
                (test("equal", "active", json!([true])), vec![0, 2]),
                (test("notEqual", "active", json!([true])), vec![1, 4]),
                // Dates in any time zone.
                (test("equal", "born", json!(["1815-12-10T01:00:00+01:00"])), vec![0]),
                (test("lessThan", "born", json!(["1906-01-01"])), vec![0, 4]),
                (test("isNull", "born", json!([])), vec![1, 3]),
                (test("isNotNull", "name", json!([])), vec![0, 1, 2, 4]),
                // Case of ASCII letters is ignored; there are no wildcards.
                (test("startsWith", "name", json!(["AD"])), vec![0, 1]),
                (test("notStartsWith", "name", json!(["AD"])), vec![2, 4]),
                (test("endsWith", "name", json!(["%_\\"])), vec![4]),
                (test("notEndsWith", "name", json!(["a"])), vec![2, 4]),
                (test("contains", "name", json!(["ÄNNE", "RAC"])), vec![2, 4]),
                (test("contains", "name", json!(["änne"])), vec![]),
                (test("contains", "name", json!(["_"])), vec![4]),
                (test("notContains", "name", json!(["a"])), vec![4]),
                // Elements of lists are compared exactly.
                (test("contains", "tags", json!(["math"])), vec![0, 2]),
                (test("contains", "tags", json!(["Math", "mat"])), vec![]),
                (test("contains", "tags", json!(["a\"b", "navy"])), vec![2, 4]),
                (test("contains", "tags", json!(["poet's", "é"])), vec![0, 4]),
                (test("notContains", "tags", json!(["math"])), vec![1, 4]),
                (test("contains", "sizes", json!([2])), vec![0, 1]),
                (test("contains", "sizes", json!([-5, 1])), vec![0, 4]),
                (test("notContains", "sizes", json!([2])), vec![4]),
                (test("isNull", "sizes", json!([])), vec![2, 3]),
                (test("isNotNull", "tags", json!([])), vec![0, 1, 2, 4]),
                // Internal attributes.
                (test("equal", "$id", json!(["r1", "r3"])), vec![1, 3]),
                (test("equal", "$sequence", json!(["1", "5"])), vec![0, 4]),
                (test("greaterThan", "$sequence", json!(["3"])), vec![3, 4]),
                (test("lessThan", "$createdAt", json!(["2000-01-01"])), vec![]),
                (test("createdAfter", "", json!(["2000-01-01"])), vec![0, 1, 2, 3, 4]),
                // Nested filters.
                (
                    json!({"method": "or", "values": [
                        test("equal", "name", json!(["ada"])),
                        {"method": "and", "values": [test("equal", "age", json!([36])), test("contains", "tags", json!(["é"]))]},
                    ]}),
                    vec![1, 4],
                ),
            ] {
                let (found, total) = shop.ask(std::slice::from_ref(&query)).await.unwrap_or_else(|error| panic!("{query}: {error}"));
                assert_eq!(found, expected, "{query} (indexed: {indexed})");
                assert_eq!(total, i64::try_from(expected.len()).expect("few"), "{query}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), people()).await;
        let point = json!([[[0.0, 0.0]]]);
        for (query, refusal) in [
            (
                test("equal", "nobody", json!([1])),
                "Attribute not found in schema: nobody",
            ),
            (
                test("equal", "$permissions", json!(["x"])),
                "Attribute not found in schema: $permissions",
            ),
            (
                test("equal", "name.first", json!(["x"])),
                "Attribute not found in schema: name.first",
            ),
            (
                test("equal", "age", json!(["36"])),
                "Query value is invalid for attribute \"age\"",
            ),
            (
                test("equal", "age", json!([1.5])),
                "Query value is invalid for attribute \"age\"",
            ),
            (
                test("equal", "age", json!([18_446_744_073_709_551_615_u64])),
                "Query value is invalid for attribute \"age\"",
            ),
            (
                test("equal", "name", json!([1])),
                "Query value is invalid for attribute \"name\"",
            ),
            (
                test("equal", "active", json!([1])),
                "Query value is invalid for attribute \"active\"",
            ),
            (
                test("equal", "born", json!(["soon"])),
                "Query value is invalid for attribute \"born\"",
            ),
            (
                test("equal", "$sequence", json!([1])),
                "Query value is invalid for attribute \"$sequence\"",
            ),
            (
                test("equal", "$sequence", json!(["0"])),
                "Query value is invalid for attribute \"$sequence\"",
            ),
            (
                test("contains", "tags", json!([1])),
                "Query value is invalid for attribute \"tags\"",
            ),
            (
                test("contains", "tags", json!(["a\u{0}"])),
                "attribute \"tags\" contains the character U+0000",
            ),
            (
                test("equal", "tags", json!(["a"])),
                "Cannot query equal on attribute \"tags\" because it is an array.",
            ),
            (
                test("contains", "age", json!([1])),
                "Cannot query contains on attribute \"age\" because it is not an array or string.",
            ),
            (
                test("startsWith", "age", json!(["1"])),
                "Cannot query startsWith on attribute \"age\" because it is not a string.",
            ),
            (
                test("search", "name", json!(["ada"])),
                "Searching by attribute \"name\" requires a fulltext index.",
            ),
            (
                test("intersects", "name", point.clone()),
                "Spatial query \"intersects\" cannot be applied on non-spatial attribute: name",
            ),
            (
                test("lessThan", "place", json!([1])),
                "Query method lessThan is not supported by attribute \"place\"",
            ),
            (
                test("intersects", "place", json!([[200.0, 0.0]])),
                "Longitude (x) must be between -180 and 180, got 200",
            ),
            (by("orderAsc", "nobody"), "Attribute not found in schema: nobody"),
            (by("orderAsc", "name.first"), "Cannot order by nested attribute: name"),
            (
                by("orderAsc", "tags"),
                "Cannot order by attribute \"tags\" because it is a list",
            ),
            (
                json!({"method": "select", "values": ["nobody"]}),
                "Attribute not found in schema: nobody",
            ),
            (plain("cursorAfter", "nobody"), "Cursor 'nobody' not found"),
        ] {
            let message = shop.refusal(std::slice::from_ref(&query)).await;
            assert!(message.contains(refusal), "{query}: {message}");
        }
        let null = [by("orderAsc", "name"), plain("cursorAfter", "r3")];
        assert!(shop.refusal(&null).await.contains("'name' has a null value"));
        let random = [json!({"method": "orderRandom"}), plain("cursorAfter", "r1")];
        assert!(shop.refusal(&random).await.contains("random"));
    })
    .await;
}

#[tokio::test]
async fn rows_have_the_requested_order() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), people()).await;
        for (queries, expected) in [
            (vec![], vec![0, 1, 2, 3, 4]),
            (vec![by("orderDesc", "")], vec![4, 3, 2, 1, 0]),
            (vec![by("orderAsc", "name")], vec![3, 0, 2, 1, 4]),
            (vec![by("orderDesc", "name")], vec![4, 1, 2, 0, 3]),
            (
                vec![by("orderAsc", "age"), by("orderDesc", "name")],
                vec![3, 1, 4, 0, 2],
            ),
            // Equal rows are in the order of creation, in either direction.
            (vec![by("orderDesc", "age")], vec![2, 0, 4, 1, 3]),
            (
                vec![by("orderDesc", "active"), by("orderAsc", "score")],
                vec![2, 0, 4, 1, 3],
            ),
            (vec![by("orderDesc", "born"), plain("limit", 2)], vec![2, 4]),
            (vec![by("orderAsc", "$id"), plain("offset", 3)], vec![3, 4]),
        ] {
            assert_eq!(shop.rows(&queries).await, expected, "{queries:?}");
        }
        let mut random = shop.rows(&[json!({"method": "orderRandom"})]).await;
        random.sort_unstable();
        assert_eq!(random, [0, 1, 2, 3, 4]);
    })
    .await;
}

#[tokio::test]
async fn pages_are_consistent_through_ties_in_both_directions() {
    on_both(common::migrations(), async |fixture| {
        let rows = (0..40).map(|n| json!({"name": format!("n{}", n % 3), "age": n % 5, "score": f64::from(n % 2)}));
        let shop = Shop::with_rows(fixture, columns(), rows.collect()).await;
        shop.index(IndexKind::Key, &["name", "age"]).await;
        for orders in [
            vec![],
            vec![by("orderAsc", "name")],
            vec![by("orderDesc", "name"), by("orderAsc", "age")],
            vec![by("orderDesc", "score"), by("orderDesc", "name")],
            vec![by("orderDesc", "$createdAt")],
            vec![by("orderDesc", "$id")],
        ] {
            let whole = shop.rows(&[orders.clone(), vec![plain("limit", 100)]].concat()).await;
            assert_eq!(whole.len(), 40);
            let mut walked: Vec<usize> = Vec::new();
            loop {
                let mut page = [orders.clone(), vec![plain("limit", 7)]].concat();
                page.extend(walked.last().map(|last| plain("cursorAfter", format!("r{last}"))));
                let (rows, total) = shop.ask(&page).await.expect("a page");
                assert_eq!(total, 40);
                if rows.is_empty() {
                    break;
                }
                walked.extend(rows);
            }
            assert_eq!(walked, whole, "{orders:?}");
            let mut back = walked.split_off(39);
            loop {
                let page = [
                    orders.clone(),
                    vec![plain("limit", 9), plain("cursorBefore", format!("r{}", back[0]))],
                ]
                .concat();
                let rows = shop.rows(&page).await;
                if rows.is_empty() {
                    break;
                }
                back = [rows, back].concat();
            }
            assert_eq!(back, whole, "{orders:?}");
        }
        // Filters apply together with cursors; an offset is counted from the cursor.
        let filter = test("equal", "age", json!([1]));
        let page = [
            filter,
            plain("cursorAfter", "r11"),
            plain("offset", 1),
            plain("limit", 2),
        ];
        assert_eq!(shop.ask(&page).await.expect("a page"), (vec![21, 26], 8));
    })
    .await;
}

#[tokio::test]
async fn rows_without_a_value_sort_as_the_smallest() {
    on_both(common::migrations(), async |fixture| {
        let rows = (0..12).map(|n| if n % 3 == 0 { json!({}) } else { json!({"age": n}) });
        let shop = Shop::with_rows(fixture, columns(), rows.collect()).await;
        let page = [by("orderDesc", "age"), plain("cursorAfter", "r2")];
        assert_eq!(shop.rows(&page).await, [1, 0, 3, 6, 9]);
        let page = [by("orderAsc", "age"), plain("cursorBefore", "r2")];
        assert_eq!(shop.rows(&page).await, [0, 3, 6, 9, 1]);
    })
    .await;
}

#[tokio::test]
async fn selections_return_only_system_and_selected_attributes() {
    on_both(common::migrations(), async |fixture| {
        let shop = Shop::with_rows(fixture, columns(), people()).await;
        let selected = async |names: Value| {
            let queries = [json!({"method": "select", "values": names}), plain("limit", 1)];
            let mut page = shop.page_for(Access::Server, &queries, None).await.expect("a page");
            let row = page["rows"][0].as_object_mut().expect("a row");
            let own = [
                "$id",
                "$sequence",
                "$createdAt",
                "$updatedAt",
                "$permissions",
                "$databaseId",
                "$tableId",
            ];
            assert!(own.iter().all(|key| row.remove(*key).is_some()));
            Value::Object(row.clone())
        };
        assert_eq!(
            selected(json!(["score", "name"])).await,
            json!({"name": "Ada", "score": 1.5})
        );
        assert_eq!(selected(json!(["$id"])).await, json!({}));
        assert_eq!(
            selected(json!(["*"])).await.as_object().map(serde_json::Map::len),
            Some(9)
        );
        assert_eq!(selected(json!(["*", "name"])).await["sizes"], json!([1, 2]));
        assert_eq!(
            selected(json!(["place", "tags"])).await,
            json!({"place": null, "tags": ["math", "poet's"]})
        );
    })
    .await;
}

#[tokio::test]
async fn totals_are_capped_and_optional() {
    on_both(common::migrations(), async |fixture| {
        let rows = (0..5200).map(|n| json!({"age": n % 2}));
        let shop = Shop::with_rows(fixture, columns(), rows.collect()).await;
        assert_eq!(
            shop.ask(&[plain("limit", 2)]).await.expect("a page"),
            (vec![0, 1], 5000)
        );
        let odd = test("equal", "age", json!([1]));
        assert_eq!(
            shop.ask(&[odd.clone(), plain("limit", 1)]).await.expect("a page").1,
            2600
        );
        // Limits have no upper bound.
        let (rows, total) = shop.ask(&[plain("limit", 100_000)]).await.expect("a page");
        assert_eq!((rows.len(), total), (5200, 5000));
        assert_eq!(
            shop.ask(&[odd, plain("offset", 2599)]).await.expect("a page"),
            (vec![5199], 2600)
        );
    })
    .await;
}

#[tokio::test]
async fn oversized_pages_are_refused() {
    on_both(common::migrations(), async |fixture| {
        let long = "é".repeat(900);
        let rows = (0..60).map(|_| json!({"about": long.clone() + &"x".repeat(3000)}));
        let shop = Shop::with_rows(fixture, columns(), rows.collect()).await;
        assert_eq!(shop.rows(&[plain("limit", 60)]).await.len(), 60);
        assert_eq!(ids(&json!({"rows": [{"$id": "r7"}]})), [7]);
        let many = json!({"method": "or", "values": [test("equal", "name", json!(vec!["a"; 500])), test("isNull", "name", json!([]))]});
        let text = many.to_string();
        assert!(text.len() < 4096);
        let refusal = shop.refusal(&vec![many; 21]).await;
        assert!(refusal.contains("at most 10000 values"), "{refusal}");
    })
    .await;
}

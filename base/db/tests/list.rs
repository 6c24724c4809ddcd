//! Lists: filters, order, cursors and totals are the same on both engines.
#![allow(clippy::unwrap_used)]

mod common;

use common::{People, Person, ada, migrations};
use db::Database;
use db::list::{Page, Queryable, list};
use db::testing::on_both;
use kernel::query::Queries;
use kernel::{Fault, Kind, Timestamp};
use serde_json::{Value, json};

fn queryable() -> Queryable {
    Queryable::new(People::Id)
        .datetime("$createdAt", People::Since)
        .text("email", People::Email)
        .optional()
        .integer("type", People::Type)
        .boolean("active", People::Active)
        .real("score", People::Score)
        .optional()
        .searched([People::Id, People::Email])
}

async fn fill(db: &Database) {
    db.write(|tx| {
        for number in 0..60_i64 {
            let person = Person {
                id: format!("p{number:02}"),
                email: (number % 4 != 0).then(|| format!("U{number}%@Example.com")),
                r#type: number % 5,
                since: Timestamp::from_millis(1_700_000_000_000 + number % 7),
                active: number % 2 == 0,
                score: (number % 3 != 0).then(|| f64::from(i32::try_from(number % 6).unwrap()) / 4.0),
                ..ada()
            };
            tx.execute(&person.insert())?;
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
}

fn parse(queries: &[Value]) -> Queries {
    Queries::parse(&queries.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}

async fn run(db: &Database, queries: Queries) -> Result<Page<String>, db::Error> {
    let page = db
        .read(move |tx| list::<Person>(tx, &Person::select(), &queryable(), &queries))
        .await?;
    Ok(page.map(|person| person.id))
}

fn test(method: &str, attribute: &str, values: Value) -> Value {
    json!({ "method": method, "attribute": attribute, "values": values })
}

#[tokio::test]
async fn filters_select_the_matching_rows() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        fill(&db).await;
        let when = |millis: i64| Timestamp::from_millis(1_700_000_000_000 + millis).to_string();
        for (query, expected) in [
            (test("equal", "$id", json!(["p01"])), 1),
            (test("equal", "$id", json!(["p01", "p02", "P03"])), 2),
            (test("notEqual", "type", json!([0])), 48),
            (test("lessThan", "type", json!([2])), 24),
            (test("lessThanEqual", "type", json!([2])), 36),
            (test("greaterThan", "$createdAt", json!([when(5)])), 8),
            (test("greaterThanEqual", "$createdAt", json!([when(5)])), 16),
            (test("between", "type", json!([1, 3])), 36),
            (test("notBetween", "type", json!([1, 3])), 24),
            (test("isNull", "email", json!([])), 15),
            (test("isNotNull", "email", json!([])), 45),
            (test("startsWith", "email", json!(["u1%"])), 1),
            (test("startsWith", "email", json!(["u1"])), 9),
            (test("notStartsWith", "email", json!(["u1"])), 36),
            (test("endsWith", "email", json!(["@EXAMPLE.com"])), 45),
            (test("notEndsWith", "email", json!(["m"])), 0),
            (test("contains", "email", json!(["1%@", "2%@"])), 9),
            (test("notContains", "email", json!(["_"])), 45),
            (test("contains", "$id", json!(["\\"])), 0),
            (test("equal", "active", json!([true])), 30),
            (test("equal", "score", json!([0.25, 1])), 20),
            (test("createdBefore", "", json!([when(1)])), 9),
            (json!({ "method": "or", "values": [test("equal", "type", json!([1])), test("isNull", "email", json!([]))] }), 24),
            (json!({ "method": "and", "values": [test("equal", "type", json!([1])), test("isNull", "email", json!([]))] }), 3),
        ] {
            let page = run(&db, parse(&[query.clone(), json!({ "method": "limit", "values": [100] })])).await.unwrap();
            assert_eq!((page.rows.len(), page.total), (expected, i64::try_from(expected).unwrap()), "{query}");
        }
        let mut queries = parse(&[]);
        queries.search = Some("EXAMPLE p1".to_owned());
        assert_eq!(run(&db, queries).await.unwrap().total, 8);
    })
    .await;
}

#[tokio::test]
async fn pages_have_no_gaps_or_overlaps_in_both_directions() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        fill(&db).await;
        for orders in [
            vec![],
            vec![("orderDesc", "")],
            vec![("orderAsc", "type")],
            vec![("orderDesc", "type")],
            vec![("orderDesc", "$createdAt"), ("orderAsc", "type")],
            vec![("orderAsc", "active"), ("orderDesc", "$id")],
        ] {
            let orders: Vec<Value> = orders
                .iter()
                .map(|(method, on)| json!({ "method": method, "attribute": on }))
                .collect();
            let with = |more: &[(&str, Value)]| {
                let more = more
                    .iter()
                    .map(|(method, value)| json!({ "method": method, "values": [value] }));
                parse(&orders.iter().cloned().chain(more).collect::<Vec<_>>())
            };
            let all = run(&db, with(&[("limit", json!(100))])).await.unwrap().rows;
            assert_eq!(all.len(), 60);
            let (mut forwards, mut backwards) = (Vec::new(), Vec::new());
            loop {
                let mut more = vec![("limit", json!(7))];
                more.extend(forwards.last().map(|last: &String| ("cursorAfter", json!(last))));
                let page = run(&db, with(&more)).await.unwrap();
                assert_eq!(page.total, 60);
                if page.rows.is_empty() {
                    break;
                }
                forwards.extend(page.rows);
            }
            assert_eq!(forwards, all, "{orders:?}");
            backwards.push(all[59].clone());
            loop {
                let page = run(&db, with(&[("limit", json!(7)), ("cursorBefore", json!(backwards[0]))]))
                    .await
                    .unwrap();
                if page.rows.is_empty() {
                    break;
                }
                backwards.splice(0..0, page.rows);
            }
            assert_eq!(backwards, all, "{orders:?}");
            let window = run(&db, with(&[("limit", json!(5)), ("offset", json!(50))]))
                .await
                .unwrap();
            assert_eq!(window.rows, all[50..55], "{orders:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn rows_that_lack_the_sort_key_come_first_and_cannot_be_cursors() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        fill(&db).await;
        let by = |method: &str| json!({ "method": method, "attribute": "email" });
        let ascending = run(&db, parse(&[by("orderAsc"), test("limit", "", json!([60]))]))
            .await
            .unwrap()
            .rows;
        assert_eq!(ascending[..2], ["p00", "p28"]);
        let descending = run(&db, parse(&[by("orderDesc"), test("limit", "", json!([60]))]))
            .await
            .unwrap()
            .rows;
        assert_eq!(descending[58..], ["p20", "p48"]);
        // After the last row with a sort key, only rows without one follow.
        let rest = run(
            &db,
            parse(&[by("orderDesc"), test("cursorAfter", "", json!([descending[44]]))]),
        )
        .await
        .unwrap();
        assert_eq!(rest.rows, descending[45..]);
        let before = run(
            &db,
            parse(&[by("orderAsc"), test("cursorBefore", "", json!([ascending[15]]))]),
        )
        .await
        .unwrap();
        assert_eq!(before.rows, ascending[..15]);
        let refused = run(&db, parse(&[by("orderAsc"), test("cursorAfter", "", json!(["p00"]))]))
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), Kind::Invalid("database_query_order_null"));
    })
    .await;
}

#[tokio::test]
async fn invalid_queries_are_refused_by_name() {
    on_both(migrations(), async |t| {
        let db = t.engine.create("p").await.unwrap();
        fill(&db).await;
        for (query, name, word) in [
            (
                test("equal", "phone", json!(["1"])),
                "general_argument_invalid",
                "phone. Allowed attributes: $id, $createdAt",
            ),
            (
                json!({ "method": "orderAsc", "attribute": "prefs" }),
                "general_argument_invalid",
                "prefs",
            ),
            (
                test("equal", "type", json!(["1"])),
                "general_argument_invalid",
                "\"type\"",
            ),
            (
                test("equal", "type", json!([1.5])),
                "general_argument_invalid",
                "\"type\"",
            ),
            (
                test("equal", "active", json!([1])),
                "general_argument_invalid",
                "\"active\"",
            ),
            (
                test("equal", "$createdAt", json!(["soon"])),
                "general_argument_invalid",
                "\"$createdAt\"",
            ),
            (
                test("contains", "type", json!(["1"])),
                "general_argument_invalid",
                "\"type\"",
            ),
            (
                test("search", "email", json!(["x"])),
                "general_argument_invalid",
                "fulltext index",
            ),
            (
                test("touches", "email", json!([[1, 2]])),
                "general_argument_invalid",
                "touches",
            ),
            (test("limit", "", json!([5001])), "general_argument_invalid", "5000"),
            (
                test("select", "", json!(["email"])),
                "general_argument_invalid",
                "select",
            ),
            (
                test("cursorAfter", "", json!(["gone"])),
                "general_cursor_not_found",
                "gone",
            ),
            (
                test("equal", "email", json!(["a\0b"])),
                "general_argument_invalid",
                "U+0000",
            ),
        ] {
            let error = run(&db, parse(std::slice::from_ref(&query))).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid(name), "{query}: {error}");
            assert!(error.to_string().contains(word), "{query}: {error}");
        }
        let random = run(&db, parse(&[json!({ "method": "orderRandom" })])).await.unwrap();
        assert_eq!((random.rows.len(), random.total), (25, 60));
        let mut uncounted = Queries {
            limit: Some(1),
            ..Queries::default()
        };
        uncounted.total = false;
        assert_eq!(run(&db, uncounted).await.unwrap().total, 0);
    })
    .await;
}

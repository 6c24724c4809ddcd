//! Full-text and spatial search, on both engines, with and without an index.

mod common;

use common::Shop;
use common::shop::{by, columns, ids, plain, test};
use db::testing::on_both;
use records::Access;
use records::indexes::IndexKind;
use serde_json::{Value, json};

fn texts() -> Vec<Value> {
    [
        "The quick brown fox jumps over the lazy dog",
        "A café, a Fox and a fox: foxes!",
        "Nothing of the kind here",
        "ÉTÉ à la plage <b>fox</b>",
        "brown bread, quick to bake",
    ]
    .iter()
    .map(|text| json!({"about": text}))
    .chain([json!({})])
    .collect()
}

async fn library(fixture: &db::testing::Fixture) -> Shop {
    let shop = Shop::open(fixture, columns()).await;
    // Some rows are created before the index, some after.
    shop.add(texts()[..3].to_vec(), |_| Vec::new()).await;
    shop.index(IndexKind::Fulltext, &["about"]).await;
    shop.add_from(3, texts()[3..].to_vec(), |_| Vec::new()).await;
    shop
}

#[tokio::test]
async fn a_search_finds_words_whatever_their_case_and_accents() {
    on_both(common::migrations(), async |fixture| {
        let shop = library(fixture).await;
        let order = by("orderAsc", "");
        for (query, expected) in [
            (test("search", "about", json!(["FOX"])), vec![0, 1, 3]),
            (test("search", "about", json!(["cafe"])), vec![1]),
            (test("search", "about", json!(["ete"])), vec![3]),
            // Any word matches; the last word matches as a prefix.
            (test("search", "about", json!(["lazy bre"])), vec![0, 4]),
            (test("search", "about", json!(["bre lazy"])), vec![0]),
            (test("search", "about", json!(["\"quick brown\""])), vec![0]),
            (test("search", "about", json!(["\"brown quick\""])), vec![]),
            (test("search", "about", json!(["!?"])), vec![]),
            (test("search", "about", json!(["\" OR 1' | & ! :* ("])), vec![]),
            (test("notSearch", "about", json!(["fox"])), vec![2, 4]),
            (test("notSearch", "about", json!(["!?"])), vec![0, 1, 2, 3, 4]),
            (
                json!({"method": "or", "values": [test("search", "about", json!(["cafe"])), test("isNull", "about", json!([]))]}),
                vec![1, 5],
            ),
        ] {
            assert_eq!(shop.rows(&[query.clone(), order.clone()]).await, expected, "{query}");
        }
        let number = shop.refusal(&[test("search", "about", json!([1]))]).await;
        assert!(number.contains("Query value is invalid"), "{number}");
    })
    .await;
}

#[tokio::test]
async fn changed_and_deleted_texts_are_no_longer_found() {
    on_both(common::migrations(), async |fixture| {
        let shop = library(fixture).await;
        shop.act(|tx, table| {
            let data = json!({"about": "only hens"}).as_object().cloned().expect("an object");
            let change = records::rows::Change {
                data: &data,
                permissions: None,
                read_at: None,
            };
            let id = |id: &str| records::RowId::parse(id).expect("an id");
            records::rows::update(tx, table, &Access::Server, &id("r0"), &change)?;
            records::rows::delete(tx, table, &Access::Server, &id("r1"), None)?;
            Ok(())
        })
        .await
        .expect("changed");
        let order = by("orderAsc", "");
        assert_eq!(
            shop.rows(&[test("search", "about", json!(["fox"])), order.clone()])
                .await,
            [3]
        );
        assert_eq!(shop.rows(&[test("search", "about", json!(["hens"])), order]).await, [0]);
    })
    .await;
}

#[tokio::test]
async fn matches_come_by_creation_unless_the_best_are_asked_for() {
    on_both(common::migrations(), async |fixture| {
        let shop = library(fixture).await;
        let (fox, best) = (test("search", "about", json!(["fox"])), by("orderDesc", "$rank"));
        assert_eq!(shop.rows(std::slice::from_ref(&fox)).await, [0, 1, 3]);
        assert_eq!(shop.rows(&[fox.clone(), plain("cursorAfter", "r1")]).await, [3]);
        let fox = [fox, best.clone()];
        assert_eq!(shop.rows(&fox).await, [1, 3, 0]);
        let with = |query: Value| [fox[0].clone(), fox[1].clone(), query];
        let (rows, total) = shop.ask(&with(plain("limit", 2))).await.expect("a page");
        assert_eq!((rows, total), (vec![1, 3], 3));
        assert_eq!(shop.rows(&with(plain("offset", 1))).await, [3, 0]);
        assert_eq!(shop.rows(&with(plain("cursorAfter", "r1"))).await, [3, 0]);
        assert_eq!(shop.rows(&with(plain("cursorBefore", "r0"))).await, [1, 3]);
        let [search, rank] = fox.clone();
        let before = [search.clone(), rank, plain("cursorBefore", "r0"), plain("limit", 1)];
        assert_eq!(shop.rows(&before).await, [3]);
        assert_eq!(shop.rows(&[search.clone(), by("orderDesc", "")]).await, [3, 1, 0]);
        // A match of both words ranks higher than two matches of one.
        let both = test("search", "about", json!(["brown fox"]));
        assert_eq!(shop.rows(&[both, best.clone()]).await[0], 0);
        for wrong in [
            vec![best.clone()],
            vec![search.clone(), by("orderAsc", "$rank")],
            vec![search, best, by("orderAsc", "")],
        ] {
            let refused = shop.refusal(&wrong).await;
            assert!(refused.contains("$rank"), "{refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_snippet_shows_what_was_found() {
    on_both(common::migrations(), async |fixture| {
        let shop = library(fixture).await;
        let fox = test("search", "about", json!(["fox"]));
        let select = json!({"method": "select", "values": ["name"]});
        let page = shop
            .page_for(Access::Server, &[fox, select], Some("about"))
            .await
            .expect("a page");
        assert_eq!(ids(&page), [0, 1, 3]);
        let row = &page["rows"][2];
        assert_eq!(row["$snippet"], "ÉTÉ à la plage &lt;b&gt;<mark>fox</mark>&lt;/b&gt;");
        assert_eq!((row.get("about"), row.get("name")), (None, Some(&Value::Null)));
        let refused = shop.page_for(Access::Server, &[], Some("about")).await;
        assert!(refused.expect_err("no search").to_string().contains("snippet"));
    })
    .await;
}

#[tokio::test]
async fn shapes_are_found_by_their_relation() {
    on_both(common::migrations(), async |fixture| {
        for indexed in [false, true] {
            find_places(fixture, indexed).await;
            fixture.engine.remove("shop").await.expect("removed");
        }
    })
    .await;
}

async fn find_places(fixture: &db::testing::Fixture, indexed: bool) {
    let mut columns = columns();
    if indexed {
        // Appwrite's rule: only a required column can have a spatial index.
        let place = columns.iter_mut().find(|(key, _)| key.as_str() == "place");
        place.expect("a place").1.required = true;
    }
    let mut places = vec![
        json!([13.4, 52.5]),
        json!([2.35, 48.85]),
        json!([-0.12, 51.5]),
        json!([13.05, 52.4]),
    ];
    if !indexed {
        places.push(json!(null));
    }
    let rows = |places: &[Value]| {
        places
            .iter()
            .map(|place| json!({"place": place}))
            .collect::<Vec<Value>>()
    };
    // Some rows are created before the index, some after.
    let shop = Shop::open(fixture, columns).await;
    shop.add(rows(&places[..2]), |_| Vec::new()).await;
    if indexed {
        shop.index(IndexKind::Spatial, &["place"]).await;
    }
    shop.add_from(2, rows(&places[2..]), |_| Vec::new()).await;
    let around_berlin = json!([[[13.0, 52.0], [14.0, 52.0], [14.0, 53.0], [13.0, 53.0], [13.0, 52.0]]]);
    let berlin = json!([13.4, 52.5]);
    for (query, expected) in [
        (test("intersects", "place", json!([around_berlin])), vec![0, 3]),
        (test("notIntersects", "place", json!([around_berlin])), vec![1, 2]),
        (test("equal", "place", json!([berlin])), vec![0]),
        (test("equal", "place", json!([berlin, [2.35, 48.85]])), vec![0, 1]),
        (test("notEqual", "place", json!([berlin])), vec![1, 2, 3]),
        (test("touches", "place", json!([[[13.4, 52.5], [0.0, 0.0]]])), vec![0]),
        (
            test("notTouches", "place", json!([[[13.4, 52.5], [0.0, 0.0]]])),
            vec![1, 2, 3],
        ),
        (test("crosses", "place", json!([around_berlin])), vec![]),
        (test("notOverlaps", "place", json!([around_berlin])), vec![0, 1, 2, 3]),
        (
            test("distanceLessThan", "place", json!([[berlin, 40_000, true]])),
            vec![0, 3],
        ),
        (
            test("distanceGreaterThan", "place", json!([[berlin, 40_000, true]])),
            vec![1, 2],
        ),
        (test("distanceLessThan", "place", json!([[berlin, 0.5]])), vec![0, 3]),
        (test("distanceEqual", "place", json!([[berlin, 0, true]])), vec![0]),
        (
            test("distanceNotEqual", "place", json!([[berlin, 0, true]])),
            vec![1, 2, 3],
        ),
        (
            test("isNull", "place", json!([])),
            if indexed { vec![] } else { vec![4] },
        ),
    ] {
        assert_eq!(
            shop.rows(std::slice::from_ref(&query)).await,
            expected,
            "{query} (indexed: {indexed})"
        );
    }
    let message = shop.refusal(&[test("intersects", "place", json!([["x"]]))]).await;
    assert!(message.contains("attribute \"place\""), "{message}");
}

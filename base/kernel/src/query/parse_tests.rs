use serde_json::json;

use super::*;
use crate::{Fault, Kind};

fn parse(queries: &[Value]) -> Result<Queries, Error> {
    Queries::parse(&queries.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn refusal(query: Value) -> String {
    parse(&[query]).unwrap_err().to_string()
}

#[test]
fn every_kind_of_query_lands_in_its_place() {
    let queries = parse(&[
        json!({ "method": "equal", "attribute": "name", "values": ["a", "b"] }),
        json!({ "method": "orderDesc", "attribute": "$createdAt" }),
        json!({ "method": "orderAsc" }),
        json!({ "method": "orderRandom", "values": [] }),
        json!({ "method": "limit", "values": [7] }),
        json!({ "method": "limit", "values": [9] }),
        json!({ "method": "offset", "values": [0] }),
        json!({ "method": "cursorBefore", "values": ["x"] }),
        json!({ "method": "cursorAfter", "values": ["y"] }),
        json!({ "method": "select", "values": ["*", "rel.*"] }),
        json!({ "method": "createdAfter", "values": ["2020-01-01"] }),
        json!({ "method": "or", "values": [
            { "method": "isNull", "attribute": "a" },
            { "method": "and", "values": [
                { "method": "between", "attribute": "b", "values": [1, 2] },
                { "method": "search", "attribute": "c", "values": ["w"] },
            ] },
        ] }),
        json!({ "method": "distanceLessThan", "attribute": "at", "values": [[[1, 2], 3.5, true]] }),
    ])
    .unwrap();
    let test = |query, attribute: &str, test, values: Value| Filter::Test {
        query,
        attribute: attribute.into(),
        test,
        values: values.as_array().unwrap().clone(),
    };
    assert_eq!(
        queries.filters,
        [
            test(0, "name", Test::Equal, json!(["a", "b"])),
            test(10, "$createdAt", Test::GreaterThan, json!(["2020-01-01"])),
            Filter::Or(vec![
                test(11, "a", Test::IsNull, json!([])),
                Filter::And(vec![
                    test(11, "b", Test::Between, json!([1, 2])),
                    test(11, "c", Test::Search, json!(["w"])),
                ]),
            ]),
            test(12, "at", Test::DistanceLessThan, json!([[[1, 2], 3.5, true]])),
        ]
    );
    assert_eq!((queries.limit, queries.offset), (Some(7), Some(0)), "the first counts");
    assert_eq!(queries.cursor, Some(Cursor::Before("x".into())));
    assert_eq!(queries.select, Some(vec!["*".into(), "rel.*".into()]));
    assert_eq!(queries.orders.len(), 3);
    assert!(queries.total);
}

#[test]
fn a_refusal_names_the_query_and_the_rule() {
    let bad = |method: &str, values: Value| json!({ "method": method, "attribute": "a", "values": values });
    assert_eq!(
        refusal(bad("equals", json!([1]))),
        "Invalid query: Invalid query method: equals (queries[0])"
    );
    assert_eq!(
        refusal(bad("equal", json!([]))),
        "Invalid query: Equal queries require at least one value (queries[0])"
    );
    assert_eq!(
        refusal(bad("between", json!([1]))),
        "Invalid query: Between queries require exactly two values (queries[0])"
    );
    for query in [
        bad("notEqual", json!([1, 2])),
        bad("isNull", json!([1])),
        bad("equal", json!("x")),
        bad("equal", json!([null])),
        bad("lessThan", json!([[1]])),
        bad("crosses", json!([1])),
        bad("limit", json!([0])),
        bad("limit", json!(["5"])),
        bad("limit", json!([u64::MAX])),
        bad("offset", json!([-1])),
        bad("cursorAfter", json!(["no/id"])),
        bad("select", json!(["a", "a"])),
        bad("or", json!([{ "method": "isNull", "attribute": "a" }])),
        bad("and", json!([1, 2])),
        bad(
            "or",
            json!([{ "method": "limit", "values": [1] }, { "method": "limit", "values": [1] }]),
        ),
        json!({ "method": "equal", "values": [1] }),
        json!({ "method": 1 }),
        json!("equal"),
        json!([]),
    ] {
        let text = query.to_string();
        let error = parse(&[json!({ "method": "limit", "values": [1] }), query]).unwrap_err();
        assert_eq!(error.query, Some(1), "{text}");
        assert_eq!(error.kind(), Kind::Invalid("general_query_invalid"), "{text}");
        assert!(error.to_string().starts_with("Invalid query: "), "{error}");
    }
    assert_eq!(
        Queries::parse(&["equal(\"a\", [1])"]).unwrap_err().to_string(),
        "Invalid query: Syntax error (queries[0])"
    );
}

#[test]
fn queries_are_bounded() {
    let one = json!({ "method": "isNull", "attribute": "a" });
    let too_many = parse(&vec![one.clone(); MAX_QUERIES + 1]).unwrap_err();
    assert_eq!(too_many.kind(), Kind::Invalid("general_argument_invalid"));
    assert!(parse(&vec![one.clone(); MAX_QUERIES]).is_ok());
    let long = json!({ "method": "equal", "attribute": "a", "values": ["x".repeat(MAX_LENGTH)] });
    assert_eq!(
        parse(&[long]).unwrap_err().kind(),
        Kind::Invalid("general_argument_invalid")
    );
    let many = json!({ "method": "equal", "attribute": "a", "values": vec![1; MAX_VALUES + 1] });
    assert!(refusal(many).contains("greater than 500 values"));
    let deep = |depth| {
        (0..depth).fold(
            one.clone(),
            |inner, _| json!({ "method": "or", "values": [inner, one] }),
        )
    };
    assert!(parse(&[deep(MAX_DEPTH)]).is_ok());
    assert!(refusal(deep(MAX_DEPTH + 1)).contains("deep in each other"));
    assert!(
        Queries::parse(&["[".repeat(4000)]).is_err(),
        "and never a stack that overflows"
    );
}

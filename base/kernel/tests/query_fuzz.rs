//! Any input is either parsed or rejected: the parser does not panic, and its results are within limits.
//!
//! `PROPTEST_CASES` sets the number of cases of each test.

use kernel::query::{Filter, MAX_DEPTH, MAX_LENGTH, MAX_QUERIES, MAX_VALUES, Queries};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Arbitrary JSON, in which the words of queries are frequent.
fn tree() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(12, 200, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            vec((word(), inner.clone()), 0..4).prop_map(|pairs| pairs.into_iter().collect()),
            query(inner),
        ]
    })
}

fn word() -> impl Strategy<Value = String> {
    let words = [
        "method",
        "attribute",
        "values",
        "equal",
        "notEqual",
        "between",
        "isNull",
        "startsWith",
        "contains",
        "search",
        "crosses",
        "distanceEqual",
        "and",
        "or",
        "select",
        "orderAsc",
        "orderRandom",
        "limit",
        "offset",
        "cursorAfter",
        "createdAfter",
        "$id",
        "name",
        "rel.*",
        "*",
        "",
    ];
    proptest::sample::select(words.to_vec()).prop_map(str::to_owned)
}

/// Random query-like JSON around given values.
fn query(values: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> + Clone {
    let list = prop_oneof![4 => vec(values.clone(), 0..6).prop_map(Value::from), 1 => values];
    (word().prop_map(Value::from), prop::option::of(word()), list)
        .prop_map(|(method, attribute, values)| match attribute {
            Some(attribute) => json!({"method": method, "attribute": attribute, "values": values}),
            None => json!({"method": method, "values": values}),
        })
        .boxed()
}

fn depth(filter: &Filter) -> usize {
    match filter {
        Filter::Test { values, .. } => {
            assert!(values.len() <= MAX_VALUES && !values.iter().any(Value::is_null));
            0
        }
        Filter::And(inner) | Filter::Or(inner) => {
            assert!((2..=MAX_VALUES).contains(&inner.len()));
            1 + inner.iter().map(depth).max().unwrap_or_default()
        }
    }
}

/// Parses the texts; the result, or the error message, must be within limits.
fn read(texts: &[String]) {
    match Queries::parse(texts) {
        Ok(queries) => {
            assert!(texts.len() <= MAX_QUERIES);
            assert!(texts.iter().all(|text| text.chars().count() <= MAX_LENGTH));
            assert!(queries.filters.len() + queries.orders.len() <= texts.len());
            assert!(queries.filters.iter().map(depth).max().unwrap_or_default() <= MAX_DEPTH);
            assert!(queries.limit != Some(0));
            assert!(queries.cursor.is_none_or(|cursor| kernel::id::is_valid(cursor.id())));
        }
        Err(error) => assert!(error.to_string().len() < 8 * MAX_LENGTH),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(texts in vec(any::<String>(), 0..4)) {
        read(&texts);
    }

    #[test]
    fn any_tree_is_read_or_refused(trees in vec(tree(), 0..6)) {
        read(&trees.iter().map(Value::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn any_query_around_anything_is_read_or_refused(trees in vec(query(tree()), 1..4)) {
        read(&trees.iter().map(Value::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn a_query_cut_off_or_with_a_stray_letter_is_read_or_refused(tree in query(tree()), at in any::<prop::sample::Index>(), letter in any::<char>()) {
        let text: Vec<char> = tree.to_string().chars().collect();
        let at = at.index(text.len());
        read(&[text[..at].iter().collect()]);
        let mut stray = text;
        stray[at] = letter;
        read(&[stray.into_iter().collect()]);
    }
}

#[test]
fn depth_and_length_without_end_are_refused() {
    let deep = |open: &str, close: &str, times| open.repeat(times) + "1" + &close.repeat(times);
    for times in [9, 127, 128, 500, 2000] {
        read(&[deep("[", "]", times)]);
        read(&[deep("{\"method\":\"or\",\"values\":[", "]}", times)]);
        let two = deep(
            "{\"method\":\"and\",\"values\":[{\"method\":\"isNull\",\"attribute\":\"a\"},",
            "]}",
            times,
        );
        assert!(Queries::parse(&[two]).is_err(), "{times}");
    }
    let long = json!({"method": "equal", "attribute": "a", "values": ["é".repeat(MAX_LENGTH)]}).to_string();
    assert!(Queries::parse(&[long]).is_err());
    assert!(
        Queries::parse(&vec![
            json!({"method": "limit", "values": [1]}).to_string();
            MAX_QUERIES + 1
        ])
        .is_err()
    );
}

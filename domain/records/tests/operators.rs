//! Operators and increments, on both engines.

mod common;

use common::{Shop, spec};
use records::rows::{self, Change, Count, NewRow};
use records::{Access, ColumnError, Error, Key, Kind, RowError, RowId, columns::Spec};
use serde_json::{Value, json};

fn columns() -> Vec<(Key, Spec)> {
    let list = |key, kind| {
        let (key, spec) = spec(key, kind);
        (key, Spec { array: true, ..spec })
    };
    let whole = Kind::Integer {
        min: i64::MIN,
        max: i64::MAX,
    };
    let real = Kind::Float {
        min: f64::MIN,
        max: f64::MAX,
    };
    vec![
        spec("n", whole.clone()),
        spec("few", Kind::Integer { min: 0, max: 10 }),
        spec("x", real),
        spec("s", Kind::String { size: 8 }),
        spec("on", Kind::Boolean),
        spec("at", Kind::Datetime),
        list("ns", whole),
        list("ss", Kind::String { size: 8 }),
    ]
}

/// Column, current value, operator, and result: a value, or the kind of error.
fn cases() -> Vec<(&'static str, Value, Value, Result<Value, &'static str>)> {
    let op = |method: &str, values: Value| json!({"method": method, "values": values});
    const FLAW: Result<Value, &str> = Err("structure");
    const BAD: Result<Value, &str> = Err("bad");
    vec![
        ("n", json!(3), op("increment", json!([4])), Ok(json!(7))),
        ("n", json!(null), op("increment", json!([4])), Ok(json!(4))),
        ("n", json!(3), op("increment", json!([4, 5])), Ok(json!(5))),
        (
            "n",
            json!(2_147_483_647),
            op("increment", json!([1])),
            Ok(json!(2_147_483_648_i64)),
        ),
        ("n", json!(i64::MAX), op("increment", json!([1])), FLAW),
        ("n", json!(7), op("increment", json!([1.5])), FLAW),
        (
            "n",
            json!(2_147_483_647),
            op("increment", json!([1, 3_000_000_000_i64])),
            Ok(json!(2_147_483_648_i64)),
        ),
        ("n", json!(3), op("decrement", json!([5])), Ok(json!(-2))),
        ("n", json!(3), op("decrement", json!([5, 0])), Ok(json!(0))),
        ("n", json!(3), op("multiply", json!([3])), Ok(json!(9))),
        ("n", json!(3), op("multiply", json!([3, 7.5])), Ok(json!(7))),
        ("n", json!(7), op("divide", json!([2])), Ok(json!(4))),
        ("n", json!(8), op("divide", json!([2, 5])), Ok(json!(5))),
        ("n", json!(8), op("divide", json!([0])), FLAW),
        ("n", json!(-7), op("modulo", json!([4])), Ok(json!(-3))),
        ("n", json!(7), op("modulo", json!([0])), FLAW),
        ("n", json!(2), op("power", json!([10])), Ok(json!(1024))),
        ("n", json!(10), op("power", json!([30])), FLAW),
        ("n", json!(10), op("power", json!([300, 1000])), Ok(json!(1000))),
        ("n", json!(3), op("increment", json!(["4"])), FLAW),
        ("n", json!(3), op("increment", json!([])), BAD),
        ("n", json!(3), op("increment", json!([1, 2, 3])), BAD),
        ("n", json!(3), op("increment", json!(1)), BAD),
        ("n", json!(3), op("toggle", json!([])), FLAW),
        ("few", json!(9), op("increment", json!([5])), FLAW),
        ("x", json!(1.5), op("increment", json!([1])), Ok(json!(2.5))),
        ("x", json!(1.5), op("power", json!([2, 2])), Ok(json!(2.0))),
        ("x", json!(5), op("divide", json!([2])), Ok(json!(2.5))),
        ("x", json!(1e308), op("multiply", json!([1e308])), FLAW),
        ("s", json!("ab"), op("stringConcat", json!(["cd"])), Ok(json!("abcd"))),
        ("s", json!(null), op("stringConcat", json!(["cd"])), Ok(json!("cd"))),
        ("s", json!("abcdef"), op("stringConcat", json!(["ghi"])), FLAW),
        (
            "s",
            json!("a-b-c"),
            op("stringReplace", json!(["-", "+"])),
            Ok(json!("a+b+c")),
        ),
        ("s", json!("ab"), op("stringReplace", json!(["", "+"])), Ok(json!("ab"))),
        ("on", json!(null), op("toggle", json!([])), Ok(json!(true))),
        ("on", json!(true), op("toggle", json!([])), Ok(json!(false))),
        (
            "at",
            json!("2026-01-31T10:00:00Z"),
            op("dateAddDays", json!([1])),
            Ok(json!("2026-02-01T10:00:00.000+00:00")),
        ),
        (
            "at",
            json!("2026-02-01T10:00:00Z"),
            op("dateSubDays", json!([1])),
            Ok(json!("2026-01-31T10:00:00.000+00:00")),
        ),
        (
            "at",
            json!(null),
            op("dateSetNow", json!([])),
            Ok(json!("2026-01-01T00:00:00.000+00:00")),
        ),
        ("at", json!(null), op("dateAddDays", json!(["1"])), FLAW),
        (
            "ns",
            json!([1, 2]),
            op("arrayAppend", json!([3, 4])),
            Ok(json!([1, 2, 3, 4])),
        ),
        ("ns", json!(null), op("arrayAppend", json!([3])), Ok(json!([3]))),
        ("ns", json!([1]), op("arrayAppend", json!(["3"])), FLAW),
        (
            "ns",
            json!([1, 2]),
            op("arrayPrepend", json!([3, 4])),
            Ok(json!([3, 4, 1, 2])),
        ),
        (
            "ns",
            json!([1, 2]),
            op("arrayInsert", json!([1, 9])),
            Ok(json!([1, 9, 2])),
        ),
        (
            "ns",
            json!([1, 2]),
            op("arrayInsert", json!([2, 9])),
            Ok(json!([1, 2, 9])),
        ),
        ("ns", json!([1, 2]), op("arrayInsert", json!([3, 9])), FLAW),
        ("ns", json!([1, 2]), op("arrayInsert", json!([-1, 9])), FLAW),
        ("ns", json!([1, 2, 1]), op("arrayRemove", json!([1])), Ok(json!([2]))),
        ("ns", json!([1, 2, 1]), op("arrayUnique", json!([])), Ok(json!([1, 2]))),
        (
            "ns",
            json!([1, 2, 3]),
            op("arrayIntersect", json!([3, 1])),
            Ok(json!([1, 3])),
        ),
        ("ns", json!([1, 2, 3]), op("arrayIntersect", json!([])), BAD),
        ("ns", json!([1, 2, 3]), op("arrayDiff", json!([3, 1])), Ok(json!([2]))),
        (
            "ns",
            json!([1, null, 3]),
            op("arrayFilter", json!(["isNotNull"])),
            Ok(json!([1, 3])),
        ),
        (
            "ns",
            json!([1, 2, 3]),
            op("arrayFilter", json!(["greaterThan", 1])),
            Ok(json!([2, 3])),
        ),
        ("ns", json!([1, 2, 3]), op("arrayFilter", json!(["greaterThan"])), FLAW),
        ("ns", json!([1, 2, 3]), op("arrayFilter", json!(["like", 1])), FLAW),
        (
            "ss",
            json!(["a", "b"]),
            op("arrayFilter", json!(["notEqual", "a"])),
            Ok(json!(["b"])),
        ),
        ("s", json!("a"), json!("{\"method\":\"toString\"}"), FLAW),
        ("s", json!("a"), json!("{\"m\":1}"), Ok(json!("{\"m\":1}"))),
    ]
}

#[tokio::test]
async fn operators_change_the_stored_values() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, columns()).await;
        shop.act(|tx, table| {
            for (place, (column, before, operator, expected)) in cases().into_iter().enumerate() {
                let row = NewRow {
                    id: RowId::parse(format!("row{place}")).expect("an id"),
                    data: json!({column: before}).as_object().cloned().expect("an object"),
                    permissions: None,
                };
                rows::create(tx, table, &Access::Server, &row)?;
                let written = match &operator {
                    Value::Object(_) if place % 2 == 0 => Value::String(operator.to_string()),
                    _ => operator.clone(),
                };
                let data = json!({column: written});
                let change = Change {
                    data: data.as_object().expect("an object"),
                    permissions: None,
                    read_at: None,
                };
                let result = rows::update(tx, table, &Access::Server, &row.id, &change);
                let seen = match result {
                    Ok(record) => {
                        assert_eq!(rows::find(tx, table, &row.id)?, Some(record.clone()), "{operator}");
                        Ok(record.value(table, column).cloned().expect("a column"))
                    }
                    Err(Error::Row(RowError::InvalidStructure(_))) => Err("structure"),
                    Err(Error::BadRequest(_)) => Err("bad"),
                    Err(error) => return Err(error),
                };
                assert_eq!(seen, expected, "{operator} of {before}");
            }
            Ok(())
        })
        .await
        .expect("every operator");
    })
    .await;
}

#[tokio::test]
async fn increments_stay_within_bounds() {
    db::testing::on_both(common::migrations(), async |fixture| {
        let shop = Shop::open(fixture, columns()).await;
        shop.act(|tx, table| {
            let data = json!({"few": 5, "x": 0.5, "s": "a"})
                .as_object()
                .cloned()
                .expect("an object");
            let id = RowId::parse("one").expect("an id");
            let row = NewRow {
                id: id.clone(),
                data,
                permissions: None,
            };
            rows::create(tx, table, &Access::Server, &row)?;
            let number = |value: Value| serde_json::from_value(value).expect("a number");
            let mut count = |column: &str, by: Value, down: bool, bound: Option<Value>| {
                let count = Count {
                    column: column.to_owned(),
                    by: number(by),
                    down,
                    bound: bound.map(number),
                };
                let counted = rows::increment(tx, table, &Access::Server, &id, &count, None);
                counted.map(|record| record.value(table, column).cloned().expect("a column"))
            };
            assert_eq!(count("few", json!(3), false, None)?, json!(8));
            assert_eq!(count("few", json!(3), true, Some(json!(5)))?, json!(5));
            assert!(matches!(
                count("few", json!(1), true, Some(json!(5))),
                Err(Error::Column(ColumnError::Limit(_)))
            ));
            assert!(matches!(
                count("few", json!(6), false, None),
                Err(Error::Column(ColumnError::Limit(_)))
            ));
            assert!(matches!(count("few", json!(0.5), false, None), Err(Error::Argument(_))));
            assert_eq!(count("x", json!(1), false, Some(json!(1.5)))?, json!(1.5));
            assert_eq!(count("n", json!(1), false, None)?, json!(1), "nothing counts as zero");
            assert!(matches!(
                count("s", json!(1), false, None),
                Err(Error::Column(ColumnError::NotANumber(_)))
            ));
            assert!(matches!(
                count("ns", json!(1), false, None),
                Err(Error::Column(ColumnError::NotANumber(_)))
            ));
            assert!(matches!(
                count("no", json!(1), false, None),
                Err(Error::Column(ColumnError::NotFound(_)))
            ));
            Ok(())
        })
        .await
        .expect("counted");
    })
    .await;
}

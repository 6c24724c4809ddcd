//! Random values of columns; extreme values are frequent.

use records::Kind;
use records::columns::Spec;
use serde_json::{Value, json};

use super::texts;
use crate::rng::Rng;

const FLOATS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.3,
    0.300_000_000_000_000_04,
    1.5,
    2.0,
    1e22,
    -1e22,
    1e300,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    9_007_199_254_740_993.0,
    123.456,
];

const DATES: &[&str] = &[
    "0001-01-01T00:00:00.000+00:00",
    "1000-01-01T00:00:00.000+00:00",
    "1969-12-31T23:59:59.999+00:00",
    "1970-01-01T00:00:00.000+00:00",
    "2024-02-29T12:00:00.000+00:00",
    "2024-02-29T14:00:00.000+02:00",
    "2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00.0004Z",
    "2024-02-29T12:00:00.001Z",
    "2024-02-29 12:00:00",
    "2024-02-29",
    "2026-01-01T00:00:00.000+00:00",
    "2026-01-01T00:00:00.250+00:00",
    "9999-12-31T23:59:59.999+00:00",
];

/// A value of a column, or a list of values for an array; null only if the column is not required.
pub(crate) fn value(rng: &mut Rng, spec: &Spec) -> Value {
    if !spec.required && rng.percent(15) {
        return Value::Null;
    }
    if !spec.array {
        return one(rng, &spec.kind);
    }
    let items = rng.below(5);
    let item = |_| {
        if !spec.required && rng.percent(10) {
            Value::Null
        } else {
            one(rng, &spec.kind)
        }
    };
    (0..items).map(item).collect()
}

/// A single value, not null.
pub(super) fn one(rng: &mut Rng, kind: &Kind) -> Value {
    match kind {
        Kind::Integer { min, max } => integer(rng, *min, *max),
        Kind::Float { min, max } => {
            let number = match rng.below(3) {
                0 => small(rng) / 4.0,
                _ => *rng.pick(FLOATS),
            };
            // Clients may write a float without a fraction.
            match number.clamp(*min, *max) {
                whole if whole.fract() == 0.0 && whole.abs() < 1e15 && rng.percent(30) => json!(whole as i64),
                number => json!(number),
            }
        }
        Kind::Boolean => json!(rng.percent(50)),
        Kind::Datetime => json!(rng.pick(DATES)),
        Kind::Enum { elements } => json!(rng.pick(elements)),
        Kind::Email => json!(rng.pick(&["a@example.com", "A@example.com", "b.c+d@example.org"])),
        Kind::Ip => json!(rng.pick(&["127.0.0.1", "10.0.0.1", "::1", "2001:db8::1", "2001:DB8::1"])),
        Kind::Url => json!(rng.pick(&[
            "https://example.com",
            "https://example.com/%41",
            "http://example.com/a?b=_"
        ])),
        Kind::Point => point(rng),
        Kind::Line => line(rng),
        Kind::Polygon => polygon(rng),
        kind => json!(texts::text(rng, kind.size().unwrap_or(8) as usize)),
    }
}

fn integer(rng: &mut Rng, min: i64, max: i64) -> Value {
    let number = match rng.below(4) {
        0 => *rng.pick(&[min, max, min.saturating_add(1), max.saturating_sub(1)]),
        1 => *rng.pick(&[
            0,
            1,
            -1,
            1 << 53,
            (1 << 53) + 1,
            -(1 << 53) - 1,
            i64::from(i32::MAX) + 1,
        ]),
        _ => small(rng) as i64,
    };
    json!(number.clamp(min, max))
}

fn small(rng: &mut Rng) -> f64 {
    rng.between(0, 20) as f64 - 10.0
}

/// A point on a small grid, so that shapes intersect; sometimes at the limits of the coordinates.
fn point(rng: &mut Rng) -> Value {
    match rng.below(12) {
        0 => json!([180, 90]),
        1 => json!([-180.0, -90.0]),
        2 => json!([small(rng) / 8.0, small(rng) / 8.0]),
        _ => json!([rng.below(5), rng.below(5)]),
    }
}

fn line(rng: &mut Rng) -> Value {
    (0..rng.between(2, 4)).map(|_| point(rng)).collect()
}

fn polygon(rng: &mut Rng) -> Value {
    let (x, y) = (rng.below(4) as f64, rng.below(4) as f64);
    let side = rng.between(1, 4) as f64;
    let ring = match rng.below(3) {
        0 => json!([[x, y], [x + side, y], [x, y + side], [x, y]]),
        _ => json!([[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]),
    };
    match rng.below(4) {
        // A single ring is accepted too.
        0 => ring,
        1 => {
            let (a, b) = (x + side / 4.0, y + side / 4.0);
            json!([ring, [[a, b], [a + side / 8.0, b], [a, b + side / 8.0], [a, b]]])
        }
        _ => json!([ring]),
    }
}

/// A shape of any kind in the form of queries: polygons as lists of rings.
pub(super) fn shape(rng: &mut Rng) -> Value {
    match rng.below(3) {
        0 => point(rng),
        1 => line(rng),
        _ => {
            let polygon = polygon(rng);
            let bare = polygon[0][0].is_number();
            if bare { json!([polygon]) } else { polygon }
        }
    }
}

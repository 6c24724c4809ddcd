//! Shapes for tests.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses a part.

use geometry::{Kind, Shape};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) fn shape(json: &str) -> Shape {
    let json: Value = serde_json::from_str(json).unwrap();
    Shape::any(&json).unwrap()
}

/// Points of a small grid, so that shapes intersect, touch and degenerate; of a finer grid without exact binary
/// fractions; of the whole world; and near zero.
pub(crate) fn point() -> impl Strategy<Value = [f64; 2]> + Clone {
    prop_oneof![
        6 => (0..6, 0..6).prop_map(|(x, y)| [f64::from(x), f64::from(y)]),
        3 => (0..6, 0..6).prop_map(|(x, y)| [f64::from(x) * 0.1, f64::from(y) * 0.3]),
        2 => (-180.0..=180.0, -90.0..=90.0).prop_map(|(x, y)| [x, y]),
        1 => (prop::sample::select(EDGES), prop::sample::select(EDGES)).prop_map(|(x, y)| [x * 2.0, y]),
    ]
    .boxed()
}

const EDGES: &[f64] = &[
    -90.0,
    -89.999,
    -1e-9,
    -0.0,
    0.0,
    5e-324,
    1e-300,
    1e-17,
    89.999_999_9,
    90.0,
];

fn ring() -> impl Strategy<Value = Vec<[f64; 2]>> {
    prop::collection::vec(point(), 3..9).prop_map(|mut ring| {
        ring.push(ring[0]);
        ring
    })
}

pub(crate) fn coordinates() -> impl Strategy<Value = (Kind, Value)> {
    prop_oneof![
        point().prop_map(|point| (Kind::Point, json!(point))),
        prop::collection::vec(point(), 2..8).prop_map(|line| (Kind::Line, json!(line))),
        prop::collection::vec(ring(), 1..4).prop_map(|rings| (Kind::Polygon, json!(rings))),
    ]
}

pub(crate) fn any_shape() -> impl Strategy<Value = Shape> {
    coordinates().prop_map(|(kind, json)| Shape::parse(kind, &json).unwrap())
}

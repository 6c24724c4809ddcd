//! Parsing of shapes, and their JSON.

mod support;

use geometry::{Bounds, Error, Kind, Shape};
use proptest::prelude::*;
use serde_json::json;
use support::{coordinates, shape};

#[test]
fn each_kind_is_read_and_written() {
    for (kind, json) in [
        (Kind::Point, json!([1, 2.5])),
        (Kind::Point, json!([-180, 90])),
        (Kind::Line, json!([[1, 2], [3.25, 4]])),
        (Kind::Polygon, json!([[[0, 0], [4, 0], [4, 4], [0, 0]]])),
        (
            Kind::Polygon,
            json!([[[0, 0], [9, 0], [9, 9], [0, 0]], [[2, 1], [3, 1], [3, 2], [2, 1]]]),
        ),
    ] {
        let shape = Shape::parse(kind, &json).unwrap();
        assert_eq!(shape.kind(), kind);
        assert_eq!(shape.to_json(), json.to_string());
        assert_eq!(Shape::any(&json), Ok(shape));
    }
}

#[test]
fn a_bare_ring_is_a_polygon_where_one_is_expected_and_a_line_elsewhere() {
    let ring = json!([[0, 0], [4, 0], [4, 4], [0, 0]]);

    let polygon = Shape::parse(Kind::Polygon, &ring).unwrap();

    assert_eq!(polygon.to_json(), "[[[0,0],[4,0],[4,4],[0,0]]]");
    assert_eq!(Shape::any(&ring).unwrap().kind(), Kind::Line);
}

#[test]
fn numbers_are_written_plainly() {
    assert_eq!(shape("[1.0, -0.0]").to_json(), "[1,0]");
    assert_eq!(shape("[-0, 1e1]").to_json(), "[0,10]");
    assert_eq!(
        shape("[0.1, -33.333333333333336]").to_json(),
        "[0.1,-33.333333333333336]"
    );
}

#[test]
fn invalid_shapes_are_refused_with_a_reason() {
    use Kind::{Line, Point, Polygon};
    for (kind, json, error) in [
        (Point, json!("[1,2]"), Error::NotAPoint),
        (Point, json!([1]), Error::NotAPoint),
        (Point, json!([1, 2, 3]), Error::NotAPoint),
        (Point, json!([1, "2"]), Error::NotAPoint),
        (Point, json!([1, null]), Error::NotAPoint),
        (Point, json!([[1, 2]]), Error::NotAPoint),
        (Point, json!([180.5, 0]), Error::Longitude(180.5)),
        (Point, json!([0, -90.5]), Error::Latitude(-90.5)),
        (Line, json!([[1, 2]]), Error::NotALine),
        (Line, json!([]), Error::NotALine),
        (Line, json!({"0": [1, 2]}), Error::NotALine),
        (Line, json!([1, 2]), Error::NotAPoint),
        (Line, json!([[0, 0], [0, 91]]), Error::Latitude(91.0)),
        (Line, json!([[[0, 0], [4, 0], [4, 4], [0, 0]]]), Error::NotALine),
        (Polygon, json!([]), Error::NotAPolygon),
        (Polygon, json!(7), Error::NotAPolygon),
        (Polygon, json!([[]]), Error::NotARing),
        (Polygon, json!([1, 2]), Error::NotARing),
        (Polygon, json!([[0, 0], [1, 1], [0, 0]]), Error::NotARing),
        (Polygon, json!([[0, 0], [1, 0], [1, 1], [0, 1]]), Error::OpenRing),
        (
            Polygon,
            json!([[[0, 0], [1, 0], [1, 1], [0, 0]], [[0, 0]]]),
            Error::NotARing,
        ),
        (
            Polygon,
            json!([[[0, 0], [190, 0], [1, 1], [0, 0]]]),
            Error::Longitude(190.0),
        ),
    ] {
        assert_eq!(Shape::parse(kind, &json), Err(error), "{kind:?} {json}");
    }
    for json in [
        json!(null),
        json!([]),
        json!([[]]),
        json!(1),
        json!([[[[1, 2]]]]),
        json!(["a"]),
    ] {
        assert_eq!(Shape::any(&json), Err(Error::Unknown), "{json}");
    }
}

#[test]
fn bounds_hold_every_point() {
    let bounds = |x0, y0, x1, y1| Bounds { x0, y0, x1, y1 };
    assert_eq!(shape("[1, 2]").bounds(), bounds(1.0, 2.0, 1.0, 2.0));
    assert_eq!(
        shape("[[1, 2], [-3, 5], [0, -1]]").bounds(),
        bounds(-3.0, -1.0, 1.0, 5.0)
    );
    assert_eq!(
        shape("[[[0,0],[4,0],[4,7],[0,0]]]").bounds(),
        bounds(0.0, 0.0, 4.0, 7.0)
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same_shape((kind, json) in coordinates()) {
        let shape = Shape::parse(kind, &json).unwrap();
        let written = shape.to_json();
        let again = Shape::parse(kind, &serde_json::from_str(&written).unwrap()).unwrap();
        prop_assert_eq!(again.to_json(), written);
        prop_assert_eq!(again, shape);
    }
}

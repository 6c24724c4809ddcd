//! Distances between shapes, and bounding boxes for distance searches.

mod support;

use geometry::{Bounds, EARTH_RADIUS, Relation, Shape, distance};
use proptest::prelude::*;
use support::{any_shape, shape};

fn degrees(a: &str, b: &str) -> f64 {
    distance(&shape(a), &shape(b), false)
}

fn metres(a: &str, b: &str) -> f64 {
    distance(&shape(a), &shape(b), true)
}

const DEGREE: f64 = EARTH_RADIUS * std::f64::consts::PI / 180.0;

fn assert_near(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() <= expected.abs() * 1e-9 + 1e-9,
        "{actual} is not {expected}"
    );
}

#[test]
fn degrees_are_those_of_the_plane() {
    for (a, b, expected) in [
        ("[0,0]", "[3,4]", 5.0),
        ("[0,0]", "[0,0]", 0.0),
        ("[2,3]", "[[0,0],[4,0]]", 3.0),
        ("[7,4]", "[[0,0],[4,0]]", 5.0),
        ("[[0,0],[4,0]]", "[[0,2],[4,1]]", 1.0),
        ("[[0,0],[4,4]]", "[[0,4],[4,0]]", 0.0),
        ("[2,2]", "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]", 0.0),
        ("[6,2]", "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]", 2.0),
        // Inside a hole, the distance is that to the hole's border.
        (
            "[5,5]",
            "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[7,3],[7,7],[3,7],[3,3]]]",
            2.0,
        ),
        ("[[[0,0],[1,0],[1,1],[0,0]]]", "[[[4,5],[9,5],[9,9],[4,5]]]", 5.0),
        ("[[1,1],[1,1]]", "[[[4,5],[4,5],[4,5],[4,5]]]", 5.0),
    ] {
        assert_near(degrees(a, b), expected);
        assert_near(degrees(b, a), expected);
    }
}

#[test]
fn metres_are_those_of_the_great_circle() {
    assert_near(metres("[0,0]", "[1,0]"), DEGREE);
    assert_near(metres("[10,89]", "[-170,89]"), 2.0 * DEGREE);
    assert_near(metres("[179.5,0]", "[-179.5,0]"), DEGREE);
    assert_near(metres("[0,0]", "[180,0]"), 180.0 * DEGREE);
    assert_near(metres("[0,90]", "[120,-90]"), 180.0 * DEGREE);
    assert_near(metres("[3,1]", "[[0,0],[6,0]]"), DEGREE);
    assert_near(metres("[3,1]", "[[[0,0],[6,0],[6,-5],[0,0]]]"), DEGREE);
    assert_eq!(metres("[[0,0],[4,4]]", "[[0,4],[4,0]]"), 0.0);
    // Berlin and Paris: about 878 km.
    let apart = metres("[13.405,52.52]", "[2.3522,48.8566]");
    assert!((877_000.0..878_500.0).contains(&apart), "{apart}");
}

#[test]
fn boxes_cover_all_longitudes_at_poles_and_the_antimeridian() {
    let grown = |json: &str, metres| shape(json).bounds().grown_by(metres, true);

    let small = grown("[10,60]", 1000.0);
    assert!((0.0179..0.0181).contains(&(10.0 - small.x0)), "{small:?}");
    assert!((0.0089..0.0091).contains(&(60.0 - small.y0)), "{small:?}");
    let polar = grown("[10,89.999]", 1000.0);
    assert_eq!((polar.x0, polar.x1, polar.y1), (-180.0, 180.0, 90.0));
    assert!(polar.y0 > 89.0);
    let far_east = grown("[179.999,0]", 1000.0);
    assert_eq!((far_east.x0, far_east.x1), (-180.0, 180.0));
    assert_eq!(grown("[0,0]", 2e7), Bounds::WORLD);
    assert_eq!(grown("[0,0]", f64::INFINITY), Bounds::WORLD);
    assert_eq!(grown("[0,0]", f64::NAN), Bounds::WORLD);
    assert_eq!(shape("[0,0]").bounds().grown_by(f64::NAN, false), Bounds::WORLD);
}

fn pairs() -> impl Strategy<Value = (Shape, Shape)> {
    (any_shape(), any_shape())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_distance_is_a_number_the_same_both_ways_and_zero_where_shapes_meet((a, b) in pairs(), meters: bool) {
        let apart = distance(&a, &b, meters);

        prop_assert!(apart.is_finite() && apart >= 0.0);
        prop_assert_eq!(apart, distance(&b, &a, meters));
        prop_assert!(apart == 0.0 || !Relation::Intersects.holds(&a, &b));
    }

    #[test]
    fn what_is_within_a_distance_lies_in_the_box_grown_by_it((a, b) in pairs(), meters: bool) {
        let apart = distance(&a, &b, meters);

        prop_assert!(a.bounds().grown_by(apart, meters).overlaps(&b.bounds()));
        prop_assert!(b.bounds().grown_by(apart, meters).overlaps(&a.bounds()));
    }

    /// Short and long distances at any latitude: the end point is computed along a great circle.
    #[test]
    fn a_grown_box_holds_the_circle(
        lon in -180.0..=180.0f64,
        lat in -90.0..=90.0f64,
        exponent in 0.0..7.3f64,
        bearing in 0.0..360.0f64,
    ) {
        use geo::{Destination, HaversineMeasure, Point};
        let metres = 10f64.powf(exponent);
        let sphere = HaversineMeasure::new(EARTH_RADIUS);
        let on_circle = sphere.destination(Point::new(lon, lat), bearing, metres);

        let grown = shape(&format!("[{lon},{lat}]")).bounds().grown_by(metres, true);

        let x = (on_circle.x() + 180.0).rem_euclid(360.0) - 180.0;
        prop_assert!(grown.x0 <= x && x <= grown.x1, "{x} {grown:?}");
        prop_assert!(grown.y0 <= on_circle.y() && on_circle.y() <= grown.y1, "{on_circle:?} {grown:?}");
    }
}

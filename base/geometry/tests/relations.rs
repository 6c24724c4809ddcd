//! Spatial relations, for each pair of kinds.

mod support;

use geometry::Relation::{Contains, Crosses, Equal, Intersects, Overlaps, Touches};
use geometry::{Relation, Shape};
use proptest::prelude::*;
use support::{any_shape, shape};

const ALL: [Relation; 6] = [Crosses, Intersects, Overlaps, Touches, Equal, Contains];
const SQUARE: &str = "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]";
const RING_WITH_HOLE: &str = "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[6,3],[6,6],[3,6],[3,3]]]";

/// Stored shape, queried shape, and all relations that hold, according to the masks of the standard.
const CASES: &[(&str, &str, &[Relation])] = &[
    // Point and point.
    ("[1,1]", "[1,1]", &[Intersects, Equal, Contains]),
    ("[1,1]", "[1,2]", &[]),
    // Line and point: inside, at an end, beside.
    ("[[0,0],[4,4]]", "[2,2]", &[Intersects, Contains]),
    ("[[0,0],[4,4]]", "[4,4]", &[Intersects, Touches]),
    ("[[0,0],[4,4]]", "[2,1]", &[]),
    ("[2,2]", "[[0,0],[4,4]]", &[Intersects]),
    // A closed line has no ends.
    ("[[0,0],[4,0],[4,4],[0,0]]", "[0,0]", &[Intersects, Contains]),
    // Polygon and point: inside, on the border, outside, in a hole, on a hole's border.
    (SQUARE, "[2,2]", &[Intersects, Contains]),
    (SQUARE, "[4,2]", &[Intersects, Touches]),
    (SQUARE, "[5,2]", &[]),
    (RING_WITH_HOLE, "[4,4]", &[]),
    (RING_WITH_HOLE, "[3,4]", &[Intersects, Touches]),
    ("[2,2]", SQUARE, &[Intersects]),
    // Line and line: crossing, end to end, end to middle, partly equal, a part of it, the same reversed.
    ("[[0,0],[4,4]]", "[[0,4],[4,0]]", &[Intersects, Crosses]),
    ("[[0,0],[4,4]]", "[[4,4],[8,0]]", &[Intersects, Touches]),
    ("[[0,0],[4,4]]", "[[2,2],[8,0]]", &[Intersects, Touches]),
    ("[[0,0],[4,0]]", "[[2,0],[6,0]]", &[Intersects, Overlaps]),
    ("[[0,0],[4,0]]", "[[1,0],[2,0]]", &[Intersects, Contains]),
    ("[[1,0],[2,0]]", "[[0,0],[4,0]]", &[Intersects]),
    ("[[0,0],[2,0],[4,0]]", "[[4,0],[0,0]]", &[Intersects, Equal, Contains]),
    ("[[0,0],[4,0]]", "[[0,1],[4,1]]", &[]),
    // Polygon and line: through, within, along the border, up to the border, beside.
    (SQUARE, "[[2,2],[8,2]]", &[Intersects, Crosses]),
    (SQUARE, "[[-1,2],[8,2]]", &[Intersects, Crosses]),
    (SQUARE, "[[1,1],[3,3]]", &[Intersects, Contains]),
    (SQUARE, "[[0,0],[4,4]]", &[Intersects, Contains]),
    (SQUARE, "[[0,0],[4,0]]", &[Intersects, Touches]),
    (SQUARE, "[[4,2],[8,2]]", &[Intersects, Touches]),
    (SQUARE, "[[5,5],[6,6]]", &[]),
    (RING_WITH_HOLE, "[[4,4],[5,5]]", &[]),
    ("[[2,2],[8,2]]", SQUARE, &[Intersects, Crosses]),
    ("[[1,1],[3,3]]", SQUARE, &[Intersects]),
    // Polygon and polygon: overlapping, sharing a side, sharing a corner, within, equal with another start, disjoint.
    (SQUARE, "[[[2,2],[6,2],[6,6],[2,6],[2,2]]]", &[Intersects, Overlaps]),
    (SQUARE, "[[[4,0],[8,0],[8,4],[4,4],[4,0]]]", &[Intersects, Touches]),
    (SQUARE, "[[[4,4],[8,4],[8,8],[4,8],[4,4]]]", &[Intersects, Touches]),
    (SQUARE, "[[[1,1],[2,1],[2,2],[1,2],[1,1]]]", &[Intersects, Contains]),
    ("[[[1,1],[2,1],[2,2],[1,2],[1,1]]]", SQUARE, &[Intersects]),
    (
        SQUARE,
        "[[[4,4],[4,0],[0,0],[0,2],[0,4],[4,4]]]",
        &[Intersects, Equal, Contains],
    ),
    (SQUARE, "[[[5,5],[8,5],[8,8],[5,8],[5,5]]]", &[]),
    (
        RING_WITH_HOLE,
        "[[[3,3],[6,3],[6,6],[3,6],[3,3]]]",
        &[Intersects, Touches],
    ),
    (RING_WITH_HOLE, "[[[4,4],[5,4],[5,5],[4,5],[4,4]]]", &[]),
    // Degenerate shapes are reduced to lines or points.
    ("[[1,1],[1,1]]", "[1,1]", &[Intersects, Equal, Contains]),
    ("[[[1,1],[1,1],[1,1],[1,1]]]", "[1,1]", &[Intersects, Equal, Contains]),
    (
        "[[[0,0],[4,4],[2,2],[0,0]]]",
        "[[4,4],[0,0]]",
        &[Intersects, Equal, Contains],
    ),
    (SQUARE, "[[2,2],[2,2]]", &[Intersects, Contains]),
    (
        "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,2],[1,1],[1,1]]]",
        SQUARE,
        &[Intersects, Equal, Contains],
    ),
];

#[test]
fn relations_are_those_of_the_standard() {
    for (stored, given, holding) in CASES {
        for relation in ALL {
            let holds = relation.holds(&shape(stored), &shape(given));
            assert_eq!(holds, holding.contains(&relation), "{stored} {relation:?} {given}");
        }
    }
}

fn pairs() -> impl Strategy<Value = (Shape, Shape)> {
    (any_shape(), any_shape())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_relation_has_an_answer_which_but_for_contains_is_the_same_both_ways((a, b) in pairs()) {
        for relation in ALL {
            let holds = relation.holds(&a, &b);
            let turned = relation.holds(&b, &a);
            prop_assert!(relation == Contains || holds == turned, "{:?}", relation);
        }
    }

    #[test]
    fn no_relation_holds_of_shapes_whose_bounds_are_apart((a, b) in pairs()) {
        for relation in ALL {
            let apart = !a.bounds().overlaps(&b.bounds());
            prop_assert!(!(apart && relation.holds(&a, &b)), "{:?}", relation);
        }
    }

    #[test]
    fn every_shape_equals_itself(shape in any_shape()) {
        for relation in ALL {
            prop_assert_eq!(relation.holds(&shape, &shape), [Intersects, Equal, Contains].contains(&relation));
        }
    }
}

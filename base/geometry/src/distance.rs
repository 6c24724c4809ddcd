//! Distance between two shapes.

use geo::{Distance, Euclidean, Geometry, HaversineMeasure, Intersects, Line, LinesIter, Point};

use crate::Shape;
use crate::relation::collapsed;

/// Radius of the sphere used for distances, in metres: the mean radius of the Earth (GRS 80, R₁). Appwrite's library
/// rounds it to 6 371 000, so that its distances on MariaDB are shorter by 1.4 millionths.
pub const EARTH_RADIUS: f64 = 6_371_008.8;

/// Minimum distance of two shapes, in degrees on the plane or in metres; 0 if they intersect.
///
/// Metres are the great-circle distance of the two points that are nearest to each other on the plane. Between points
/// that is exact on the sphere. With lines and polygons it is accurate up to some kilometres; far from the equator,
/// where a degree of longitude is short, or across the antimeridian, another pair of points may be nearer on the
/// sphere. The result is never too small.
pub fn distance(a: &Shape, b: &Shape, meters: bool) -> f64 {
    let (a, b) = if a.order(b).is_gt() { (b, a) } else { (a, b) };
    let (a, b) = (collapsed(&a.0), collapsed(&b.0));
    if a.intersects(b.as_ref()) {
        return 0.0;
    }
    let (one, other) = nearest(&a, &b);
    if !meters {
        return Euclidean.distance(one, other);
    }
    let metres = HaversineMeasure::new(EARTH_RADIUS).distance(one, other);
    // Near the antipode, rounding can make the argument of the arc sine exceed 1, which gives NaN.
    if metres.is_nan() {
        EARTH_RADIUS * std::f64::consts::PI
    } else {
        metres
    }
}

/// The points of two disjoint shapes that are nearest to each other on the plane.
fn nearest(a: &Geometry<f64>, b: &Geometry<f64>) -> (Point<f64>, Point<f64>) {
    let (a, b) = (segments(a), segments(b));
    let mut best = (Point::default(), Point::default());
    let mut least = f64::INFINITY;
    for one in &a {
        for other in &b {
            if gap(one, other) >= least {
                continue;
            }
            // The shortest distance of segments that do not cross is at an end of one of them.
            for pair in [
                (one.start_point(), nearest_on(other, one.start_point())),
                (one.end_point(), nearest_on(other, one.end_point())),
                (nearest_on(one, other.start_point()), other.start_point()),
                (nearest_on(one, other.end_point()), other.end_point()),
            ] {
                let length = Euclidean.distance(pair.0, pair.1);
                if length < least {
                    (best, least) = (pair, length);
                }
            }
        }
    }
    best
}

/// The segments of a line or of a polygon's rings; a point is a segment of length 0.
fn segments(geometry: &Geometry<f64>) -> Vec<Line<f64>> {
    match geometry {
        Geometry::Point(point) => vec![Line::new(point.0, point.0)],
        Geometry::LineString(line) => line.lines().collect(),
        Geometry::Polygon(polygon) => polygon.lines_iter().collect(),
        // A shape is made of these three.
        _ => Vec::new(),
    }
}

/// A lower bound of the distance of two segments, for quick rejection: the longer side of the gap between their boxes.
fn gap(one: &Line<f64>, other: &Line<f64>) -> f64 {
    let along = |a: f64, b: f64, c: f64, d: f64| (c.min(d) - a.max(b)).max(a.min(b) - c.max(d));
    let x = along(one.start.x, one.end.x, other.start.x, other.end.x);
    let y = along(one.start.y, one.end.y, other.start.y, other.end.y);
    x.max(y)
}

fn nearest_on(line: &Line<f64>, to: Point<f64>) -> Point<f64> {
    let (along, away) = (line.delta(), to.0 - line.start);
    let share = (along.x * away.x + along.y * away.y) / (along.x * along.x + along.y * along.y);
    // NaN if the segment has length 0.
    if share.is_nan() || share <= 0.0 {
        return line.start_point();
    }
    if share >= 1.0 {
        return line.end_point();
    }
    (line.start + along * share).into()
}

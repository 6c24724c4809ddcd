//! Spatial relation of two shapes.

use std::borrow::Cow;

use geo::relate::Relate;
use geo::{Coord, CoordsIter, GeoNum, Geometry, Intersects, Kernel, Line, LineString, Orientation, Polygon};

use crate::Shape;

/// A relation of two shapes on the plane, as defined by the nine-intersection model of OGC Simple Features (06-103r4,
/// 6.1.15) and PostGIS.
///
/// MariaDB differs in two points, according to its source (`sql/item_geofunc.cc`): its `ST_Contains` only requires that
/// no part of the other shape is outside, so that a point on the border counts; and its `ST_Crosses` and `ST_Overlaps`
/// are the same function, true for any two shapes that intersect and of which neither covers the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Two lines intersect in interior points of both; or a line is partly inside and partly outside of a polygon.
    Crosses,
    /// They share a point.
    Intersects,
    /// Both are lines, or both polygons, their intersection has the same dimension, and neither covers the other.
    Overlaps,
    /// They share a point, but no interior point of both. The interior of a line is all but its ends.
    Touches,
    /// They are the same set of points, regardless of their notation.
    Equal,
    /// No point of the queried shape is outside of the stored one, and at least one point is interior to both: a
    /// polygon does not contain a point on its border.
    Contains,
}

impl Relation {
    /// Whether the stored shape is in this relation to the queried one. Only [`Relation::Contains`] is asymmetric.
    pub fn holds(self, stored: &Shape, given: &Shape) -> bool {
        if self.needs_overlapping_bounds() && !stored.bounds().overlaps(&given.bounds()) {
            return false;
        }
        let turn = self != Self::Contains && stored.order(given).is_gt();
        let (one, other) = if turn { (given, stored) } else { (stored, given) };
        let (one, other) = (collapsed(&one.0), collapsed(&other.0));
        if one == other {
            // For a ring that crosses itself the matrix would give another result.
            return matches!(self, Self::Intersects | Self::Equal | Self::Contains);
        }
        if self == Self::Intersects {
            return one.intersects(other.as_ref());
        }
        let matrix = one.relate(other.as_ref());
        match self {
            Self::Crosses => matrix.is_crosses(),
            Self::Intersects => matrix.is_intersects(),
            Self::Overlaps => matrix.is_overlaps(),
            Self::Touches => matrix.is_touches(),
            Self::Equal => matrix.is_equal_topo(),
            Self::Contains => matrix.is_contains(),
        }
    }

    /// Whether it never holds for shapes whose [`Bounds`](crate::Bounds) do not overlap, so that a database can skip
    /// such rows. True for every relation here, and for no negated one.
    pub fn needs_overlapping_bounds(self) -> bool {
        match self {
            Self::Crosses | Self::Intersects | Self::Overlaps | Self::Touches | Self::Equal | Self::Contains => true,
        }
    }
}

/// Reduces degenerate shapes: a ring without an area becomes a line, and a line whose points are all equal becomes a
/// point. The algorithms of `geo` give inconsistent results for degenerate shapes.
pub(crate) fn collapsed(geometry: &Geometry<f64>) -> Cow<'_, Geometry<f64>> {
    match geometry {
        Geometry::LineString(line) => match ends(line) {
            (first, last) if first == last => Cow::Owned(Geometry::Point(first.into())),
            _ => Cow::Borrowed(geometry),
        },
        Geometry::Polygon(polygon) if is_flat(polygon.exterior()) => match ends(polygon.exterior()) {
            (first, last) if first == last => Cow::Owned(Geometry::Point(first.into())),
            (first, last) => Cow::Owned(Geometry::LineString(Line::new(first, last).into())),
        },
        Geometry::Polygon(polygon) if polygon.interiors().iter().any(is_flat) => {
            let holes = polygon.interiors().iter().filter(|hole| !is_flat(hole)).cloned();
            Cow::Owned(Geometry::Polygon(Polygon::new(
                polygon.exterior().clone(),
                holes.collect(),
            )))
        }
        _ => Cow::Borrowed(geometry),
    }
}

/// The first and the last of its points, from west to east and from south to north.
fn ends(line: &LineString<f64>) -> (Coord<f64>, Coord<f64>) {
    let key = |at: &Coord<f64>| (at.x, at.y);
    let start = line.0.first().copied().unwrap_or_default();
    line.coords_iter().fold((start, start), |(first, last), at| {
        (
            if key(&at) < key(&first) { at } else { first },
            if key(&at) > key(&last) { at } else { last },
        )
    })
}

/// Whether all its points are collinear.
fn is_flat(ring: &LineString<f64>) -> bool {
    let (first, last) = ends(ring);
    ring.coords_iter()
        .all(|at| <f64 as GeoNum>::Ker::orient2d(first, last, at) == Orientation::Collinear)
}

//! Spatial relation of two shapes.

use std::borrow::Cow;

use geo::relate::Relate;
use geo::{Coord, CoordsIter, GeoNum, Geometry, Intersects, Kernel, Line, LineString, Orientation, Polygon};

use crate::Shape;

/// A relation of two shapes on the plane, in the terms of the nine-intersection model that the OGC's Simple Features
/// (06-103r4, 6.1.15) and PostGIS define them in.
///
/// MariaDB differs in two, by its source (`sql/item_geofunc.cc`): its `ST_Contains` asks only that nothing of the other shape
/// is left over, so that a border counts; and its `ST_Crosses` and `ST_Overlaps` are one function, true of any two shapes
/// that meet and of which neither covers the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Two lines meet in points within both; or a line has a part inside and a part outside of a polygon.
    Crosses,
    /// They share a point.
    Intersects,
    /// Both are lines, or both polygons, they share a part of their own dimension, and each has a part of its own.
    Overlaps,
    /// They share a point, but none that is inside of both. The inside of a line is all but its ends.
    Touches,
    /// They are the same set of points, however it is written.
    Equal,
    /// No point of the asked shape is outside of the stored one, and one is inside of both: a polygon does not contain a
    /// point on its border.
    Contains,
}

impl Relation {
    /// Whether the stored shape is in this relation to the asked one. Only [`Relation::Contains`] minds which is which.
    pub fn holds(self, stored: &Shape, asked: &Shape) -> bool {
        if self.needs_overlapping_bounds() && !stored.bounds().overlaps(&asked.bounds()) {
            return false;
        }
        let turn = self != Self::Contains && stored.order(asked).is_gt();
        let (one, other) = if turn { (asked, stored) } else { (stored, asked) };
        let (one, other) = (collapsed(&one.0), collapsed(&other.0));
        if one == other {
            // Of a ring that crosses itself the matrix would say otherwise.
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

    /// Whether it never holds of shapes whose [`Bounds`](crate::Bounds) do not overlap, so that a database may leave such
    /// rows out. This is so of every relation that there is, and of the negation of none.
    pub fn needs_overlapping_bounds(self) -> bool {
        match self {
            Self::Crosses | Self::Intersects | Self::Overlaps | Self::Touches | Self::Equal | Self::Contains => true,
        }
    }
}

/// What a shape really covers: a ring without an area is the line that it runs to and fro, and a line of one point is that
/// point. The algorithms of `geo` take a shape at its word, and contradict themselves on these.
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

/// Whether all its points lie on one straight line.
fn is_flat(ring: &LineString<f64>) -> bool {
    let (first, last) = ends(ring);
    ring.coords_iter()
        .all(|at| <f64 as GeoNum>::Ker::orient2d(first, last, at) == Orientation::Collinear)
}

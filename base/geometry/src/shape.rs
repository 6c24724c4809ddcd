//! Shapes and their validation errors.

use std::cmp::Ordering;

use geo::{CoordsIter, Geometry};
use serde_json::Value;

use crate::{Bounds, coordinates};

/// Type of a spatial column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `[x, y]`
    Point,
    /// `[[x, y], …]`, two points or more.
    Line,
    /// `[[[x, y], …], …]`: the outline, then its holes.
    Polygon,
}

/// Why coordinates are not a valid shape. The messages are returned to the client.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Error {
    /// Neither a list of numbers, nor of points, nor of rings.
    #[error("Coordinates must be a point [x, y], a list of points, or a list of rings")]
    Unknown,
    /// Not two numbers.
    #[error("A point must be an array of two numbers [x, y]")]
    NotAPoint,
    /// An x outside of -180 to 180.
    #[error("Longitude (x) must be between -180 and 180, got {0}")]
    Longitude(f64),
    /// A y outside of -90 to 90.
    #[error("Latitude (y) must be between -90 and 90, got {0}")]
    Latitude(f64),
    /// Not a list of points, or fewer than two.
    #[error("A line must be an array of at least two points")]
    NotALine,
    /// Not a list of rings, or an empty one.
    #[error("A polygon must be an array of at least one ring")]
    NotAPolygon,
    /// Not a list of points, or fewer than four.
    #[error("A ring must be an array of at least four points")]
    NotARing,
    /// A ring whose last point differs from its first.
    #[error("A ring must end with the point that it begins with")]
    OpenRing,
}

/// A point, a line or a polygon: finite coordinates in degrees, within the world.
///
/// Rings are closed; nothing else is guaranteed: a ring may cross itself, and all points of a line may be equal.
/// Operations on such shapes return a result, which may not be meaningful.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(pub(crate) Geometry<f64>);

impl Shape {
    /// Parses the coordinates of a shape of this kind.
    ///
    /// A polygon may be given as a bare ring, `[[x, y], …]`. Numbers below 1e-30 count as zero.
    ///
    /// Fails if the coordinates are of another kind, out of range, too few, or form an open ring.
    pub fn parse(kind: Kind, json: &Value) -> Result<Self, Error> {
        coordinates::read(kind, json).map(Self)
    }

    /// Parses coordinates of any kind, as in queries: the kind follows from the nesting depth. A bare ring is read as a
    /// line; use [`Shape::parse`] if the kind is known.
    ///
    /// Fails like [`Shape::parse`].
    pub fn any(json: &Value) -> Result<Self, Error> {
        Self::parse(coordinates::kind(json)?, json)
    }

    /// Type of the shape.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Geometry::Point(_) => Kind::Point,
            Geometry::Polygon(_) => Kind::Polygon,
            _ => Kind::Line,
        }
    }

    /// Its coordinates as JSON, such as `[1,2.5]`; [`Shape::parse`] returns an equal shape for it.
    ///
    /// A polygon is always written as a list of rings; integers are written as `1`, not `1.0`, and `-0` as `0`.
    pub fn to_json(&self) -> String {
        coordinates::write(&self.0)
    }

    /// The bounding box.
    pub fn bounds(&self) -> Bounds {
        Bounds::of(&self.0)
    }

    /// An arbitrary but stable order. Symmetric operations sort their arguments by it, so that rounding does not depend
    /// on the order of the arguments.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.kind()
            .cmp(&other.kind())
            .then_with(|| self.numbers().partial_cmp(other.numbers()).unwrap_or(Ordering::Equal))
            .then_with(|| self.ring_lengths().cmp(&other.ring_lengths()))
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.0.coords_iter().flat_map(|at| [at.x, at.y])
    }

    fn ring_lengths(&self) -> Vec<usize> {
        match &self.0 {
            Geometry::Polygon(polygon) => polygon.interiors().iter().map(|ring| ring.0.len()).collect(),
            _ => Vec::new(),
        }
    }
}

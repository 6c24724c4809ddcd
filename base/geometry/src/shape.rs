//! A shape, and the rules that make it one.

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

/// Why coordinates are no shape. The sentences are for the person who sent them.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Error {
    /// Neither a list of numbers, nor of points, nor of rings.
    #[error("Coordinates must be a point [x, y], a list of points, or a list of rings")]
    Unknown,
    /// Not two numbers.
    #[error("A point must be an array of two numbers [x, y]")]
    NotAPoint,
    /// An x beyond the antimeridian.
    #[error("Longitude (x) must be between -180 and 180, got {0}")]
    Longitude(f64),
    /// A y beyond a pole.
    #[error("Latitude (y) must be between -90 and 90, got {0}")]
    Latitude(f64),
    /// Not a list of points, or of one.
    #[error("A line must be an array of at least two points")]
    NotALine,
    /// Not a list of rings, or of none.
    #[error("A polygon must be an array of at least one ring")]
    NotAPolygon,
    /// Not a list of points, or of fewer than a triangle needs.
    #[error("A ring must be an array of at least four points")]
    NotARing,
    /// A ring that does not end where it began.
    #[error("A ring must end with the point that it begins with")]
    OpenRing,
}

/// A point, a line or a polygon: finite coordinates in degrees, within the world.
///
/// Its rings are closed, and nothing else is promised: a ring may cross itself, and a line may be of one point again and
/// again. Whatever is asked of such a shape has an answer, if not always a meaningful one.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape(pub(crate) Geometry<f64>);

impl Shape {
    /// Reads the coordinates of a shape of this kind.
    ///
    /// A polygon may be given as a bare ring, `[[x, y], …]`. Numbers below 1e-30 count as zero.
    ///
    /// Fails where the coordinates are of another kind, out of the world, too few, or those of an open ring.
    pub fn parse(kind: Kind, json: &Value) -> Result<Self, Error> {
        coordinates::read(kind, json).map(Self)
    }

    /// Reads coordinates of any kind, as queries have them: how deep they are nested says which. A bare ring is a line
    /// here; [`Shape::parse`] knows better where the kind is known.
    ///
    /// Fails as [`Shape::parse`] does.
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

    /// Its coordinates as JSON, from which [`Shape::parse`] makes this very shape again: `[1,2.5]`.
    ///
    /// A polygon is always a list of rings; there is no `1.0` and no `-0`.
    pub fn to_json(&self) -> String {
        coordinates::write(&self.0)
    }

    /// The smallest box that holds it.
    pub fn bounds(&self) -> Bounds {
        Bounds::of(&self.0)
    }

    /// Any order that is the same at every call. What is symmetric asks in this order, so that not even a rounding
    /// depends on which shape was named first.
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

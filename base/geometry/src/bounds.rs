//! Bounding boxes of shapes, which a database can compare and index.

use geo::{CoordsIter, Geometry};

use crate::EARTH_RADIUS;

/// A bounding box in degrees, including its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// West.
    pub x0: f64,
    /// South.
    pub y0: f64,
    /// East, never less than `x0`.
    pub x1: f64,
    /// North, never less than `y0`.
    pub y1: f64,
}

/// Margin added to a bounding box, in degrees: a tenth of a metre, far above the error of sine and cosine.
const MARGIN: f64 = 1e-6;

impl Bounds {
    /// The box of the whole world.
    pub const WORLD: Self = Self {
        x0: -180.0,
        y0: -90.0,
        x1: 180.0,
        y1: 90.0,
    };

    const NOWHERE: Self = Self {
        x0: f64::INFINITY,
        y0: f64::INFINITY,
        x1: f64::NEG_INFINITY,
        y1: f64::NEG_INFINITY,
    };

    pub(crate) fn of(geometry: &Geometry<f64>) -> Self {
        // All coordinates count, since a hole may lie outside of its polygon: that is not checked.
        geometry.coords_iter().fold(Self::NOWHERE, |bounds, at| Self {
            x0: bounds.x0.min(at.x),
            y0: bounds.y0.min(at.y),
            x1: bounds.x1.max(at.x),
            y1: bounds.y1.max(at.y),
        })
    }

    /// Whether they share a point, including edges and corners.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x0 <= other.x1 && other.x0 <= self.x1 && self.y0 <= other.y1 && other.y0 <= self.y1
    }

    /// A box that contains every point within this [`distance`](crate::distance()) of this box, in metres or degrees.
    /// The bounds of every shape within the distance therefore overlap it.
    ///
    /// In metres it spans all longitudes if it reaches a pole or the antimeridian. NaN gives the whole world; a
    /// negative distance counts as zero.
    #[must_use]
    pub fn grown_by(&self, distance: f64, meters: bool) -> Self {
        if distance.is_nan() {
            return Self::WORLD;
        }
        let distance = distance.max(0.0);
        let grown = if meters {
            self.grown_on_the_sphere(distance / EARTH_RADIUS)
        } else {
            self.widened(distance, distance)
        };
        grown.within_the_world()
    }

    /// `angle` is in radians.
    ///
    /// The circle of that radius around a point at the latitude φ spans asin(sin(angle) / cos φ) to each side (J. P.
    /// Matuschek, "Finding points within a distance of a latitude/longitude using bounding coordinates"); the span is
    /// largest at the box's point that is nearest to a pole.
    fn grown_on_the_sphere(&self, angle: f64) -> Self {
        let up = angle.to_degrees();
        let latitude = self.y0.abs().max(self.y1.abs());
        let around = Self {
            x0: Self::WORLD.x0,
            x1: Self::WORLD.x1,
            ..self.widened(0.0, up)
        };
        if latitude + up + MARGIN >= Self::WORLD.y1 {
            return around;
        }
        let sideways = (angle.sin() / latitude.to_radians().cos()).min(1.0).asin().to_degrees();
        let grown = self.widened(sideways, up);
        if grown.x0 <= Self::WORLD.x0 || grown.x1 >= Self::WORLD.x1 {
            return around;
        }
        grown
    }

    fn widened(&self, x: f64, y: f64) -> Self {
        Self {
            x0: self.x0 - x - MARGIN,
            y0: self.y0 - y - MARGIN,
            x1: self.x1 + x + MARGIN,
            y1: self.y1 + y + MARGIN,
        }
    }

    fn within_the_world(&self) -> Self {
        Self {
            x0: self.x0.max(Self::WORLD.x0),
            y0: self.y0.max(Self::WORLD.y0),
            x1: self.x1.min(Self::WORLD.x1),
            y1: self.y1.min(Self::WORLD.y1),
        }
    }
}

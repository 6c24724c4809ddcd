//! Shapes of spatial columns, and their relations and distances.
//!
//! A [`Shape`] is a point, a line or a polygon in degrees, x east and y north, on a plane: a line from 179 to -179 goes
//! the long way round. [`Relation`] tests the spatial relation of two shapes, [`distance()`] computes their distance,
//! and [`Bounds`] is the bounding box that a database compares before either.
//!
//! Not here: spatial columns, and the query language (`kernel::query`).

mod bounds;
mod coordinates;
mod distance;
mod relation;
mod shape;

pub use bounds::Bounds;
pub use distance::{EARTH_RADIUS, distance};
pub use relation::Relation;
pub use shape::{Error, Kind, Shape};

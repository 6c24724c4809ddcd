//! The shapes of spatial columns, and what may be asked of them.
//!
//! A [`Shape`] is a point, a line or a polygon in degrees, x east and y north, on a plane: a line from 179 to -179 goes
//! the long way round. [`Relation`] says how two shapes lie to each other, [`distance()`] how far apart they are, and
//! [`Bounds`] is the box that a database compares before it asks either.
//!
//! Not here: which column holds what, and the queries that ask (`kernel::query`).

mod bounds;
mod coordinates;
mod distance;
mod relation;
mod shape;

pub use bounds::Bounds;
pub use distance::{EARTH_RADIUS, distance};
pub use relation::Relation;
pub use shape::{Error, Kind, Shape};

//! Random test cases.

mod changes;
mod invalidate;
mod queries;
mod schema;
mod story;
mod texts;
mod values;
mod world;

use changes::change;
use queries::case;
pub(crate) use story::story;
use values::value;
use world::world;

//! Random test cases.

mod deeds;
mod queries;
mod schema;
mod spoil;
mod story;
mod texts;
mod values;
mod world;

use deeds::deed;
use queries::case;
pub(crate) use story::story;
use values::value;
use world::world;

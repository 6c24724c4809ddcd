//! Values that the whole house speaks of: ids, instants, faults, roles, scopes, queries, events. No I/O.

pub mod clock;
pub mod event;
pub mod fault;
pub mod id;
pub mod query;

pub use clock::{Clock, Timestamp};
pub use event::Event;
pub use fault::{Fault, Kind};
#[doc(hidden)]
pub use serde;

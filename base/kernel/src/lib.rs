//! Value types used by all crates: ids, timestamps, faults, parameters, scopes. No I/O.

pub mod any_case;
mod blank;
mod choice;
pub mod clock;
pub mod contact;
pub mod event;
pub mod fault;
pub mod id;
pub mod json_list;
pub mod label;
pub mod markup;
pub mod param;
pub mod permission;
pub mod query;
pub mod range;
pub mod scope;

pub use any_case::AnyCase;
pub use blank::OrBlank;
pub use choice::Choice;
pub use clock::{BadInstant, Clock, Timestamp};
pub use contact::{Email, Phone};
pub use event::{Event, Pattern, Payload};
pub use fault::{Fault, Kind};
pub use label::Label;
pub use range::Range;
pub use scope::{Scope, Scopes};
#[doc(hidden)]
pub use {serde, serde_json};

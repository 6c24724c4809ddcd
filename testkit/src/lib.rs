//! For tests: a real server on a free port, people to act as, replies to assert on.
//!
//! A test speaks HTTP and says what a client would see. The clock stands still until the test moves it, and passwords are
//! hashed cheaply. With `FERRITE_TEST_DATABASE` set to a `postgres://` address, every server runs on PostgreSQL, in schemas
//! of its own.

mod actor;
mod messages;
mod reply;
mod server;
pub mod toy;
mod vocabulary;

pub use actor::Actor;
pub use messages::{code_of, link_of};
pub use reply::Reply;
pub use reqwest::Method;
pub use serde_json::{Value, json};
pub use server::{Options, PASSWORD, Server, until};
pub use vocabulary::Vocabulary;

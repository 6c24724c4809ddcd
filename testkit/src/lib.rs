//! Test support: a real server on a free port, HTTP clients acting as users, and replies with assertions.
//!
//! Tests send HTTP requests and check the replies. The clock advances only when the test does so, and passwords are
//! hashed with minimal cost. With `FERRITE_TEST_DATABASE` set to a `postgres://` URL, every server runs on PostgreSQL,
//! in separate schemas.

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
pub use server::{Options, PASSWORD, Server, wait_for};
pub use vocabulary::Vocabulary;

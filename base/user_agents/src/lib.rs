//! What a session and a log entry say about the client that signed in: its system, program and device from the user
//! agent, and its country from the address.
//!
//! The words are those that Appwrite's clients know, which are Matomo's: `CH` for Chrome, `WIN` for Windows, `smartphone`.
//! All of it is for people to recognise their own sessions by. A client writes its user agent as it likes, so nothing is
//! ever decided by it.

mod agent;
mod cache;
mod codes;
mod countries;
mod rules;

pub use agent::Agent;
pub use countries::{Countries, Error};
